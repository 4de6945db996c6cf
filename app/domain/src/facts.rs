//! What a screen showed before a power act: travels with the act, so that it goes on only while that is still so.

use crate::guard::Warning;
use crate::recovery::Recovery;
use crate::world::{Cordon, MachineFacts, NodeFacts, Reading, Ready};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// One thing that matters for a power act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Which node object it is.
    Node,
    /// The kubelet's word.
    Ready,
    /// Who keeps new pods off.
    Cordon,
    /// Power state.
    Machine,
    /// What the button offers.
    Offer,
    /// What must be confirmed.
    Warnings,
    /// The recovery at work, and whether it asks.
    Recovery,
}

impl Aspect {
    const ALL: [Self; 7] = [
        Self::Node,
        Self::Ready,
        Self::Cordon,
        Self::Machine,
        Self::Offer,
        Self::Warnings,
        Self::Recovery,
    ];

    const fn letter(self) -> char {
        match self {
            Self::Node => 'n',
            Self::Ready => 'r',
            Self::Cordon => 'c',
            Self::Machine => 'm',
            Self::Offer => 'o',
            Self::Warnings => 'w',
            Self::Recovery => 'a',
        }
    }
}

/// The facts as a version: `n3fa9c2b1.rsilent.cours-12.moff.ostart.wnone.anone`. For others it is opaque.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(BTreeMap<Aspect, String>);

impl Facts {
    /// What a node's page shows; `offer` is a word of its own for every kind of offer.
    pub fn of_node(
        node: &NodeFacts,
        machine: &Reading<MachineFacts>,
        offer: &str,
        warnings: &[Warning],
        recovery: Option<&Recovery>,
    ) -> Self {
        let ready = match node.ready {
            Ready::True => "ready",
            Ready::False => "not_ready",
            Ready::Unknown => "silent",
        };
        let cordon = match &node.cordon {
            Cordon::Open => "open".to_owned(),
            Cordon::Ours(mark) => format!("ours-{}", mark.recovery.0),
            Cordon::Held(_) => "held".to_owned(),
            Cordon::Foreign(_) => "foreign".to_owned(),
        };
        let machine = match machine {
            Reading::Seen(machine) => machine.state.word(),
            Reading::Absent => "absent",
            Reading::Unreadable(_) => "unknown",
        };
        let at_work = recovery.map_or_else(|| "none".to_owned(), at_work);
        Self::default()
            .with(Aspect::Node, &short_hash(node.uid.as_str()))
            .with(Aspect::Ready, ready)
            .with(Aspect::Cordon, &cordon)
            .with(Aspect::Machine, machine)
            .with(Aspect::Offer, offer)
            .with(Aspect::Warnings, &words(warnings))
            .with(Aspect::Recovery, &at_work)
    }

    /// What a recovery's card shows.
    pub fn of_recovery(recovery: &Recovery) -> Self {
        Self::default()
            .with(Aspect::Node, &short_hash(recovery.plan.target.uid.as_str()))
            .with(Aspect::Warnings, &words(&recovery.plan.warnings))
            .with(Aspect::Recovery, &at_work(recovery))
    }

    /// Whether they tell of the machine: such facts need a live read to be compared.
    pub fn live(&self) -> bool {
        self.0.contains_key(&Aspect::Machine)
    }

    /// Reads a version; `None` when it is not one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let mut facts = Self::default();
        for part in text.split('.') {
            let letter = part.chars().next()?;
            let aspect = Aspect::ALL.into_iter().find(|one| one.letter() == letter)?;
            if facts.0.insert(aspect, part[1..].to_owned()).is_some() {
                return None;
            }
        }
        Some(facts)
    }

    /// What is no longer as it was shown, in sentences; empty while all of it still holds.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let changed: Vec<(Aspect, &str, &str)> = self
            .0
            .iter()
            .filter_map(|(aspect, was)| {
                let is = now.0.get(aspect)?;
                (was != is).then_some((*aspect, was.as_str(), is.as_str()))
            })
            .collect();
        // What the button offers follows from the rest: it is told only when nothing else explains it.
        let told = changed.len();
        changed
            .into_iter()
            .filter(|(aspect, ..)| *aspect != Aspect::Offer || told == 1)
            .map(|(aspect, was, is)| sentence(aspect, was, is))
            .collect()
    }

    fn with(mut self, aspect: Aspect, value: &str) -> Self {
        self.0.insert(aspect, value.replace(['.', ' '], "_"));
        self
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (aspect, value)) in self.0.iter().enumerate() {
            let dot = if n == 0 { "" } else { "." };
            write!(f, "{dot}{}{value}", aspect.letter())?;
        }
        Ok(())
    }
}

