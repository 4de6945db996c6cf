//! Who we are to one API server, put together from a kubeconfig or a pod's service account and what the config says instead.

use super::{Clients, ConnectError, Settings, line};
use kube::Config;
use kube::config::{ExecInteractiveMode, KubeConfigOptions, Kubeconfig};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::{Path, PathBuf};

/// Where Kubernetes puts the account of a pod.
const FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The pod we run in, as Kubernetes tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pod {
    /// Address of the API server; `None` outside of a pod.
    pub server: Option<String>,
    /// Folder with `token` and `ca.crt`.
    pub folder: PathBuf,
}

impl Pod {
    /// Where this process runs.
    pub fn here() -> Self {
        let host = std::env::var("KUBERNETES_SERVICE_HOST");
        let port = std::env::var("KUBERNETES_SERVICE_PORT");
        let bracket = |host: String| {
            if host.contains(':') {
                format!("[{host}]")
            } else {
                host
            }
        };
        Self {
            server: match (host, port) {
                (Ok(host), Ok(port)) => Some(format!("https://{}:{port}", bracket(host))),
                _ => None,
            },
            folder: PathBuf::from(FOLDER),
        }
    }
}

/// All that clients are made from.
pub(super) struct Account {
    config: Config,
    files: Vec<PathBuf>,
    plugin: bool,
}

impl Account {
    pub(super) async fn of(settings: &Settings) -> Result<Self, ConnectError> {
        let mut files = Vec::new();
        let mut config = match (&settings.pod, settings.kubeconfig()?) {
            (_, Some(kubeconfig)) => {
                files.extend(settings.kubeconfig.clone());
                settings.of_kubeconfig(kubeconfig, &mut files).await?
            }
            (Some(pod), None) => settings.of_pod(pod, &mut files)?,
            (None, None) => {
                let cluster = settings.name.clone();
                return Err(ConnectError::Nothing { cluster });
            }
        };
        if let Some(path) = &settings.ca_file {
            config.root_cert = Some(settings.certificates("ca_file", path)?);
            files.push(path.clone());
        }
        if let Some(path) = &settings.token_file {
            config.auth_info = kube::config::AuthInfo::default();
            config.auth_info.token_file = Some(path.display().to_string());
        }
        if let Some(proxy) = &settings.proxy_url {
            config.proxy_url = Some(proxy.parse().map_err(|_| settings.no_proxy(proxy))?);
        }
        if let Some(proxy) = &config.proxy_url
            && !(matches!(proxy.scheme_str(), Some("http" | "socks5")) && proxy.host().is_some())
        {
            return Err(settings.no_proxy(&line::plain(proxy)));
        }
        settings.read_token(&mut config, &mut files)?;
        let plugin = config.auth_info.exec.is_some() || config.auth_info.auth_provider.is_some();
        if let Some(exec) = &mut config.auth_info.exec {
            // Nobody sits in front of a service.
            exec.interactive_mode = Some(ExecInteractiveMode::Never);
        }
        // No retries: the engine decides about those.
        config.default_retry = false;
        Ok(Self {
            config,
            files,
            plugin,
        })
    }

    pub(super) fn clients(self) -> Result<Clients, kube::Error> {
        Ok(Clients {
            acting: line::client(&self.config)?,
            watching: line::client(&self.config)?,
            server: self.config.cluster_url.to_string(),
            proxy: self.config.proxy_url.as_ref().map(line::plain),
            files: self.files,
            plugin: self.plugin,
        })
    }
}

impl Settings {
    fn kubeconfig(&self) -> Result<Option<Kubeconfig>, ConnectError> {
        match (&self.kubeconfig_text, &self.kubeconfig) {
            (Some(text), _) => Kubeconfig::from_yaml(text).map(Some),
            (None, Some(path)) => Kubeconfig::read_from(path).map(Some),
            (None, None) => Ok(None),
        }
        .map_err(|source| self.unusable(source))
    }

