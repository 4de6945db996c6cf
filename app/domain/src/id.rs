//! Names and numbers that are checked once, at the door.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that cannot be the name it was given for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {text:?} is not valid: {why}")]
pub struct BadName {
    what: &'static str,
    text: String,
    why: &'static str,
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "#{}", self.0)
            }
        }
    };
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal, $ok:expr, $why:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks the text once; afterwards the name cannot be wrong.
            pub fn parse(text: &str) -> Result<Self, BadName> {
                let ok: fn(char) -> bool = $ok;
                if !text.is_empty() && text.len() <= $max && text.trim() == text && text.chars().all(ok) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(BadName { what: $what, text: text.chars().take(80).collect(), why: $why })
                }
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadName;
            fn try_from(text: String) -> Result<Self, BadName> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

number!(
    /// A recovery, shown as `#1042`.
    RecoveryId
);
number!(
    /// An alarm.
    AlarmId
);
number!(
    /// A rule.
    RuleId
);

const fn dns(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.'
}

const fn slug(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.'
}

fn printable(c: char) -> bool {
    !c.is_control()
}

name!(
    /// A configured cluster, as in `[[cluster]] name`.
    ClusterName, "cluster name", 63, slug, "1 to 63 letters, digits, '-', '_' or '.'"
);
name!(
    /// A Kubernetes node (a DNS subdomain).
    NodeName, "node name", 253, dns, "1 to 253 lower-case letters, digits, '-' or '.'"
);
name!(
    /// A Kubernetes object's UID: survives nothing, so it tells a re-created node from the one that failed.
    NodeUid, "node uid", 128, slug, "1 to 128 letters, digits, '-', '_' or '.'"
);
name!(
    /// A configured alarm source, the last part of `/hooks/{source}`.
    SourceName, "alarm source", 63, slug, "1 to 63 letters, digits, '-', '_' or '.'"
);
name!(
    /// A rule's name, for people.
    RuleName, "rule name", 120, printable, "1 to 120 printable characters without blanks at the ends"
);
name!(
    /// A person's or token's name.
    PersonName, "name", 120, printable, "1 to 120 printable characters without blanks at the ends"
);
