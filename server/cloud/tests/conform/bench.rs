//! A cloud adapter with a service behind it whose machine and answers a test can set.

use crate::relay::{Fate, Relay, Request};
use cloud::Adapter;
use domain::id::{ClusterName, NodeName, NodeUid};
use domain::target::Target;
use engine::ports::Clock;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// What the machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    Off,
    Starting,
    On,
    Stopping,
    /// There is no such machine.
    Gone,
}

/// What becomes of the next start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Accept,
    /// Too many calls, with this `Retry-After`.
    Throttle(&'static str),
    Capacity,
    Denied,
    NotFound,
    /// Refused because the machine is between two states.
    Conflict,
    /// The service breaks after it had the call.
    Broken,
    HangUp,
    Silence,
}

/// What the service is like.
pub struct Stage {
    pub power: Power,
    pub next: Next,
    /// The only secret it takes.
    pub secret: String,
    /// Every call is refused with all that was sent in the message.
    pub echo: bool,
    /// Reads give nonsense.
    pub nonsense: bool,
    /// Reads are not answered.
    pub silent: bool,
    /// What every call but a sign-in is answered instead, until so many of them were.
    pub instead: Option<(fn() -> Fate, usize)>,
    /// Starts that came.
    pub starts: usize,
}

pub struct Bench {
    pub name: &'static str,
    pub cloud: Arc<dyn Adapter>,
    pub stage: Arc<Mutex<Stage>>,
    pub target: Target,
    /// The machine's id.
    pub machine: String,
    pub relay: Relay,
    secret: PathBuf,
    _folder: TempDir,
}

/// The first secret of every bench.
pub const CANARY: &str = "canary-Zx81-secret";

pub struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What a provider's bench is made of.
pub struct Maker {
    pub name: &'static str,
    pub provider_id: Option<&'static str>,
    pub handler: fn(&Request, &mut Stage, &str) -> Fate,
    /// From the service's address and the file of the secret.
    pub cloud: fn(&str, PathBuf) -> Arc<dyn Adapter>,
    /// The machine's id at that address.
    pub machine: fn(&str) -> String,
}

impl Bench {
    pub async fn new(maker: &Maker) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, CANARY).unwrap();
        let stage = Arc::new(Mutex::new(Stage {
            power: Power::Off,
            next: Next::Accept,
            secret: CANARY.into(),
            echo: false,
            nonsense: false,
            silent: false,
            instead: None,
            starts: 0,
        }));
        let (shared, handler) = (Arc::clone(&stage), maker.handler);
        let relay = Relay::start(None, move |request| {
            let base = format!("http://{}", request.header("host"));
            let mut stage = shared.lock().unwrap();
            if !signs_in(request)
                && let Some((fate, left)) = &mut stage.instead
                && *left > 0
            {
                *left -= 1;
                return fate();
            }
            handler(request, &mut stage, &base)
        })
        .await;
        Self {
            name: maker.name,
            cloud: (maker.cloud)(&relay.url, secret.clone()),
            stage,
            target: target(maker.provider_id),
            machine: (maker.machine)(&relay.url),
            relay,
            secret,
            _folder: folder,
        }
    }

    /// A cloud where nobody listens.
    pub async fn nowhere(maker: &Maker) -> Self {
        let mut bench = Self::new(maker).await;
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", closed.local_addr().unwrap());
        drop(closed);
        bench.cloud = (maker.cloud)(&url, bench.secret.clone());
        bench.machine = (maker.machine)(&url);
        bench
    }

    pub fn set(&self, change: impl FnOnce(&mut Stage)) {
        change(&mut self.stage.lock().unwrap());
    }

    pub fn starts(&self) -> usize {
        self.stage.lock().unwrap().starts
    }

    /// Another secret is put in place, there and here.
    pub fn rotate(&self) {
        std::fs::write(&self.secret, "another-secret-7\n").unwrap();
        self.set(|stage| stage.secret = "another-secret-7".into());
    }
}

/// Whether a call only says who we are.
pub fn signs_in(request: &Request) -> bool {
    let call = request.call.as_str();
    call == "GET /redfish/v1/" || call.ends_with("/Sessions") || call.ends_with("/auth/tokens")
}

pub fn target(provider_id: Option<&str>) -> Target {
    Target {
        cluster: ClusterName::parse("prod").unwrap(),
        node: NodeName::parse("node-12").unwrap(),
        uid: NodeUid::parse("u").unwrap(),
        provider_id: provider_id.map(Into::into),
        ip: Some("127.0.0.1".into()),
    }
}

/// An answer with a `Retry-After`; a date is counted from the service's own.
pub fn throttled(status: u16, after: &str, body: &str) -> Fate {
    let headers = vec![
        (
            "date".to_owned(),
            "Sun, 22 Nov 2026 20:00:00 GMT".to_owned(),
        ),
        ("retry-after".to_owned(), after.to_owned()),
    ];
    Fate::Answer(status, headers, body.to_owned())
}

/// Everything that was sent, as a service that echoes would send it back.
pub fn echo(request: &Request) -> String {
    let headers = request
        .headers
        .iter()
        .map(|(key, value)| format!("{key}: {value}"));
    let headers: Vec<String> = headers.collect();
    format!("{} {} {}", request.call, headers.join(" "), request.body)
}
