//! Alarms of our own: a node that stays not Ready, and a heartbeat that stays away.

use crate::alarm::{NewAlarm, Status, fingerprint};
use crate::id::{ClusterName, SourceName};
use crate::world::{NodeFacts, Ready};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Source of the alarms that a watched cluster raises itself.
pub const NODE_WATCH: &str = "node-watch";
/// Source of the alarms about heartbeats that stay away.
pub const HEARTBEAT: &str = "heartbeat";

/// Alarms that were told and not taken back: start of the episode by fingerprint.
pub type Told = BTreeMap<String, Timestamp>;

/// The source of a name of ours.
pub fn source(name: &'static str) -> SourceName {
    SourceName::parse(name).expect("our own names are valid")
}

/// What a watched cluster has to say now: nodes that have not been Ready for so long, and those that are again.
/// `told` holds what it said of this cluster before and is brought up to date.
pub fn nodes(
    cluster: &ClusterName,
    nodes: &[NodeFacts],
    silent: SignedDuration,
    told: &mut Told,
    now: Timestamp,
) -> Vec<NewAlarm> {
    let source = source(NODE_WATCH);
    let mut news = Vec::new();
    let mut open = Told::new();
    for node in nodes.iter().filter(|node| node.ready != Ready::True) {
        let key = fingerprint(&source, &format!("{cluster}/{}", node.uid));
        let known = told.get(&key).copied();
        if known.is_none() && now.duration_since(node.ready_since) < silent {
            continue;
        }
        // A node that goes from "no" to silence has not been well in between: it is the same episode.
        let since = known.unwrap_or(node.ready_since);
        if known.is_none() {
            news.push(down(&source, cluster, node, since));
        }
        open.insert(key, since);
    }
    for (key, since) in told.iter().filter(|(key, _)| !open.contains_key(*key)) {
        news.push(over(&source, key, *since, cluster));
    }
    *told = open;
    news
}

/// In the words of the shipped rule, so that it works without monitoring as it does with one.
fn down(
    source: &SourceName,
    cluster: &ClusterName,
    node: &NodeFacts,
    since: Timestamp,
) -> NewAlarm {
    let name = &node.name;
    let ready = match node.ready {
        Ready::True => "true",
        Ready::False => "false",
        Ready::Unknown => "unknown",
    };
    let labels = [
        ("alertname", "NodeNotReady"),
        ("cluster", cluster.as_str()),
        ("node", name.as_str()),
        ("ready", ready),
    ];
    NewAlarm {
        source: source.clone(),
        fingerprint: fingerprint(source, &format!("{cluster}/{}", node.uid)),
        text: format!(
            "HOST {name} down, IP: {} Cluster {cluster}\nReady is {ready} since {}",
            node.ip().unwrap_or("none"),
            since.strftime("%H:%M:%S UTC")
        ),
        truncated: false,
        labels: labels
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        starts_at: Some(since),
        status: Status::Firing,
        close_with: None,
    }
}

fn over(
    source: &SourceName,
    key: &str,
    since: Timestamp,
    about: impl std::fmt::Display,
) -> NewAlarm {
    NewAlarm {
        source: source.clone(),
        fingerprint: key.to_owned(),
        text: format!("{about}: over"),
        truncated: false,
        labels: BTreeMap::new(),
        starts_at: Some(since),
        status: Status::Resolved,
        close_with: None,
    }
}

/// What is known of the heartbeat of one alarm source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// When it came last; the start of this process, before it ever came.
    pub last: Timestamp,
    /// Start of the alarm that tells of its absence, while one is out.
    pub told: Option<Timestamp>,
}

/// What there is to say about a heartbeat now; `beat.told` is brought up to date.
pub fn heartbeat(
    of: &SourceName,
    beat: &mut Beat,
    silent: SignedDuration,
    now: Timestamp,
) -> Option<NewAlarm> {
    let source = source(HEARTBEAT);
    let key = fingerprint(&source, of.as_str());
    let absent = now.duration_since(beat.last) >= silent;
    match beat.told {
        None if absent => {
            beat.told = Some(beat.last);
            let labels = [("alertname", "HeartbeatMissing"), ("source", of.as_str())];
            Some(NewAlarm {
                source,
                fingerprint: key,
                text: format!(
                    "No heartbeat from alarm source {of} since {}: its alarms may not arrive",
                    beat.last.strftime("%H:%M:%S UTC")
                ),
                truncated: false,
                labels: labels
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into(),
                starts_at: Some(beat.last),
                status: Status::Firing,
                close_with: None,
            })
        }
        Some(since) if !absent => {
            beat.told = None;
            Some(over(&source, &key, since, of))
        }
        None | Some(_) => None,
    }
}

#[cfg(test)]
mod tests;
