//! Why a call to a cloud gave no usable answer.

use crate::secret::SecretError;
use domain::step::Answer;

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
    /// We held it back ourselves: nothing can have happened.
    #[error("{host} is not called for {seconds} s: too many calls")]
    Held {
        /// Host and port.
        host: String,
        /// For how long.
        seconds: u32,
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
    /// The cloud itself cannot see, or shows more than can be looked through.
    #[error("{0}")]
    Blind(String),
    /// No token or credentials: the call itself was not sent.
    #[error("sign-in{at} failed: {trouble}")]
    SignIn {
        /// Where, such as ` to Keystone`.
        at: &'static str,
        /// Why.
        trouble: Box<Trouble>,
    },
    /// A secret cannot be read.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// What is configured and what is there do not fit together.
    #[error("{0}")]
    Setup(String),
}

/// An error status with what it said.
#[derive(Debug)]
pub struct Refusal {
    /// HTTP status.
    pub code: u16,
    /// The service's own name for it, where it has one.
    pub name: Option<String>,
    /// The service's own sentence.
    pub message: String,
    /// From `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{} {name}: {}", self.code, self.message),
            None => write!(f, "{} {}", self.code, self.message),
        }
    }
}

impl Refusal {
    /// The service's own name for it.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// Whether its sentence has one of these words.
    pub fn says(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|word| message.contains(word))
    }
}

impl Trouble {
    /// A sign-in that failed.
    pub fn sign_in(self, at: &'static str) -> Self {
        Self::SignIn {
            at,
            trouble: Box::new(self),
        }
    }

    /// What the service refused with, where it did.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Status(refusal) => Some(refusal),
            Self::NotSent { .. }
            | Self::Held { .. }
            | Self::Lost { .. }
            | Self::Garbled { .. }
            | Self::Blind(_)
            | Self::SignIn { .. }
            | Self::Secret(_)
            | Self::Setup(_) => None,
        }
    }

    /// The status, where there was one.
    pub fn code(&self) -> Option<u16> {
        self.refusal().map(|refusal| refusal.code)
    }
}

/// The class of a start that failed; `status` classes what the service itself said. Everything that may have happened is
/// `Unknown`.
pub fn answer(trouble: &Trouble, status: impl Fn(&Refusal) -> Answer) -> Answer {
    let words = trouble.to_string();
    match trouble {
        Trouble::Status(refusal) => status(refusal),
        Trouble::SignIn { trouble, .. } => class(trouble, words),
        Trouble::Held { seconds, .. } => Answer::Throttled(words, Some(*seconds)),
        Trouble::NotSent { .. } | Trouble::Secret(_) => Answer::Retryable(words),
        Trouble::Lost { .. } | Trouble::Garbled { .. } | Trouble::Blind(_) => {
            Answer::Unknown(words)
        }
        Trouble::Setup(_) => Answer::Refused(words),
    }
}

/// The class of what went wrong before the start was sent: nothing can have happened, so nothing here is `Unknown`.
pub fn unsent(trouble: &Trouble) -> Answer {
    let inner = match trouble {
        Trouble::SignIn { trouble, .. } => trouble,
        other => other,
    };
    class(inner, trouble.to_string())
}

fn class(trouble: &Trouble, words: String) -> Answer {
    match trouble {
        Trouble::Status(refusal) => match refusal.code {
            429 | 413 => Answer::Throttled(words, refusal.retry_after),
            503 if refusal.retry_after.is_some() => Answer::Throttled(words, refusal.retry_after),
            500..=599 => Answer::Retryable(words),
            401 | 403 => Answer::Denied(words),
            _ => Answer::Refused(words),
        },
        Trouble::Setup(_) => Answer::Refused(words),
        Trouble::Held { seconds, .. } => Answer::Throttled(words, Some(*seconds)),
        Trouble::NotSent { .. }
        | Trouble::Lost { .. }
        | Trouble::Garbled { .. }
        | Trouble::Blind(_)
        | Trouble::Secret(_)
        | Trouble::SignIn { .. } => Answer::Retryable(words),
    }
}

/// The class of a status alone, for what no name of the service says more about.
pub fn by_code(refusal: &Refusal) -> Answer {
    let words = refusal.to_string();
    match refusal.code {
        429 => Answer::Throttled(words, refusal.retry_after),
        503 if refusal.retry_after.is_some() => Answer::Throttled(words, refusal.retry_after),
        503 => Answer::Retryable(words),
        401 | 403 => Answer::Denied(words),
        404 | 410 => Answer::NotFound(words),
        409 | 412 | 423 | 428 => Answer::Conflict(words),
        507 => Answer::Capacity(words),
        // It broke after it had the call.
        500..=599 => Answer::Unknown(words),
        _ => Answer::Refused(words),
    }
}
