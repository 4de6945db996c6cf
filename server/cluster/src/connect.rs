//! From a kubeconfig to clients: what is wrong with it is said here, not at the first call.

use crate::ask::LIMIT;
use domain::id::ClusterName;
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ClientBuilder, ConfigExt};
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use tower::{BoxError, ServiceBuilder};

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
    /// Use the service account of the pod we run in.
    pub in_cluster: bool,
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
            .field("in_cluster", &self.in_cluster)
            .finish_non_exhaustive()
    }
}

/// Why a cluster's settings cannot be used. An API server that does not answer is not among them.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Neither a kubeconfig nor in-cluster.
    #[error(
        "cluster {cluster}: no kubeconfig is given: set `kubeconfig` to a file, or `in_cluster = true` inside a pod"
    )]
    Nothing {
        /// Cluster.
        cluster: ClusterName,
    },
    /// The kubeconfig cannot be read.
    #[error(
        "cluster {cluster}: {from} cannot be used: check that it exists, is readable and passes `kubectl config view`"
    )]
    Kubeconfig {
        /// Cluster.
        cluster: ClusterName,
        /// Which kubeconfig.
        from: String,
        /// What is wrong.
        source: KubeconfigError,
    },
    /// The context is not in it.
    #[error("cluster {cluster}: {from} has no context {wanted}: set `context` to one of: {known}")]
    Context {
        /// Cluster.
        cluster: ClusterName,
        /// Which kubeconfig.
        from: String,
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: String,
    },
    /// Not in a pod, or without a service account.
    #[error(
        "cluster {cluster}: in_cluster is set, but there is no service account here: run in a pod that has one, or set `kubeconfig`"
    )]
    InCluster {
        /// Cluster.
        cluster: ClusterName,
        /// What is wrong.
        source: kube::config::InClusterError,
    },
    /// Certificates, credentials or a proxy that cannot be used.
    #[error(
        "cluster {cluster}: no client can be built from {from}: check its certificates, user and proxy"
    )]
    Client {
        /// Cluster.
        cluster: ClusterName,
        /// Which kubeconfig.
        from: String,
        /// What is wrong.
        source: Box<kube::Error>,
    },
}

/// The way to one API server: acting and watching never wait for each other's connections.
#[derive(Clone)]
pub struct Clients {
    /// Fresh reads, probes and patches.
    pub acting: Client,
    /// Lists and watches.
    pub watching: Client,
}

impl Settings {
    /// Builds the clients; sends nothing.
    pub async fn clients(&self) -> Result<Clients, ConnectError> {
        // Two crypto providers may be linked in; rustls then wants one named. Whoever came first is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = self.config().await?;
        let failed = |source| ConnectError::Client {
            cluster: self.name.clone(),
            from: self.from(),
            source: Box::new(source),
        };
        Ok(Clients {
            acting: client(config.clone()).map_err(failed)?,
            watching: client(config).map_err(failed)?,
        })
    }

    async fn config(&self) -> Result<Config, ConnectError> {
        let cluster = || self.name.clone();
        let bad = |source| ConnectError::Kubeconfig {
            cluster: cluster(),
            from: self.from(),
            source,
        };
        let kubeconfig = match (&self.kubeconfig_text, &self.kubeconfig) {
            (Some(text), _) => Kubeconfig::from_yaml(text).map_err(bad)?,
            (None, Some(path)) => Kubeconfig::read_from(path).map_err(bad)?,
            (None, None) if self.in_cluster => {
                return Config::incluster().map_err(|source| ConnectError::InCluster {
                    cluster: cluster(),
                    source,
                });
            }
            (None, None) => return Err(ConnectError::Nothing { cluster: cluster() }),
        };
        self.check_context(&kubeconfig)?;
        let options = KubeConfigOptions {
            context: self.context.clone(),
            cluster: None,
            user: None,
        };
        Config::from_custom_kubeconfig(kubeconfig, &options)
            .await
            .map_err(bad)
    }

    fn check_context(&self, kubeconfig: &Kubeconfig) -> Result<(), ConnectError> {
        let wanted = self
            .context
            .as_ref()
            .or(kubeconfig.current_context.as_ref());
        let known: Vec<&str> = kubeconfig
            .contexts
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        if wanted.is_some_and(|wanted| known.contains(&wanted.as_str())) {
            return Ok(());
        }
        Err(ConnectError::Context {
            cluster: self.name.clone(),
            from: self.from(),
            wanted: wanted.map_or_else(
                || "(none is current)".to_owned(),
                |wanted| format!("{wanted:?}"),
            ),
            known: if known.is_empty() {
                "(it has none)".to_owned()
            } else {
                known.join(", ")
            },
        })
    }

    fn from(&self) -> String {
        match (&self.kubeconfig_text, &self.kubeconfig) {
            (Some(_), _) => "the kubeconfig text".to_owned(),
            (None, Some(path)) => format!("kubeconfig {}", path.display()),
            (None, None) => "the pod's service account".to_owned(),
        }
    }
}

/// kube's own stack with three differences: no retries (the engine decides about those), no Nagle delay, and connections
/// that stay warm and whose silent death is noticed by the kernel.
fn client(mut config: Config) -> Result<Client, kube::Error> {
    config.default_retry = false;
    if config.proxy_url.is_some() {
        return Client::try_from(config);
    }
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(LIMIT / 2));
    tcp.set_keepalive(Some(Duration::from_secs(15)));
    tcp.set_keepalive_interval(Some(Duration::from_secs(5)));
    tcp.set_keepalive_retries(Some(3));
    let https = config.rustls_https_connector_with_connector(tcp)?;
    let hyper: Hyper<_, Body> = Hyper::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(90))
        .pool_max_idle_per_host(16)
        .build(https);
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer()?)
        .layer(config.extra_headers_layer()?)
        .map_err(BoxError::from)
        .service(hyper);
    Ok(ClientBuilder::new(service, config.default_namespace).build())
}
