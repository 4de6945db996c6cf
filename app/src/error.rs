//! The one error of pages and acts, with its own words for people, typed over the wire.

use domain::guard::Warning;
use domain::id::RecoveryId;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why something was not done or not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum AppError {
    /// Nobody is signed in.
    #[error("Sign in first.")]
    SignedOut,
    /// The role does not allow it.
    #[error("This needs the role {needs}.")]
    NotAllowed {
        /// The role it needs.
        needs: String,
    },
    /// There is no such thing.
    #[error("{what} is not there.")]
    NotFound {
        /// What.
        what: String,
    },
    /// Something that was typed is wrong.
    #[error("{message}")]
    Invalid {
        /// Which field.
        field: String,
        /// What is wrong and what was expected.
        message: String,
        /// Character offset in the field.
        position: Option<usize>,
    },
    /// A recovery is already at work on the node.
    #[error("{}", .by.clone().unwrap_or_else(|| format!("Recovery {recovery} is already at work on this node.")))]
    AlreadyRecovering {
        /// That recovery.
        recovery: RecoveryId,
        /// Who asked for it and when, in a sentence.
        #[serde(default)]
        by: Option<String>,
    },
    /// Nothing is wrong with the node.
    #[error("{text}")]
    AlreadyHealthy {
        /// What was seen.
        text: String,
    },
    /// Something else with the same name or an older version stands against it.
    #[error("{text}")]
    Conflict {
        /// What.
        text: String,
    },
    /// What the person saw is no longer so.
    #[error("{text}")]
    Stale {
        /// What changed.
        text: String,
    },
    /// It came after its time, or after it was taken back.
    #[error("{text}")]
    Expired {
        /// Why, and that nothing was done.
        text: String,
    },
    /// A guard or the switch holds it back.
    #[error("{text}")]
    Held {
        /// Which, and what lifts it.
        text: String,
    },
    /// The node's short name must be typed first.
    #[error("Type {node} to confirm.")]
    ConfirmNeeded {
        /// What to type.
        node: String,
        /// Why.
        warnings: Vec<Warning>,
    },
    /// The same request is still under way.
    #[error("The same request is still under way.")]
    InProgress,
    /// The same key came with another body.
    #[error("This idempotency key was used for another request.")]
    OtherBody,
    /// Something we need does not answer.
    #[error("{text}")]
    Unavailable {
        /// What.
        text: String,
    },
    /// Our own fault; the log has it under this number.
    #[error("Something went wrong on our side (error {id}).")]
    Ours {
        /// Number in the log.
        id: String,
    },
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::MissingArg(field) => Self::Invalid {
                message: format!("{field} is missing"),
                field,
                position: None,
            },
            ServerFnErrorErr::Args(message) | ServerFnErrorErr::Deserialization(message) => {
                Self::Invalid {
                    field: "body".to_owned(),
                    message,
                    position: None,
                }
            }
            _ => Self::Ours {
                id: "transport".to_owned(),
            },
        }
    }
}
