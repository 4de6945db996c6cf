//! The name of a check: short, plain, and small enough to be part of a step's kind.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest name, in bytes.
const LONGEST: usize = 32;

/// A checked name: 1 to 32 lower-case letters, digits or `-`, none of these at its ends. A step's kind holds it by value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CheckName {
    bytes: [u8; LONGEST],
    len: u8,
}

/// A text that cannot be the name of a check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the name of a check: expected 1 to 32 lower-case letters, digits or '-'")]
pub struct BadCheckName(String);

impl CheckName {
    /// Checks the text once.
    pub fn parse(text: &str) -> Result<Self, BadCheckName> {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        let ends = text.starts_with('-') || text.ends_with('-');
        if text.is_empty() || text.len() > LONGEST || ends || !text.bytes().all(plain) {
            return Err(BadCheckName(text.chars().take(80).collect()));
        }
        let mut bytes = [0; LONGEST];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self {
            bytes,
            len: u8::try_from(text.len()).unwrap_or(0),
        })
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl TryFrom<String> for CheckName {
    type Error = BadCheckName;
    fn try_from(text: String) -> Result<Self, BadCheckName> {
        Self::parse(&text)
    }
}

impl From<CheckName> for String {
    fn from(name: CheckName) -> Self {
        name.as_str().to_owned()
    }
}

impl fmt::Display for CheckName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CheckName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckName({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::CheckName;

    #[test]
    fn only_plain_short_names_are_taken() {
        for good in ["a", "shop-answers", "9", &"x".repeat(32)] {
            assert_eq!(
                CheckName::parse(good).map(String::from).as_deref(),
                Ok(good)
            );
        }
        for bad in [
            "",
            "-a",
            "a-",
            "A",
            "a b",
            "a/b",
            "ä",
            "a:b",
            &"x".repeat(33),
        ] {
            assert!(CheckName::parse(bad).is_err(), "{bad:?}");
        }
    }
}