    async fn of_kubeconfig(
        &self,
        kubeconfig: Kubeconfig,
        files: &mut Vec<PathBuf>,
    ) -> Result<Config, ConnectError> {
        let cluster = self.cluster_of(&kubeconfig)?;
        if cluster.insecure_skip_tls_verify == Some(true) {
            return Err(ConnectError::Unchecked {
                cluster: self.name.clone(),
                from: self.from(),
            });
        }
        let options = KubeConfigOptions {
            context: self.context.clone(),
            cluster: None,
            user: None,
        };
        let mut config = Config::from_custom_kubeconfig(kubeconfig, &options)
            .await
            .map_err(|source| self.unusable(source))?;
        // What stands in the environment is for the clouds and the alarm sources: each cluster has its own way.
        config.proxy_url = match cluster.proxy_url.as_deref() {
            None | Some("") => None,
            Some(proxy) => Some(proxy.parse().map_err(|_| self.no_proxy(proxy))?),
        };
        let user = &config.auth_info;
        files.extend(cluster.certificate_authority.map(PathBuf::from));
        files.extend(user.client_certificate.clone().map(PathBuf::from));
        files.extend(user.client_key.clone().map(PathBuf::from));
        Ok(config)
    }

    /// The cluster of the context that is meant.
    fn cluster_of(&self, kubeconfig: &Kubeconfig) -> Result<kube::config::Cluster, ConnectError> {
        let wanted = self
            .context
            .as_ref()
            .or(kubeconfig.current_context.as_ref());
        let found = kubeconfig
            .contexts
            .iter()
            .find(|one| Some(&one.name) == wanted);
        let Some(context) = found else {
            let known: Vec<&str> = kubeconfig
                .contexts
                .iter()
                .map(|one| one.name.as_str())
                .collect();
            return Err(ConnectError::Context {
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
            });
        };
        let name = context.context.as_ref().map(|one| one.cluster.as_str());
        let cluster = kubeconfig
            .clusters
            .iter()
            .find(|one| Some(one.name.as_str()) == name)
            .and_then(|one| one.cluster.clone());
        cluster.ok_or_else(|| {
            self.unusable(kube::config::KubeconfigError::LoadClusterOfContext(
                name.unwrap_or_default().to_owned(),
            ))
        })
    }

    fn of_pod(&self, pod: &Pod, files: &mut Vec<PathBuf>) -> Result<Config, ConnectError> {
        let none = |why: String| ConnectError::InCluster {
            cluster: self.name.clone(),
            why,
        };
        let server = pod.server.as_ref();
        let server = server.ok_or_else(|| none("KUBERNETES_SERVICE_HOST is not set".to_owned()))?;
        let server = server
            .parse()
            .map_err(|error| none(format!("KUBERNETES_SERVICE_HOST: {error}")))?;
        let (ca, token) = (pod.folder.join("ca.crt"), pod.folder.join("token"));
        let mut config = Config::new(server);
        if self.ca_file.is_none() {
            let found = self.certificates("ca.crt", &ca);
            config.root_cert = Some(found.map_err(|error| none(error.to_string()))?);
            files.push(ca);
        }
        config.auth_info.token_file = Some(token.display().to_string());
        Ok(config)
    }

    /// Reads the token now: kube would send the end of its last line, too, and look at the file again only a minute later.
    fn read_token(
        &self,
        config: &mut Config,
        files: &mut Vec<PathBuf>,
    ) -> Result<(), ConnectError> {
        let user = &mut config.auth_info;
        let Some(path) = user.token_file.take().filter(|_| user.token.is_none()) else {
            return Ok(());
        };
        let path = PathBuf::from(path);
        let bad = |why: String| self.bad_file("token file", &path, why);
        let text = std::fs::read_to_string(&path).map_err(|error| bad(error.to_string()))?;
        let token = text.trim();
        if token.is_empty() || token.contains(char::is_whitespace) {
            let why = "expected one token and nothing else".to_owned();
            return Err(bad(why));
        }
        user.token = Some(token.to_owned().into());
        files.push(path);
        Ok(())
    }

    fn certificates(&self, what: &'static str, path: &Path) -> Result<Vec<Vec<u8>>, ConnectError> {
        let bad = |why: String| self.bad_file(what, path, why);
        let text = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
        let all = all.map_err(|error| bad(error.to_string()))?;
        if all.is_empty() {
            return Err(bad("expected certificates in PEM".to_owned()));
        }
        Ok(all.into_iter().map(|one| one.to_vec()).collect())
    }

    fn bad_file(&self, what: &'static str, path: &Path, why: String) -> ConnectError {
        ConnectError::File {
            cluster: self.name.clone(),
            what,
            path: path.to_owned(),
            why,
        }
    }

    fn no_proxy(&self, proxy: &str) -> ConnectError {
        ConnectError::Proxy {
            cluster: self.name.clone(),
            proxy: proxy.to_owned(),
        }
    }

    fn unusable(&self, source: kube::config::KubeconfigError) -> ConnectError {
        ConnectError::Kubeconfig {
            cluster: self.name.clone(),
            from: self.from(),
            source,
        }
    }
}
