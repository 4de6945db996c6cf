//! People, their ways in, and what they did; secrets are known here by their hashes only.

mod attempt;
mod audit;
mod code;
mod idempotency;
mod invite;
pub(crate) mod person;
mod preference;
mod session;
mod token;

pub use attempt::Attempt;
pub use audit::{AuditRow, NewAudit};
pub use code::CODE_GUESSES;
pub use idempotency::{Begun, Kept};
pub use invite::{Invite, Uses};
pub use person::Account;
pub use session::{PERSON, SignedIn};
pub use token::Token;

use sha2::{Digest, Sha256};

/// SHA-256 of a secret with at least 128 random bits, or of a short-lived code.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of a secret as its owner holds it, or of a request's body.
    pub fn of(secret: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(secret).into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hash(..)")
    }
}
