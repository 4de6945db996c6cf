//! The one grammar of chat, command page and REST: parsed here, nothing is guessed.
//!
//! ```text
//! line    = [ "/" ] , call , [ "." ] ;
//! call    = start | health | nodes | answer | hold | resume | code | "status" | "alarms" | "who" | "help" ;
//! start   = target , ws , ( "startup" | "start" ) | ( "startup" | "start" ) , ws , target ;
//! health  = ( "cluster-health" | "health" ) , [ ws , cluster ] | cluster , ws , ( "cluster-health" | "health" ) ;
//! nodes   = "nodes" , [ ws , cluster ] | cluster , ws , "nodes" ;
//! answer  = ( "approve" | "stop" | "ack" ) , ws , [ "#" ] , digit , { digit } ;
//! code    = ( "confirm" | "link" ) , ws , digit , { digit } ;   (* only in a chat; 4 and 8 digits *)
//! hold    = ( "pause" | "freeze" ) , [ ws , reason ] ;
//! resume  = "resume" , ws , reason ;
//! target  = ipv4 | ipv6 | "[" , ipv6 , "]" | node | cluster , "/" , ( node | ipv4 | ipv6 ) | "@last" ;
//! reason  = word , { ws , word } ;                  (* to the end of the line, case kept *)
//! ws      = blank , { blank } ;
//! ```
//!
//! Before that: case is folded, every kind of blank is one blank, curly quotes and long dashes become plain ones,
//! quotes around a word are taken off. A part of an IPv4 address with a leading zero is refused.

mod fold;
mod nearest;
mod parse;
mod show;
mod target;

pub use nearest::names as nearest_names;
pub use parse::parse;
pub use show::help;

use crate::guard::Switch;
use crate::id::RecoveryId;
use serde::{Deserialize, Serialize};

/// The words of a start. A phone without a connection knows a start by them, and keeps it as a draft.
pub const STARTS: [&str; 2] = ["startup", "start"];

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Command {
    /// `<target> startup`, `start <target>`.
    Start {
        /// Whom.
        target: Named,
    },
    /// `cluster-health <cluster>`, `health`.
    Health {
        /// `None`: the only cluster, else all.
        cluster: Option<String>,
    },
    /// `status`.
    Status,
    /// `nodes <cluster>`.
    Nodes {
        /// `None`: the only cluster.
        cluster: Option<String>,
    },
    /// `alarms`.
    Alarms,
    /// `approve <id>`.
    Approve {
        /// Which recovery.
        id: RecoveryId,
    },
    /// `stop <id>`.
    Stop {
        /// Which recovery.
        id: RecoveryId,
    },
    /// `ack <id>`.
    Acknowledge {
        /// Which recovery.
        id: RecoveryId,
    },
    /// `confirm <code>`: says yes to what a chat asked back.
    Confirm {
        /// The four digits.
        code: String,
    },
    /// `link <code>`: from now on this chat's user is that person.
    Link {
        /// The eight digits.
        code: String,
    },
    /// `pause|freeze [reason]`, `resume <reason>`.
    Switch {
        /// New position.
        mode: Switch,
        /// Why.
        reason: Option<String>,
    },
    /// `who`.
    Who,
    /// `help`.
    Help,
}

impl Command {
    /// Whether it changes anything; what only reads runs at once.
    pub const fn acts(&self) -> bool {
        match self {
            Self::Start { .. }
            | Self::Approve { .. }
            | Self::Stop { .. }
            | Self::Acknowledge { .. }
            | Self::Confirm { .. }
            | Self::Link { .. }
            | Self::Switch { .. } => true,
            Self::Health { .. }
            | Self::Status
            | Self::Nodes { .. }
            | Self::Alarms
            | Self::Who
            | Self::Help => false,
        }
    }
}

/// Whom a start is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Named {
    /// An IPv4 or IPv6 address, normalised.
    Ip {
        /// The address.
        ip: String,
    },
    /// A node's name, maybe with its cluster.
    Node {
        /// Cluster, if given as `cluster/node`.
        cluster: Option<String>,
        /// Name.
        node: String,
    },
    /// `@last`: the node of the last alarm or recovery.
    Last,
}

/// Why a line is not a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct NotACommand {
    /// What was not understood, in words.
    pub message: String,
    /// The nearest valid call, if one is near.
    pub nearest: Option<String>,
    /// Character offset of the word that was not understood.
    pub position: usize,
}
