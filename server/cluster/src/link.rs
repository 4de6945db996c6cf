//! The clients in use, and how they are renewed: when a file they were made from changes, and when they are no longer let in.

use crate::connect::{Clients, ConnectError, Settings};
use kube::Client;
use kube::client::{Body, ClientBuilder};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tower::BoxError;

/// The shortest time between two renewals: a plugin is not run again and again because its tokens are refused.
const PAUSE: Duration = Duration::from_secs(5);

/// The way to one cluster.
pub struct Link {
    settings: Settings,
    current: RwLock<Arc<Made>>,
    /// Held while clients are made; when that last began.
    making: tokio::sync::Mutex<Option<Instant>>,
}

/// Clients, and what they were made from.
struct Made {
    clients: Clients,
    /// Counts up with every renewal.
    generation: u64,
    /// Content of the files they were made from.
    content: u64,
    /// Whether they are only a reason why there are none.
    broken: bool,
}

/// A client, and which one it is.
pub struct Lease {
    /// To be used for one call or one watch.
    pub client: Client,
    generation: u64,
}

/// What came of a renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// There are other clients than those that were used.
    Renewed,
    /// They are the same.
    Same,
}

impl Link {
    /// Builds the clients once.
    pub async fn open(settings: Settings) -> Result<Self, ConnectError> {
        let clients = settings.clients().await?;
        Ok(Self::with(settings, clients))
    }

    /// Over clients that were made already.
    pub fn with(settings: Settings, clients: Clients) -> Self {
        Self::made(settings, clients, false)
    }

    /// Settings that cannot be used now may be usable later: until then every call says what is wrong with them.
    pub fn closed(settings: Settings, error: &ConnectError) -> Self {
        let clients = refusing(&settings, error);
        Self::made(settings, clients, true)
    }

    fn made(settings: Settings, clients: Clients, broken: bool) -> Self {
        let made = Made {
            content: content(&clients.files),
            clients,
            generation: 0,
            broken,
        };
        Self {
            settings,
            current: RwLock::new(Arc::new(made)),
            making: tokio::sync::Mutex::new(None),
        }
    }

    fn current(&self) -> Arc<Made> {
        let current = self.current.read();
        Arc::clone(&current.unwrap_or_else(PoisonError::into_inner))
    }

    /// For fresh reads and patches.
    pub fn acting(&self) -> Client {
        self.current().clients.acting.clone()
    }

    /// The same, for whoever can ask for a renewal afterwards.
    pub fn lease(&self) -> Lease {
        let made = self.current();
        Lease {
            client: made.clients.acting.clone(),
            generation: made.generation,
        }
    }

    /// For lists and watches.
    pub fn watching(&self) -> Lease {
        let made = self.current();
        Lease {
            client: made.clients.watching.clone(),
            generation: made.generation,
        }
    }

    /// Takes over files that were rewritten: a token that rotates, a new kubeconfig, a new certificate. Call it now and then.
    pub async fn refresh(&self) {
        let made = self.current();
        if made.broken || content(&made.clients.files) != made.content {
            self.make(made.generation).await;
        }
    }

    /// After a call that was not let in: other clients if there may be any, at most once in a while.
    pub async fn renew(&self, used: &Lease) -> Renewal {
        let made = self.current();
        if made.generation != used.generation {
            return Renewal::Renewed;
        }
        let stale = made.clients.plugin || content(&made.clients.files) != made.content;
        if !stale && !made.broken {
            return Renewal::Same;
        }
        self.make(used.generation).await
    }

    async fn make(&self, instead_of: u64) -> Renewal {
        let mut last = self.making.lock().await;
        if self.current().generation != instead_of {
            return Renewal::Renewed;
        }
        if last.is_some_and(|last| last.elapsed() < PAUSE) {
            return Renewal::Same;
        }
        *last = Some(Instant::now());
        let (clients, broken) = match self.settings.clients().await {
            Ok(clients) => (clients, false),
            // What worked may still work.
            Err(error) if !self.current().broken => {
                tracing::warn!(cluster = %self.settings.name, "Renewed credentials cannot be used; keeping the old ones: {}", error.whole());
                return Renewal::Same;
            }
            Err(error) => (refusing(&self.settings, &error), true),
        };
        let made = Made {
            content: content(&clients.files),
            clients,
            generation: instead_of + 1,
            broken,
        };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(made);
        if broken {
            Renewal::Same
        } else {
            Renewal::Renewed
        }
    }
}

/// Clients that send nothing and answer with what is wrong.
fn refusing(settings: &Settings, error: &ConnectError) -> Clients {
    let why = error.whole();
    let client = || {
        let why = why.clone();
        let refuse = move |_: http::Request<Body>| {
            let why = Unusable(why.clone());
            async move { Err::<http::Response<Body>, BoxError>(Box::new(why)) }
        };
        ClientBuilder::new(tower::service_fn(refuse), "default").build()
    };
    Clients {
        acting: client(),
        watching: client(),
        server: settings.from(),
        proxy: None,
        files: Vec::new(),
        plugin: false,
    }
}

/// Why nothing is sent at all.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub String);

/// What is in these files, as a number: nothing secret is kept only to be compared.
fn content(files: &[PathBuf]) -> u64 {
    let mut hash = DefaultHasher::new();
    for path in files {
        std::fs::read(path).ok().hash(&mut hash);
    }
    hash.finish()
}
