//! Which calls are offered while a line is typed: plain search in a list that came with the page.

use serde::{Deserialize, Serialize};

/// Most calls that are offered.
pub const MOST: usize = 6;

/// A call and what it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The line.
    pub line: String,
    /// What it is about: an address, a state.
    pub what: String,
}

/// The calls in which every typed word begins a word, best first; none once a call is typed in full.
pub fn matching(calls: &[Call], typed: &str) -> Vec<Call> {
    let typed = typed.trim().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    if calls.iter().any(|call| call.line == typed) {
        return Vec::new();
    }
    let fits = |call: &&Call| {
        words
            .iter()
            .all(|word| begins(&call.line, word) || begins(&call.what, word))
    };
    // What the line itself begins with is meant sooner than what it is about.
    let (first, then): (Vec<&Call>, Vec<&Call>) = calls
        .iter()
        .filter(fits)
        .partition(|call| call.line.starts_with(&typed));
    first.into_iter().chain(then).take(MOST).cloned().collect()
}

/// Whether a word of the text begins so; `10.0.0` begins `10.0.0.12`, `12` begins the second part of `node-12`.
fn begins(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(word)
        .any(|(at, _)| at == 0 || text[..at].ends_with([' ', '-', '/', '(']))
}

#[cfg(test)]
mod tests {
    use super::{Call, MOST, matching};

    fn calls() -> Vec<Call> {
        let mut calls: Vec<Call> = [
            ("node-12 startup", "10.0.0.12 in prod, not Ready"),
            ("cluster-health prod", "read now"),
            ("status", "what is recovering and waiting"),
            ("stop 7", "node-12 in prod"),
        ]
        .map(|(line, what)| Call {
            line: line.to_owned(),
            what: what.to_owned(),
        })
        .to_vec();
        calls.extend((13..30).map(|n| Call {
            line: format!("node-{n} startup"),
            what: format!("10.0.0.{n} in prod"),
        }));
        calls
    }

    fn lines(typed: &str) -> Vec<String> {
        matching(&calls(), typed)
            .into_iter()
            .map(|call| call.line)
            .collect()
    }

    #[test]
    fn a_call_is_found_by_its_verb_its_node_and_its_address_in_either_order() {
        assert_eq!(lines("st")[..2], ["status", "stop 7"]);
        assert_eq!(lines("10.0.0.12"), ["node-12 startup"]);
        assert_eq!(lines("startup 12"), ["node-12 startup"]);
        assert_eq!(lines("HEALTH"), ["cluster-health prod"]);
        assert_eq!(lines("nothing of the kind"), [""; 0]);
    }

    #[test]
    fn at_most_six_are_offered_and_none_for_a_finished_line() {
        assert_eq!(lines("").len(), MOST);
        assert_eq!(lines("node").len(), MOST);
        assert_eq!(lines("status"), [""; 0]);
    }
}
