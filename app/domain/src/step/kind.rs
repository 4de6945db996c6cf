//! The names of the steps, in their order, and what each must read.

use serde::{Deserialize, Serialize};

/// The steps, in the order of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
}

impl StepKind {
    /// All steps.
    pub const ALL: [Self; 8] = [
        Self::Cordon,
        Self::ConfirmDown,
        Self::StartMachine,
        Self::WaitReady,
        Self::CheckNode,
        Self::Uncordon,
        Self::CheckWorkload,
        Self::CloseAlarm,
    ];

    /// The word of REST and the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cordon => "cordon",
            Self::ConfirmDown => "confirm_down",
            Self::StartMachine => "start_machine",
            Self::WaitReady => "wait_ready",
            Self::CheckNode => "check_node",
            Self::Uncordon => "uncordon",
            Self::CheckWorkload => "check_workload",
            Self::CloseAlarm => "close_alarm",
        }
    }

    /// The name on the screen.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cordon => "Cordon the node",
            Self::ConfirmDown => "Confirm it is down",
            Self::StartMachine => "Start the machine",
            Self::WaitReady => "Wait until Ready",
            Self::CheckNode => "Check the node",
            Self::Uncordon => "Uncordon the node",
            Self::CheckWorkload => "Check the workload",
            Self::CloseAlarm => "Close the alarm",
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
            Self::CloseAlarm => Needs {
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
        }
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
