//! What the doctor finds at a cloud, and the way out.

use async_trait::async_trait;
use domain::target::Target;
use domain::world::Reading;
use engine::ports::Cloud;

/// What is wrong and the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {way_out}")]
pub struct Fault {
    /// What was seen.
    pub what: String,
    /// What to do.
    pub way_out: String,
}

impl Fault {
    /// Both in words.
    pub(crate) fn new(what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            way_out: way_out.into(),
        }
    }
}

/// One thing the doctor looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// As it should be.
    Well(String),
    /// It works, but something is left out for want of it.
    Lacking(Fault),
    /// It does not work.
    Failed(Fault),
}

impl From<Result<String, Fault>> for Finding {
    fn from(found: Result<String, Fault>) -> Self {
        match found {
            Ok(text) => Self::Well(text),
            Err(fault) => Self::Failed(fault),
        }
    }
}

/// A cloud that can be looked over without changing anything in it.
#[async_trait]
pub trait Doctor: Send + Sync {
    /// Signs in, reads, and asks whether a start would be allowed where the cloud can say so. `nodes` are some that should
    /// have a machine here.
    async fn examine(&self, nodes: &[Target]) -> Vec<Finding>;
}

/// Whether these nodes have a machine here: what could not be started later is found now.
pub(crate) async fn machines(cloud: &dyn Cloud, nodes: &[Target]) -> Vec<Finding> {
    let mut found = 0;
    let mut findings = Vec::new();
    for node in nodes {
        let name = format!("{}/{}", node.cluster, node.node);
        match cloud.machine(node).await {
            Reading::Seen(_) => found += 1,
            Reading::Absent => findings.push(Finding::Failed(Fault::new(
                format!("{name} has no machine here"),
                "check that cluster.cloud names the right cloud and that the node's provider id or InternalIP is the machine's",
            ))),
            Reading::Unreadable(why) => findings.push(Finding::Failed(Fault::new(
                format!("the machine of {name} cannot be read: {why}"),
                "mend that, then run the check again",
            ))),
        }
    }
    if found > 0 {
        findings.insert(
            0,
            Finding::Well(format!(
                "{found} of {} nodes asked for have their machine here",
                nodes.len()
            )),
        );
    }
    findings
}
