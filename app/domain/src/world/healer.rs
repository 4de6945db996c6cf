//! Who else brings a node's machine back or replaces it, by which evidence, and whether that can be seen at all.

use crate::id::ClusterName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A kind of healer; its word is what the owner writes into `own_recovery`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Healer {
    /// A MachineHealthCheck of Cluster API or of OpenShift's machine API.
    ClusterApi,
    /// A NodeHealthCheck of medik8s, or one of its remediations.
    Medik8s,
    /// Karpenter.
    Karpenter,
    /// A group of the cloud that replaces its machines.
    AutoscalingGroup,
    /// Node auto-repair of Google Kubernetes Engine.
    Gke,
    /// Managed nodes of Amazon EKS.
    Eks,
    /// Node auto-repair of Azure Kubernetes Service.
    Aks,
}

impl Healer {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::ClusterApi,
        Self::Medik8s,
        Self::Karpenter,
        Self::AutoscalingGroup,
        Self::Gke,
        Self::Eks,
        Self::Aks,
    ];

    /// The word of the config and of REST.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ClusterApi => "cluster-api",
            Self::Medik8s => "medik8s",
            Self::Karpenter => "karpenter",
            Self::AutoscalingGroup => "autoscaling-group",
            Self::Gke => "gke",
            Self::Eks => "eks",
            Self::Aks => "aks",
        }
    }

    /// As people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ClusterApi => "Cluster API",
            Self::Medik8s => "medik8s",
            Self::Karpenter => "Karpenter",
            Self::AutoscalingGroup => "an autoscaling group",
            Self::Gke => "GKE",
            Self::Eks => "EKS",
            Self::Aks => "AKS",
        }
    }
}

/// One healer that has this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who.
    pub healer: Healer,
    /// What says so, such as `its label karpenter.sh/nodepool is web`.
    pub evidence: String,
}

/// Healers of which it cannot be seen whether they have this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unseen {
    /// Which.
    pub of: Vec<Healer>,
    /// Why.
    pub why: String,
    /// A right is missing: asking again does not help.
    pub denied: bool,
}

/// Why a node is left to others, or a person asked first, and what its owner can do about it; both in sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    /// Why.
    pub why: String,
    /// What its owner can do.
    pub way_out: String,
}

/// What is known of the healers of one node, read fresh.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Healers {
    /// Those that have it.
    pub claims: Vec<Claim>,
    /// What cannot be seen.
    pub unseen: Vec<Unseen>,
}

impl Healers {
    /// Without those whose nodes the owner gave to Uncordon.
    #[must_use]
    pub fn without(mut self, own: &[Healer]) -> Self {
        self.claims.retain(|one| !own.contains(&one.healer));
        for one in &mut self.unseen {
            one.of.retain(|healer| !own.contains(healer));
        }
        self.unseen.retain(|one| !one.of.is_empty());
        self
    }

    /// Why the node is left alone and what its owner can do; `None` when nobody else is known to have it.
    pub fn owned(&self, cluster: &ClusterName) -> Option<Reserve> {
        if self.claims.is_empty() {
            return None;
        }
        let who: BTreeSet<&str> = self.claims.iter().map(|one| one.healer.title()).collect();
        let who: Vec<&str> = who.into_iter().collect();
        let verb = if who.len() == 1 { "looks" } else { "look" };
        let evidence: Vec<&str> = self
            .claims
            .iter()
            .map(|one| one.evidence.as_str())
            .collect();
        let why = format!(
            "{} {verb} after this node: {}. Two healers on one machine undo each other's work.",
            capital(&listed(&who, "and")),
            evidence.join("; ")
        );
        let way_out = gives(self.claims.iter().map(|one| one.healer), cluster);
        Some(Reserve { why, way_out })
    }

    /// What cannot be seen and what its owner can do; with `for_good`, only what a missing right hides.
    pub fn hidden(&self, cluster: &ClusterName, for_good: bool) -> Option<Reserve> {
        let some: Vec<&Unseen> = self
            .unseen
            .iter()
            .filter(|one| one.denied || !for_good)
            .collect();
        let words: Vec<String> = some
            .iter()
            .map(|one| {
                let of: Vec<&str> = one.of.iter().map(|healer| healer.title()).collect();
                format!(
                    "whether {} looks after this node cannot be seen ({})",
                    listed(&of, "or"),
                    one.why.trim_end_matches('.')
                )
            })
            .collect();
        (!words.is_empty()).then(|| Reserve {
            why: format!("{}.", capital(&words.join("; "))),
            way_out: gives(some.iter().flat_map(|one| one.of.iter().copied()), cluster),
        })
    }
}

/// What the owner of a cluster writes so that Uncordon recovers such nodes all the same.
fn gives(healers: impl Iterator<Item = Healer>, cluster: &ClusterName) -> String {
    let all: BTreeSet<Healer> = healers.collect();
    let words: Vec<String> = all.iter().map(|one| format!("{:?}", one.word())).collect();
    format!(
        "If Uncordon is to recover it, its owner writes own_recovery = [{}] into the [[cluster]] {cluster} of Uncordon's config.",
        words.join(", ")
    )
}

fn listed(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [some @ .., end] => format!("{} {last} {end}", some.join(", ")),
    }
}

/// The first letter of a sentence.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(healer: Healer, evidence: &str) -> Claim {
        Claim {
            healer,
            evidence: evidence.to_owned(),
        }
    }

    fn prod() -> ClusterName {
        ClusterName::parse("prod").expect("a name")
    }

    #[test]
    fn who_by_what_and_what_the_owner_writes_is_said() {
        let healers = Healers {
            claims: vec![
                claim(Healer::Karpenter, "its label karpenter.sh/nodepool is web"),
                claim(
                    Healer::Eks,
                    "its label eks.amazonaws.com/compute-type is auto",
                ),
            ],
            unseen: Vec::new(),
        };
        let told = healers.owned(&prod()).expect("owned");
        assert_eq!(
            told.why,
            "EKS and Karpenter look after this node: its label karpenter.sh/nodepool is web; its label \
             eks.amazonaws.com/compute-type is auto. Two healers on one machine undo each other's work."
        );
        assert!(
            told.way_out
                .contains(r#"own_recovery = ["karpenter", "eks"] into the [[cluster]] prod"#)
        );
    }

    #[test]
    fn what_the_owner_gave_to_uncordon_is_nobody_elses() {
        let healers = Healers {
            claims: vec![claim(Healer::Karpenter, "a label")],
            unseen: vec![Unseen {
                of: vec![Healer::ClusterApi, Healer::Medik8s],
                why: "403".to_owned(),
                denied: true,
            }],
        };
        let some = healers
            .clone()
            .without(&[Healer::Karpenter, Healer::Medik8s]);
        assert_eq!(some.owned(&prod()), None);
        assert_eq!(
            some.hidden(&prod(), true).expect("hidden").why,
            "Whether Cluster API looks after this node cannot be seen (403)."
        );
        assert_eq!(healers.without(&Healer::ALL), Healers::default());
    }

    #[test]
    fn only_a_missing_right_hides_for_good() {
        let healers = Healers {
            claims: Vec::new(),
            unseen: vec![Unseen {
                of: vec![Healer::Medik8s],
                why: "no answer".to_owned(),
                denied: false,
            }],
        };
        assert_eq!(healers.hidden(&prod(), true), None);
        assert!(healers.hidden(&prod(), false).is_some());
    }
}
