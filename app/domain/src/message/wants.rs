//! What a room, a webhook or a mailbox wants to hear: by loudness, cluster and state.

use super::{Channel, Message, Stage};
use crate::id::ClusterName;
use serde::Deserialize;

/// What one recipient hears.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wants {
    /// How loud; by default what needs a person.
    pub channels: Vec<Channel>,
    /// Which clusters; empty: all.
    pub clusters: Vec<ClusterName>,
    /// Which states; empty: all.
    pub stages: Vec<Stage>,
    /// Whether ends are heard, however loud they are and whatever states are wanted: a pager that hears of no end never
    /// stops.
    #[serde(skip)]
    pub ends: bool,
}

impl Default for Wants {
    fn default() -> Self {
        Self {
            channels: vec![Channel::Important],
            clusters: Vec::new(),
            stages: Vec::new(),
            ends: false,
        }
    }
}

impl Wants {
    /// Whether a message is for it. What is about no cluster in particular is for all.
    pub fn takes(&self, message: &Message) -> bool {
        let here = self.clusters.is_empty()
            || message.clusters.is_empty()
            || message
                .clusters
                .iter()
                .any(|one| self.clusters.contains(one));
        let ends = self.ends && message.stage.ends();
        let wanted = self.channels.contains(&message.channel)
            && (self.stages.is_empty() || self.stages.contains(&message.stage));
        here && (ends || wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn message(cluster: &str) -> Message {
        Message {
            clusters: ClusterName::parse(cluster).into_iter().collect(),
            ..super::super::test(Channel::Default, Timestamp::UNIX_EPOCH)
        }
    }

    #[test]
    fn who_asks_for_a_cluster_hears_of_no_other_one() {
        let wants = |clusters: &[&str]| Wants {
            channels: vec![Channel::Default],
            clusters: clusters
                .iter()
                .filter_map(|one| ClusterName::parse(one).ok())
                .collect(),
            ..Wants::default()
        };
        assert!(wants(&[]).takes(&message("prod")));
        assert!(wants(&["prod", "edge"]).takes(&message("prod")));
        assert!(!wants(&["edge"]).takes(&message("prod")));
        assert!(
            wants(&["edge"]).takes(&message("")),
            "about no cluster at all"
        );
    }

    #[test]
    fn who_asks_for_a_state_or_a_loudness_hears_of_no_other_one() {
        let loud = Wants::default();
        assert!(
            !loud.takes(&message("prod")),
            "a default message is not important"
        );
        let wants = |stage| Wants {
            channels: vec![Channel::Default],
            stages: vec![stage],
            ..Wants::default()
        };
        assert!(wants(Stage::Test).takes(&message("prod")));
        assert!(!wants(Stage::Recovered).takes(&message("prod")));
    }

    #[test]
    fn a_pager_hears_every_end_of_its_clusters() {
        let pager = Wants {
            clusters: ClusterName::parse("prod").into_iter().collect(),
            stages: vec![Stage::NeedsHuman],
            ends: true,
            ..Wants::default()
        };
        let end = |cluster| Message {
            stage: Stage::Recovered,
            ..message(cluster)
        };
        assert!(pager.takes(&end("prod")));
        assert!(!pager.takes(&end("edge")));
        assert!(!pager.takes(&message("prod")), "no end, and not wanted");
    }
}
