//! Keystone and Nova by a list of answers; every request is kept as it came.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use cloud::Budget;
use cloud::openstack::{OpenStack, Settings, UserStop, Who};
use cloud::secret::SecretSource;
use domain::id::{ClusterName, NodeName, NodeUid};
use domain::target::Target;
use engine::ports::Clock;
use jiff::Timestamp;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// The machine of [`SERVER`].
pub const ID: &str = "e1607007-1345-4ac9-b7b7-6c4c370953a7";

/// As Nova 34 showed it at microversion 2.90, without links.
pub const SERVER: &str = r#"{"server": {"accessIPv4": "", "accessIPv6": "", "addresses": {"private": [{"version": 4, "addr": "192.168.1.11", "OS-EXT-IPS:type": "fixed", "OS-EXT-IPS-MAC:mac_addr": "00:0c:29:0d:11:74"}]}, "created": "2026-11-22T20:10:53Z", "flavor": {"vcpus": 1, "ram": 512, "disk": 1, "ephemeral": 0, "swap": 0, "original_name": "m1.tiny", "extra_specs": {}}, "hostId": "15693362e5e4554d72fbb153796bfda56c1a0f331161e202e1868382", "id": "e1607007-1345-4ac9-b7b7-6c4c370953a7", "metadata": {}, "name": "node-1", "status": "ACTIVE", "tenant_id": "f94c38e167aa40039d37977beea3027e", "user_id": "814000da04eb4d17ae51de29b311a16e", "updated": "2026-11-22T20:10:55Z", "OS-DCF:diskConfig": "MANUAL", "progress": 0, "OS-EXT-AZ:availability_zone": "nova", "config_drive": "", "key_name": null, "OS-SRV-USG:launched_at": "2026-11-22T20:10:55.613330", "OS-SRV-USG:terminated_at": null, "security_groups": [{"name": "default"}], "OS-EXT-STS:task_state": null, "OS-EXT-STS:vm_state": "active", "OS-EXT-STS:power_state": 1, "os-extended-volumes:volumes_attached": [], "locked": false, "description": null, "tags": [], "trusted_image_certificates": null, "server_groups": [], "locked_reason": null, "OS-EXT-SRV-ATTR:hostname": "node-1"}}"#;

/// As Keystone 30 answered, with one compute endpoint; `{base}` is this stand-in.
pub const TOKEN: &str = r#"{"token": {"methods": ["password"], "expires_at": "2026-11-22T21:10:49.000000Z", "issued_at": "2026-11-22T20:10:49.000000Z", "is_domain": false, "roles": [{"id": "8cc97da6579549948e9a934ed29867fa", "name": "reader"}, {"id": "034f3e299dd1496f9898f2da187f5b78", "name": "member"}], "catalog": [{"endpoints": [], "type": "identity", "name": "keystone"}, {"endpoints": [{"interface": "public", "region_id": "RegionOne", "region": "RegionOne", "url": "{base}/v2.1"}], "type": "compute", "name": "nova"}]}}"#;

/// A call, and the status, headers and body it is answered with; used once, the last one for a call for ever.
pub type Scripted<'a> = (&'a str, u16, &'a [(&'a str, &'a str)], &'a str);

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub call: String,
    pub query: String,
    pub token: String,
    pub version: String,
    pub body: Value,
}

