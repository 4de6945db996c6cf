//! The doctor's look at a cluster: the way there, our rights, our own node, and its cloud.

use super::line::{Found, Line};
use crate::config::Cluster as Block;
use crate::wiring;
use cluster::Kube;
use domain::target::Target;
use domain::world::ClusterFacts;
use engine::ports::Clock;
use std::sync::Arc;

/// How many nodes are enough to see whether machines are found: if these are, the others are, too.
const NODES: usize = 20;

/// Its lines, and some of its nodes.
pub async fn lines(one: &Block, clock: &Arc<dyn Clock>) -> (Vec<Line>, Vec<Target>) {
    let what = format!("cluster {}", one.name);
    let (findings, facts) = cluster::examine(&wiring::account(one)).await;
    let mut lines: Vec<Line> = findings
        .into_iter()
        .map(|finding| Line::new(what.clone(), finding.into()))
        .collect();
    lines.extend(own_node(one, facts.as_ref()).map(|found| Line::new(what.clone(), found)));
    if facts.is_some() {
        let kube = Kube::open(wiring::account(one), Arc::clone(clock)).await;
        let found = healers(&kube, one).await;
        lines.push(Line::new(format!("{what} healers"), found));
    }
    if one.cloud.is_none() {
        let found = "no cloud is set, so nothing can be started; set cluster.cloud to the name of a [[cloud]]";
        lines.push(Line::new(what, Found::Failed(found.to_owned())));
    }
    let nodes = facts.map_or_else(Vec::new, |facts| {
        let some = facts.nodes.iter().take(NODES);
        some.map(|node| Target::of(&one.name, node)).collect()
    });
    (lines, nodes)
}

/// Whether we know where we run ourselves, if it may be in this cluster.
fn own_node(one: &Block, facts: Option<&ClusterFacts>) -> Option<Found> {
    let Some(own) = one.own_node() else {
        return one.in_cluster.then(|| {
            Found::Lacking("own_node is not known, so a rule may restart the very node Uncordon runs on; set NODE_NAME in the pod (fieldRef spec.nodeName, see server/deploy/deployment.yaml) or cluster.own_node".to_owned())
        });
    };
    let facts = facts?;
    if facts.node(&own).is_some() {
        return Some(Found::Well(format!(
            "runs on {own} itself: never recovered by rule alone"
        )));
    }
    let names: Vec<&str> = facts
        .nodes
        .iter()
        .take(5)
        .map(|node| node.name.as_str())
        .collect();
    Some(Found::Failed(format!(
        "own_node is {own}, which is no node of it: nothing protects the node Uncordon runs on; set cluster.own_node to one such as {}, or leave it out if Uncordon runs elsewhere",
        names.join(", ")
    )))
}

/// Whether it can be seen who else heals the nodes, and whose nodes were given to us.
async fn healers(kube: &Kube, one: &Block) -> Found {
    let own: Vec<&str> = one.own_recovery.iter().map(|one| one.word()).collect();
    let seen = kube.check_healers(&one.own_recovery).await;
    match seen.hidden(&one.name, false) {
        Some(hidden) => Found::Lacking(format!("{} {}", hidden.why, hidden.way_out)),
        None if own.is_empty() => {
            Found::Well("other healers can be seen; their nodes are left alone".to_owned())
        }
        None => Found::Well(format!(
            "other healers can be seen; their nodes are left alone, but for those of {}",
            own.join(", ")
        )),
    }
}
