//! `[[cluster]]`: where a cluster is, as whom we go there, and what it is called.

use super::{CheckKeys, ImpactKeys};
use domain::guard::Guards;
use domain::id::{ClusterName, NodeName};
use domain::world::Healer;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::Spanned;

/// The variable in which a pod is told its node (`fieldRef: spec.nodeName`).
const NODE: &str = "NODE_NAME";

/// `[[cluster]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Name, as people and alarms call it.
    pub name: ClusterName,
    /// A kubeconfig file.
    pub kubeconfig: Option<PathBuf>,
    /// Its context; the current one if absent.
    pub context: Option<String>,
    /// Use the service account of our own pod.
    #[serde(default)]
    pub in_cluster: bool,
    /// A proxy on the way to its API server, instead of the kubeconfig's.
    pub proxy_url: Option<String>,
    /// File with the certificate authority of its API server, instead of the kubeconfig's.
    pub ca_file: Option<PathBuf>,
    /// File with a bearer token, instead of the kubeconfig's user; read again when it changes.
    pub token_file: Option<PathBuf>,
    /// Name of the `[[cloud]]` of its machines.
    pub cloud: Option<Spanned<String>>,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is for, in a word people see beside its name: `production`.
    pub environment: Option<String>,
    /// The node Uncordon itself runs on, if it runs in this cluster.
    pub own_node: Option<NodeName>,
    /// `[cluster.hosts]`: physical hosts, each with its nodes.
    #[serde(default)]
    pub hosts: BTreeMap<String, Vec<NodeName>>,
    /// The label of a node that names its physical host.
    #[serde(default = "default_host_label")]
    pub host_label: String,
    /// Healers whose nodes the owner gives to Uncordon.
    #[serde(default)]
    pub own_recovery: Vec<Healer>,
    /// A node not Ready for so many seconds is an alarm by itself.
    pub node_watch_s: Option<Spanned<u32>>,
    /// `[[cluster.check]]`: checks of the team.
    #[serde(default, rename = "check")]
    pub checks: Vec<CheckKeys>,
    /// `[cluster.impact]`: what people feel of a failure.
    pub impact: Option<ImpactKeys>,
    /// `[cluster.guards]`: limits that differ from `[guards]` here.
    pub guards: Option<Spanned<toml::Table>>,
    /// Both together.
    #[serde(skip)]
    pub limits: Guards,
}

fn default_host_label() -> String {
    cluster::HOST_LABEL.to_owned()
}

impl Cluster {
    /// The physical host of each node that the owner lists.
    pub fn hosts(&self) -> BTreeMap<NodeName, String> {
        let pairs = self
            .hosts
            .iter()
            .flat_map(|(host, nodes)| nodes.iter().map(|node| (node.clone(), host.clone())));
        pairs.collect()
    }

    /// Every path in it.
    pub(super) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let all = [
            &mut self.kubeconfig,
            &mut self.ca_file,
            &mut self.token_file,
        ];
        all.into_iter().filter_map(Option::as_mut)
    }

    /// Keys that must fit each other: the key, and what was expected.
    pub(super) fn sound(&self) -> Result<(), (&'static str, String)> {
        let name = &self.name;
        if self.in_cluster == self.kubeconfig.is_some() {
            let expected = format!("expected either kubeconfig or in_cluster = true for {name}");
            return Err(("cluster.kubeconfig", expected));
        }
        if self.in_cluster && self.context.is_some() {
            let expected = format!("expected no context for {name}: a pod's account has none");
            return Err(("cluster.context", expected));
        }
        let Some(proxy) = &self.proxy_url else {
            return Ok(());
        };
        let key = "cluster.proxy_url";
        let known = ["http://", "socks5://"]
            .iter()
            .find_map(|scheme| proxy.strip_prefix(scheme));
        match known {
            Some(rest) if rest.contains('@') => Err((
                key,
                format!(
                    "expected no user and password for {name}: put them into proxy-url of its kubeconfig"
                ),
            )),
            Some(rest) if !rest.trim_matches('/').is_empty() => Ok(()),
            Some(_) | None => Err((
                key,
                format!(
                    "expected http://host:port or socks5://host:port for {name}, not {proxy:?}"
                ),
            )),
        }
    }

    /// The node this process runs on, if it runs in this cluster: as the config says, else as the pod is told.
    pub fn own_node(&self) -> Option<NodeName> {
        let told = || {
            let told = std::env::var(NODE).ok().filter(|_| self.in_cluster)?;
            NodeName::parse(&told).ok()
        };
        self.own_node.clone().or_else(told)
    }
}