fn at_work(recovery: &Recovery) -> String {
    let what = if recovery.takes_yes() {
        "asks"
    } else {
        recovery.state().word()
    };
    format!("{}-{what}", recovery.id.0)
}

/// The kinds of warnings; their times and counts move by themselves and change nothing.
fn words(warnings: &[Warning]) -> String {
    let mut words: Vec<&str> = warnings
        .iter()
        .filter_map(|one| match one {
            Warning::ControlPlane => Some("it carries the control plane"),
            Warning::OwnNode => Some("Uncordon runs on it"),
            Warning::CoolDown { .. } => Some("it was recovered a short time ago"),
            Warning::Paused => Some("the switch is on pause"),
            Warning::Excluded => Some("it carries the exclusion label"),
            Warning::HealerUnseen { .. } => {
                Some("it cannot be seen whether somebody else heals it")
            }
            // Its card says why it is held; a yes to it is "just this one".
            Warning::Storm { .. } => None,
        })
        .collect();
    words.sort_unstable();
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}

fn sentence(aspect: Aspect, was: &str, is: &str) -> String {
    let plain = |text: &str| text.replace('_', " ");
    match aspect {
        Aspect::Node => "The node was made anew: it is another one now.".to_owned(),
        Aspect::Ready => format!("The node was {}, it is {} now.", plain(was), plain(is)),
        Aspect::Cordon => format!("It was {}, it is {} now.", cordon(was), cordon(is)),
        Aspect::Machine => format!("Its machine was {}, it is {} now.", power(was), power(is)),
        Aspect::Offer => "What can be done with it has changed.".to_owned(),
        Aspect::Warnings if is == "none" => "The warnings are gone.".to_owned(),
        Aspect::Warnings => format!("There is a warning now: {}.", plain(is)),
        Aspect::Recovery if is == "none" => "The recovery that was at work has ended.".to_owned(),
        Aspect::Recovery => {
            let (id, what) = is.split_once('-').unwrap_or((is, "at work"));
            match what {
                "asks" => format!("Recovery #{id} asks for a yes now."),
                "needs_human" => format!("Recovery #{id} needs a person now."),
                what => format!("Recovery #{id} is {what} now."),
            }
        }
    }
}

fn cordon(word: &str) -> String {
    match word {
        "open" => "open for pods".to_owned(),
        "held" => "kept cordoned by a person".to_owned(),
        "foreign" => "cordoned by somebody else".to_owned(),
        ours => format!("cordoned by recovery #{}", ours.trim_start_matches("ours-")),
    }
}

fn power(word: &str) -> &str {
    match word {
        "absent" => "not known to the cloud",
        "unknown" => "not readable",
        "other" => "in a state that a start does not answer",
        word => word,
    }
}

fn short_hash(text: &str) -> String {
    let hash = Sha256::digest(text);
    hash.iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Facts {
        Facts::parse(text).expect("a version")
    }

    #[test]
    fn a_version_is_read_as_it_was_written_and_nothing_else_is() {
        let text = "n3fa9c2b1.rsilent.cours-12.moff.ostart.wnone.anone";
        assert_eq!(facts(text).to_string(), text);
        for bad in ["", "x1", "n1..r2", "n1.n2", "é"] {
            assert_eq!(Facts::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn only_what_was_shown_is_compared_and_each_change_has_a_sentence() {
        let shown = facts("nab.rsilent.copen.moff.ostart.wnone.anone");
        let now = facts("nab.rready.cours-12.mrunning.owatch.wnone.a12-running");
        assert_eq!(
            shown.changes(&now),
            [
                "The node was silent, it is ready now.",
                "It was open for pods, it is cordoned by recovery #12 now.",
                "Its machine was off, it is running now.",
                "Recovery #12 is running now.",
            ]
        );
        assert_eq!(shown.changes(&shown), Vec::<String>::new());
        let card = facts("nab.wnone.a12-running");
        assert_eq!(card.changes(&now), Vec::<String>::new());
        let offer = facts("nab.rsilent.copen.moff.onothing.wnone.anone");
        assert_eq!(
            shown.changes(&offer),
            ["What can be done with it has changed."]
        );
    }
}
