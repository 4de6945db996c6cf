//! The one place that compiles and matches a pattern: preview, replay over history and the live path alike.

use super::{Captures, Draft, Match, PATTERN_MAX, PatternError, Rule, looked_at};
use regex::{Regex, RegexBuilder};
use regex_syntax::ast::parse::ParserBuilder;
use std::collections::BTreeMap;

/// Compiled size allowed, in bytes; real rules need 2 to 200 KiB.
const SIZE_LIMIT: usize = 256 * 1024;
/// Cache of the lazy automaton, in bytes.
const DFA_LIMIT: usize = 1024 * 1024;
/// Nesting allowed.
const NEST_LIMIT: u32 = 50;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles a rule's pattern, or explains in words and with a position why not.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        Self::checked(compile(text)?)
    }

    /// Compiles a pattern that only has to match, and names no node.
    pub fn plain(text: &str) -> Result<Self, PatternError> {
        compile(text).map(Self)
    }

    fn checked(regex: Regex) -> Result<Self, PatternError> {
        if regex.is_match("") {
            return Err(plain(
                "the pattern matches the empty text: it would match every alarm",
            ));
        }
        if !regex
            .capture_names()
            .flatten()
            .any(|name| matches!(name, "host" | "ip" | "node"))
        {
            return Err(plain(
                "the pattern has no named group that names the node: add (?P<ip>..), (?P<node>..) or (?P<host>..)",
            ));
        }
        Ok(Self(regex))
    }

    /// Matches a text; looks at its first 8 KiB.
    pub fn find(&self, text: &str) -> Option<Match> {
        let caught = self.0.captures(looked_at(text))?;
        let whole = caught.get(0)?;
        let group = |name: &str| {
            caught
                .name(name)
                .map(|one| one.as_str().trim().to_owned())
                .filter(|one| !one.is_empty())
        };
        Some(Match {
            start: whole.start(),
            end: whole.end(),
            captures: Captures {
                host: group("host"),
                ip: group("ip"),
                node: group("node"),
                cluster: group("cluster"),
            },
        })
    }
}

/// Compiles within the limits that keep every pattern cheap.
pub(super) fn compile(text: &str) -> Result<Regex, PatternError> {
    if text.trim().is_empty() {
        return Err(plain("the pattern is empty: it would match every alarm"));
    }
    if text.len() > PATTERN_MAX {
        return Err(plain(&format!(
            "the pattern is longer than {PATTERN_MAX} bytes"
        )));
    }
    if let Err(error) = ParserBuilder::new()
        .nest_limit(NEST_LIMIT)
        .build()
        .parse(text)
    {
        let at = text[..error.span().start.offset].chars().count();
        return Err(PatternError {
            message: format!("{} at position {at}", error.kind()),
            position: Some(at),
        });
    }
    let built = RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(DFA_LIMIT)
        .nest_limit(NEST_LIMIT)
        .build();
    match built {
        Ok(regex) => Ok(regex),
        Err(regex::Error::CompiledTooBig(limit)) => Err(plain(&format!(
            "the pattern needs more than {limit} bytes once compiled: use smaller repetitions, or (?-u) where plain ASCII is enough"
        ))),
        Err(error) => Err(plain(&last_line(&error.to_string()))),
    }
}

fn plain(message: &str) -> PatternError {
    PatternError {
        message: message.to_owned(),
        position: None,
    }
}

fn last_line(text: &str) -> String {
    text.lines()
        .last()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}

/// A rule ready to look at alarms.
#[derive(Debug, Clone)]
pub struct Armed {
    /// The rule.
    pub rule: Rule,
    pattern: Pattern,
}

impl Armed {
    /// Compiles a rule's pattern.
    pub fn new(rule: Rule) -> Result<Self, PatternError> {
        let pattern = Pattern::parse(&rule.draft.pattern)?;
        Ok(Self { rule, pattern })
    }

    fn find(&self, text: &str, labels: &BTreeMap<String, String>) -> Option<Match> {
        if !self.rule.draft.enabled || !labels_match(&self.rule.draft, labels) {
            return None;
        }
        self.pattern.find(text)
    }
}

fn labels_match(draft: &Draft, labels: &BTreeMap<String, String>) -> bool {
    draft
        .labels
        .iter()
        .all(|(key, value)| labels.get(key) == Some(value))
}

/// The first rule, by position, that takes the alarm, and what it caught.
pub fn answer<'a>(
    rules: &'a [Armed],
    text: &str,
    labels: &BTreeMap<String, String>,
) -> Option<(&'a Rule, Match)> {
    rules
        .iter()
        .find_map(|armed| armed.find(text, labels).map(|found| (&armed.rule, found)))
}
