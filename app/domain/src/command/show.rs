//! Commands as lines again, and the help text.

use super::{Command, Named};
use crate::guard::Switch;
use std::fmt;

/// Every call with an example, one a line.
pub fn help() -> String {
    [
        "10.0.0.12 startup            start a node's machine (also: start prod/node-12, startup @last)",
        "cluster-health prod          what is not well in a cluster (also: health prod)",
        "status                       what is firing, recovering and waiting",
        "nodes prod                   the nodes of a cluster",
        "alarms                       the newest alarms",
        "approve 1042                 say yes to a recovery's start",
        "stop 1042                    stop a recovery",
        "ack 1042                     I have seen that a recovery needs a person",
        "confirm 4821                 in a chat: yes to what it asked you back",
        "link 48213377                in a chat: this is me; the code is shown in Settings",
        "pause storage maintenance    nothing automatic begins",
        "freeze wrong nodes start     reads only, and undo by hand",
        "resume maintenance is over   lift the switch; needs a reason",
        "who                          who you are and what you may do",
        "help                         this list",
    ]
    .join("\n")
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start { target } => write!(f, "{target} startup"),
            Self::Health { cluster } => with(f, "cluster-health", cluster.as_deref()),
            Self::Status => f.write_str("status"),
            Self::Nodes { cluster } => with(f, "nodes", cluster.as_deref()),
            Self::Alarms => f.write_str("alarms"),
            Self::Approve { id } => write!(f, "approve {}", id.0),
            Self::Stop { id } => write!(f, "stop {}", id.0),
            Self::Acknowledge { id } => write!(f, "ack {}", id.0),
            Self::Confirm { code } => write!(f, "confirm {code}"),
            Self::Link { code } => write!(f, "link {code}"),
            Self::Switch { mode, reason } => {
                let verb = match mode {
                    Switch::Run => "resume",
                    Switch::Pause => "pause",
                    Switch::Freeze => "freeze",
                };
                with(f, verb, reason.as_deref())
            }
            Self::Who => f.write_str("who"),
            Self::Help => f.write_str("help"),
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip { ip } => f.write_str(ip),
            Self::Node {
                cluster: Some(cluster),
                node,
            } => write!(f, "{cluster}/{node}"),
            Self::Node {
                cluster: None,
                node,
            } => f.write_str(node),
            Self::Last => f.write_str("@last"),
        }
    }
}

fn with(f: &mut fmt::Formatter<'_>, verb: &str, rest: Option<&str>) -> fmt::Result {
    match rest {
        Some(rest) => write!(f, "{verb} {rest}"),
        None => f.write_str(verb),
    }
}
