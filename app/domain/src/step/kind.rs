//! The names of the steps, in their order, and what each must read.

use crate::check::{CheckKind, CheckName};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The steps, in the order of a plan; in JSON and in the store it is its [`StepKind::word`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum StepKind {
    /// Keep new pods off the node. Undo: take the cordon off again, if it is ours.
    Cordon,
    /// Two independent signals must agree that it is down. Reads only.
    ConfirmDown,
    /// Ask the cloud to start the machine and wait until it runs. No undo: we never stop a machine.
    StartMachine,
    /// Wait until the node is Ready and stays so. Reads only.
    WaitReady,
    /// The node itself works: pressure, critical pods, drivers, taints, resources. Reads only.
    CheckNode,
    /// Take our own cordon off.
    Uncordon,
    /// The workload is back. Reads only.
    CheckWorkload,
    /// Close the alarm where it came from.
    CloseAlarm,
    /// A check of the team, before the uncordon or after it, as the plan has it. Reads only, but for a command or a job.
    Check(CheckKind, CheckName),
}

/// A word that is no step's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no step")]
pub struct BadStep(String);

impl StepKind {
    /// The steps that every plan may have.
    pub const BUILT_IN: [Self; 8] = [
        Self::Cordon,
        Self::ConfirmDown,
        Self::StartMachine,
        Self::WaitReady,
        Self::CheckNode,
        Self::Uncordon,
        Self::CheckWorkload,
        Self::CloseAlarm,
    ];

    /// The word of REST and the store: `cordon`, or `check_http:shop`.
    pub fn word(self) -> Cow<'static, str> {
        match self {
            Self::Cordon => "cordon".into(),
            Self::ConfirmDown => "confirm_down".into(),
            Self::StartMachine => "start_machine".into(),
            Self::WaitReady => "wait_ready".into(),
            Self::CheckNode => "check_node".into(),
            Self::Uncordon => "uncordon".into(),
            Self::CheckWorkload => "check_workload".into(),
            Self::CloseAlarm => "close_alarm".into(),
            Self::Check(kind, name) => format!("check_{}:{name}", kind.word()).into(),
        }
    }

    /// The name on the screen.
    pub fn title(self) -> Cow<'static, str> {
        match self {
            Self::Cordon => "Cordon the node".into(),
            Self::ConfirmDown => "Confirm it is down".into(),
            Self::StartMachine => "Start the machine".into(),
            Self::WaitReady => "Wait until Ready".into(),
            Self::CheckNode => "Check the node".into(),
            Self::Uncordon => "Uncordon the node".into(),
            Self::CheckWorkload => "Check the workload".into(),
            Self::CloseAlarm => "Close the alarm".into(),
            Self::Check(kind, name) => format!("Check {name} ({})", kind.word()).into(),
        }
    }

    /// What must be read before this step is judged.
    pub const fn needs(self) -> Needs {
        match self {
            Self::Cordon | Self::WaitReady | Self::Uncordon => Needs {
                node: true,
                machine: false,
                cluster: false,
            },
            Self::ConfirmDown | Self::StartMachine => Needs {
                node: true,
                machine: true,
                cluster: false,
            },
            Self::CheckNode | Self::CheckWorkload => Needs {
                node: true,
                machine: false,
                cluster: true,
            },
            Self::CloseAlarm | Self::Check(..) => Needs {
                node: false,
                machine: false,
                cluster: false,
            },
        }
    }

    /// Whether the step changes something outside.
    pub const fn acts(self) -> bool {
        match self {
            Self::Cordon | Self::StartMachine | Self::Uncordon | Self::CloseAlarm => true,
            Self::ConfirmDown | Self::WaitReady | Self::CheckNode | Self::CheckWorkload => false,
            Self::Check(kind, _) => kind.acts(),
        }
    }
}

impl TryFrom<String> for StepKind {
    type Error = BadStep;

    fn try_from(word: String) -> Result<Self, BadStep> {
        let built_in = Self::BUILT_IN.into_iter().find(|one| one.word() == word);
        let team = || {
            let (kind, name) = word.strip_prefix("check_")?.split_once(':')?;
            Some(Self::Check(
                CheckKind::of_word(kind)?,
                CheckName::parse(name).ok()?,
            ))
        };
        built_in.or_else(team).ok_or(BadStep(word))
    }
}

impl From<StepKind> for String {
    fn from(step: StepKind) -> Self {
        step.word().into_owned()
    }
}

impl std::fmt::Display for StepKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.word())
    }
}

/// Which systems a step reads, fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The node with its lease.
    pub node: bool,
    /// The machine.
    pub machine: bool,
    /// Nodes, pods, workloads and drivers of the whole cluster.
    pub cluster: bool,
}

#[cfg(test)]
mod tests {
    use super::StepKind;
    use crate::check::{CheckKind, CheckName};

    #[test]
    fn a_step_is_its_word_in_the_store_and_comes_back_from_it() {
        let shop = CheckName::parse("shop").expect("a plain name is valid");
        let team = CheckKind::ALL.map(|kind| StepKind::Check(kind, shop));
        for step in StepKind::BUILT_IN.into_iter().chain(team) {
            let json = serde_json::to_string(&step).expect("a word is JSON");
            assert_eq!(json, format!("\"{}\"", step.word()));
            assert_eq!(serde_json::from_str::<StepKind>(&json).ok(), Some(step));
        }
        for odd in [
            "check_http",
            "check_odd:shop",
            "check_http:",
            "check_http:A",
            "",
        ] {
            assert!(StepKind::try_from(odd.to_owned()).is_err(), "{odd:?}");
        }
    }
}
