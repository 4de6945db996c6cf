//! From settings to clients: what is wrong with them is said here, not at the first call.

mod account;
mod error;
mod line;

pub use account::Pod;
pub use error::ConnectError;

use account::Account;
use domain::id::ClusterName;
use jiff::Timestamp;
use kube::Client;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How long a plugin that hands out credentials may take, in wall time.
const PLUGIN: Duration = Duration::from_secs(20);

/// Where a cluster is found, and as whom.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name people use.
    pub name: ClusterName,
    /// A kubeconfig file.
    pub kubeconfig: Option<PathBuf>,
    /// A kubeconfig itself; wins over the file.
    pub kubeconfig_text: Option<String>,
    /// Context to use; without one, the kubeconfig's current context.
    pub context: Option<String>,
    /// Use the service account of this pod.
    pub pod: Option<Pod>,
    /// Proxy on the way there, instead of the kubeconfig's.
    pub proxy_url: Option<String>,
    /// File with the certificate authority of its API server, instead of the kubeconfig's.
    pub ca_file: Option<PathBuf>,
    /// File with a bearer token, instead of the kubeconfig's user.
    pub token_file: Option<PathBuf>,
    /// When an earlier process last had a live view of it.
    pub seen_before: Option<Timestamp>,
    /// The label of a node that names its physical host.
    pub host_label: String,
}

impl fmt::Debug for Settings {
    /// Leaves the kubeconfig's text out: it holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("kubeconfig", &self.kubeconfig)
            .field("context", &self.context)
            .field("pod", &self.pod)
            .finish_non_exhaustive()
    }
}

/// The way to one API server: acting and watching never wait for each other's connections.
#[derive(Clone)]
pub struct Clients {
    /// Fresh reads, probes and patches.
    pub acting: Client,
    /// Lists and watches.
    pub watching: Client,
    /// Where they lead.
    pub server: String,
    /// Through which proxy.
    pub proxy: Option<String>,
    /// Files they were made from: whoever changes one means us to go on with what is in it now.
    pub files: Vec<PathBuf>,
    /// Whether a plugin hands out the credentials: then a refused call is a reason to ask it again.
    pub plugin: bool,
}

impl Settings {
    /// A cluster of this name, and nothing said yet about where it is.
    pub fn of(name: ClusterName) -> Self {
        Self {
            name,
            kubeconfig: None,
            kubeconfig_text: None,
            context: None,
            pod: None,
            proxy_url: None,
            ca_file: None,
            token_file: None,
            seen_before: None,
            host_label: crate::HOST_LABEL.to_owned(),
        }
    }

    /// Builds the clients; sends nothing, but runs the plugin that hands out credentials, if there is one.
    pub async fn clients(&self) -> Result<Clients, ConnectError> {
        // Two crypto providers may be linked in; rustls then wants one named. Whoever came first is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let account = Account::of(self).await?;
        let (name, from) = (self.name.clone(), self.from());
        // kube runs a plugin where it stands, and waits for it as long as it takes.
        let built = tokio::task::spawn_blocking(move || account.clients());
        let silent = || ConnectError::Plugin {
            cluster: self.name.clone(),
            from: self.from(),
            why: format!("it did not answer within {} s", PLUGIN.as_secs()),
        };
        match tokio::time::timeout(PLUGIN, built).await {
            Ok(Ok(built)) => built.map_err(|error| ConnectError::built(name, from, error)),
            Ok(Err(_)) | Err(_) => Err(silent()),
        }
    }

    /// Where its credentials come from, for people.
    pub fn from(&self) -> String {
        match (&self.kubeconfig_text, &self.kubeconfig) {
            (Some(_), _) => "the kubeconfig text".to_owned(),
            (None, Some(path)) => format!("kubeconfig {}", path.display()),
            (None, None) => "the pod's service account".to_owned(),
        }
    }
}
