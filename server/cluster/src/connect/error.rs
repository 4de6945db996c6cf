//! Why a cluster's settings cannot be used, each with the way out.

use crate::ask;
use domain::id::ClusterName;
use kube::client::AuthError;
use kube::config::KubeconfigError;
use std::io;
use std::path::PathBuf;

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
    /// It turns the check of certificates off.
    #[error(
        "cluster {cluster}: {from} has insecure-skip-tls-verify, and whoever stands between could act as us: take it out and set certificate-authority there, or `ca_file`"
    )]
    Unchecked {
        /// Cluster.
        cluster: ClusterName,
        /// Which kubeconfig.
        from: String,
    },
    /// Not in a pod, or without a service account.
    #[error(
        "cluster {cluster}: in_cluster is set, but there is no service account here ({why}): run in a pod that has one, or set `kubeconfig`"
    )]
    InCluster {
        /// Cluster.
        cluster: ClusterName,
        /// What is wrong.
        why: String,
    },
    /// A file that is named cannot be used.
    #[error("cluster {cluster}: {what} {} cannot be used: {why}", .path.display())]
    File {
        /// Cluster.
        cluster: ClusterName,
        /// What is in it.
        what: &'static str,
        /// Which.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A proxy of a kind we do not speak.
    #[error(
        "cluster {cluster}: the proxy {proxy} cannot be used: expected http://host:port or socks5://host:port"
    )]
    Proxy {
        /// Cluster.
        cluster: ClusterName,
        /// Which.
        proxy: String,
    },
    /// The plugin that hands out credentials did not.
    #[error(
        "cluster {cluster}: the credential plugin of {from}: {why}; run it by hand as the user Uncordon runs as"
    )]
    Plugin {
        /// Cluster.
        cluster: ClusterName,
        /// Which kubeconfig.
        from: String,
        /// What is wrong.
        why: String,
    },
    /// Certificates or credentials that cannot be used.
    #[error(
        "cluster {cluster}: no client can be built from {from}: check its certificates and its user"
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

impl ConnectError {
    /// Sorts what kube says while it builds a client. What a plugin wrote to its standard output is never told: it may be a token.
    pub(super) fn built(cluster: ClusterName, from: String, error: kube::Error) -> Self {
        match &error {
            kube::Error::Auth(AuthError::AuthExecStart(error)) => Self::Plugin {
                cluster,
                from,
                why: missing(error),
            },
            kube::Error::Auth(
                auth @ (AuthError::AuthExecRun { .. }
                | AuthError::AuthExecParse(_)
                | AuthError::ExecPluginFailed),
            ) => Self::Plugin {
                cluster,
                from,
                why: ask::credentials(auth),
            },
            _ => Self::Client {
                cluster,
                from,
                source: Box::new(error),
            },
        }
    }

    /// All of it in one sentence.
    pub fn whole(&self) -> String {
        match std::error::Error::source(self) {
            Some(source) => format!("{self}: {source}"),
            None => self.to_string(),
        }
    }
}

fn missing(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such program here".to_owned(),
        _ => format!("it cannot be started: {error}"),
    }
}