impl Seen {
    pub fn password(&self) -> String {
        self.body["auth"]["identity"]["password"]["user"]["password"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

pub struct StandIn {
    pub cloud: OpenStack,
    pub folder: TempDir,
    desk: Arc<Desk>,
}

struct Desk {
    base: String,
    answers: Mutex<Vec<Entry>>,
    seen: Mutex<Vec<Seen>>,
}

#[derive(Clone)]
struct Entry {
    call: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

pub struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl StandIn {
    pub async fn new(answers: &[Scripted<'_>]) -> Self {
        Self::with(answers, |_| {}).await
    }

    pub async fn with(answers: &[Scripted<'_>], change: impl Fn(&mut Settings)) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut entries: Vec<Entry> = answers.iter().map(entry).collect();
        entries.push(entry(&(
            "POST /v3/auth/tokens",
            201,
            &[("x-subject-token", "tok-1")],
            TOKEN,
        )));
        let seen = Mutex::default();
        let desk = Arc::new(Desk {
            base: base.clone(),
            answers: Mutex::new(entries),
            seen,
        });
        let router = Router::new().fallback(answer).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self::client(desk, &base, change)
    }

    /// A cloud where nobody listens.
    pub async fn nowhere() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::new(Desk {
            base: base.clone(),
            answers: Mutex::default(),
            seen: Mutex::default(),
        });
        Self::client(desk, &base, |_| {})
    }

    fn client(desk: Arc<Desk>, base: &str, change: impl Fn(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let password = folder.path().join("password");
        std::fs::write(&password, "first\n").unwrap();
        let mut settings = settings(base, SecretSource::File(password));
        change(&mut settings);
        let cloud = OpenStack::new(settings, Arc::new(Wall)).unwrap();
        Self {
            cloud,
            folder,
            desk,
        }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.desk.seen.lock().unwrap().clone()
    }

    pub fn count(&self, call: &str) -> usize {
        self.seen().iter().filter(|one| one.call == call).count()
    }
}

pub fn settings(base: &str, password: SecretSource) -> Settings {
    Settings {
        name: "stand-in".into(),
        auth_url: format!("{base}/v3"),
        who: Who::User {
            name: "uncordon".into(),
            password,
            domain: "Default".into(),
            project: "prod".into(),
            project_domain: "Default".into(),
        },
        region: None,
        interface: None,
        ca: None,
        user_stop: UserStop::Offer,
        budget: Budget::default(),
    }
}

pub fn by_id() -> Target {
    Target {
        provider_id: Some(format!("openstack:///{ID}")),
        ..by_address()
    }
}

pub fn by_address() -> Target {
    Target {
        cluster: ClusterName::parse("prod").unwrap(),
        node: NodeName::parse("node-12").unwrap(),
        uid: NodeUid::parse("u").unwrap(),
        provider_id: None,
        ip: Some("192.168.1.11".into()),
    }
}

/// A machine in a list.
pub fn server(id: &str, address: &str) -> String {
    format!(
        r#"{{"id": "{id}", "status": "ACTIVE", "addresses": {{"private": [{{"addr": "{address}"}}]}}}}"#
    )
}

fn entry((call, status, headers, body): &Scripted<'_>) -> Entry {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Entry {
        call: (*call).to_owned(),
        status: *status,
        headers,
        body: (*body).to_owned(),
    }
}

async fn answer(
    State(desk): State<Arc<Desk>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| {
        headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
            .to_owned()
    };
    let call = format!("{method} {}", uri.path());
    let seen = Seen {
        call: call.clone(),
        query: uri.query().unwrap_or_default().to_owned(),
        token: header("x-auth-token"),
        version: header("openstack-api-version"),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    desk.seen.lock().unwrap().push(seen);
    let mut answers = desk.answers.lock().unwrap();
    let fits: Vec<usize> = (0..answers.len())
        .filter(|at| answers[*at].call == call)
        .collect();
    // The built-in sign-in stands last and must not be the "next" one of a scripted sign-in.
    let more = fits.iter().filter(|at| **at + 1 < answers.len()).count() > 1;
    let Some(entry) = fits.first().map(|at| {
        if more {
            answers.remove(*at)
        } else {
            answers[*at].clone()
        }
    }) else {
        return Response::builder()
            .status(418)
            .body(Body::from(format!("nothing is scripted for {call}")))
            .unwrap();
    };
    let mut response = Response::builder().status(entry.status);
    for (name, value) in &entry.headers {
        response = response.header(name, value);
    }
    response
        .body(Body::from(entry.body.replace("{base}", &desk.base)))
        .unwrap()
}
