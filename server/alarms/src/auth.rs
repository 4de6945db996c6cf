//! Who may send alarms: bearer or basic, per source, kept as hashes and compared in constant time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// What a source has to show; several of each may be valid at once, for rotation.
#[derive(Clone, Default)]
pub struct Expected {
    bearers: Vec<Hash>,
    basics: Vec<Hash>,
}

type Hash = [u8; 32];

/// Why a sender is turned away; every case is a 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The source has no secret, so nobody can have it.
    #[error("no secret is configured for this alarm source")]
    NoneSet,
    /// No header.
    #[error("the Authorization header is missing")]
    Missing,
    /// Neither bearer nor basic, or one that this source does not use.
    #[error("the Authorization header has a scheme that this alarm source does not use")]
    Scheme,
    /// Wrong secret.
    #[error("the token or password is wrong")]
    Wrong,
}

impl Expected {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also takes this bearer token; an empty one is never taken.
    #[must_use]
    pub fn bearer(mut self, token: &str) -> Self {
        if !token.is_empty() {
            self.bearers.push(hash(&[token]));
        }
        self
    }

    /// Also takes a bearer token of which only the SHA-256 is known.
    #[must_use]
    pub fn bearer_hash(mut self, sha256: [u8; 32]) -> Self {
        self.bearers.push(sha256);
        self
    }

    /// Also takes this user and password; an empty password is never taken.
    #[must_use]
    pub fn basic(mut self, user: &str, password: &str) -> Self {
        if !password.is_empty() {
            self.basics.push(hash(&[user, ":", password]));
        }
        self
    }

    /// Whether nothing is known that a sender could show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bearers.is_empty() && self.basics.is_empty()
    }

    /// Checks the value of the `Authorization` header.
    pub fn check(&self, authorization: Option<&str>) -> Result<(), Denied> {
        if self.is_empty() {
            return Err(Denied::NoneSet);
        }
        let (scheme, rest) = authorization
            .and_then(|value| value.trim().split_once(' '))
            .ok_or(Denied::Missing)?;
        let (known, shown) = match scheme.to_ascii_lowercase().as_str() {
            "bearer" => (&self.bearers, hash(&[rest.trim()])),
            "basic" => (
                &self.basics,
                STANDARD
                    .decode(rest.trim())
                    .map(|pair| digest(&pair))
                    .map_err(|_| Denied::Wrong)?,
            ),
            _ => return Err(Denied::Scheme),
        };
        if known.is_empty() {
            return Err(Denied::Scheme);
        }
        // All are compared, so that the time does not tell which one was close.
        let hit = known
            .iter()
            .fold(Choice::from(0), |hit, one| hit | one.ct_eq(&shown));
        if hit.into() {
            Ok(())
        } else {
            Err(Denied::Wrong)
        }
    }
}

impl std::fmt::Debug for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Expected({} bearer, {} basic)",
            self.bearers.len(),
            self.basics.len()
        )
    }
}

fn hash(parts: &[&str]) -> Hash {
    digest(parts.concat().as_bytes())
}

fn digest(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests;
