//! Faults that tests put between a caller and the world.

mod effect;

pub use effect::Effect;

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One fault and the calls it is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Method and path, `*` for anything: `POST /v2.1/servers/*/action`.
    #[serde(rename = "match")]
    pub pattern: String,
    /// For how many calls; absent is for all.
    #[serde(default)]
    pub times: Option<u32>,
    /// What it does.
    #[serde(rename = "do")]
    pub effect: Effect,
    /// Seconds of `Retry-After`.
    #[serde(default)]
    pub retry_after: Option<u32>,
    /// Milliseconds for `slow` and `skew`, and how long a cut watch may live.
    #[serde(default)]
    pub delay_ms: Option<u64>,
}

/// The faults in force; the first that fits a call is used.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faults {
    /// The list as it was put.
    pub faults: Vec<Fault>,
    /// How often the list was replaced; open watches that fit a new cut end then.
    #[serde(skip)]
    pub generation: u64,
}

/// Whether a call is a watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It answers once.
    Once,
    /// It streams.
    Watch,
}

impl Fault {
    /// The delay it asks for, or `usual`.
    pub fn delay(&self, usual: u64) -> Duration {
        Duration::from_millis(self.delay_ms.unwrap_or(usual))
    }

    fn fits(&self, method: &str, path: &str, manner: Manner) -> bool {
        if self.effect == Effect::CutWatch && manner == Manner::Once {
            return false;
        }
        let Some((wanted, pattern)) = self.pattern.trim().split_once(char::is_whitespace) else {
            return glob(self.pattern.trim(), path);
        };
        (wanted == "*" || wanted.eq_ignore_ascii_case(method)) && glob(pattern.trim(), path)
    }
}

impl Faults {
    /// Puts a new list in force.
    pub fn replace(&mut self, faults: Vec<Fault>) {
        self.faults = faults;
        self.generation += 1;
    }

    /// The fault for a call; it is used up by one.
    pub fn take(&mut self, method: &str, path: &str, manner: Manner) -> Option<Fault> {
        let fault = self
            .faults
            .iter_mut()
            .find(|fault| fault.times != Some(0) && fault.fits(method, path, manner))?;
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        Some(fault.clone())
    }

    /// Whether a cut is in force for a watch that is already open.
    pub fn cuts(&self, path: &str) -> bool {
        self.faults
            .iter()
            .any(|fault| fault.effect == Effect::CutWatch && fault.fits("GET", path, Manner::Watch))
    }
}

/// Whether `text` fits a pattern in which `*` stands for anything.
fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in middle {
        let Some(place) = rest.find(piece) else {
            return false;
        };
        rest = &rest[place + piece.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests;
