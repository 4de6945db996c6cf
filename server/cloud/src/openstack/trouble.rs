//! Why a call to OpenStack gave no usable answer.

use crate::secret::SecretError;

/// A call that did not give what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The request never left: nothing can have happened.
    #[error("{host} cannot be reached: {why}")]
    NotSent {
        /// Host and port.
        host: String,
        /// Why.
        why: String,
    },
    /// The request left and no answer came back: it may have happened.
    #[error("no answer from {host}: {why}")]
    Lost {
        /// Host and port.
        host: String,
        /// Why.
        why: String,
    },
    /// Another status than the one asked for.
    #[error("{0}")]
    Status(Refusal),
    /// A good status with a body that makes no sense.
    #[error("the answer of {host} makes no sense: {why}")]
    Garbled {
        /// Host and port.
        host: String,
        /// Why.
        why: String,
    },
    /// Nova itself cannot see, or shows more than can be looked through.
    #[error("{0}")]
    Blind(String),
    /// No token: the call itself was not sent.
    #[error("sign-in to Keystone failed: {0}")]
    SignIn(Box<Trouble>),
    /// The password cannot be read.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// The catalog has no compute endpoint for us.
    #[error("{0}")]
    Catalog(String),
}

/// An error status with what it said.
#[derive(Debug, thiserror::Error)]
#[error("{code} {message}")]
pub struct Refusal {
    /// HTTP status.
    pub code: u16,
    /// The service's own sentence.
    pub message: String,
    /// From `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
}

impl Trouble {
    /// The status, where there was one.
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Status(refusal) => Some(refusal.code),
            Self::NotSent { .. }
            | Self::Lost { .. }
            | Self::Garbled { .. }
            | Self::Blind(_)
            | Self::SignIn(_)
            | Self::Secret(_)
            | Self::Catalog(_) => None,
        }
    }
}
