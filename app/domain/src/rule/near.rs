//! Where a pattern that matches nothing stops matching: the alarms it comes nearest to.

use super::looked_at;
use super::pattern::compile;
use regex::Regex;
use regex_syntax::ast::{Ast, LiteralKind, parse::Parser};

/// Most beginnings of a pattern that are tried.
const STEPS: usize = 24;

/// The beginnings of a pattern, shortest first, each a pattern of its own.
#[derive(Debug, Clone)]
pub struct Steps(Vec<(usize, Regex)>);

/// How far a text follows a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Bytes of the pattern that still match.
    pub pattern: usize,
    /// The part of the text they match, in bytes.
    pub start: usize,
    /// Its end.
    pub end: usize,
}

impl Steps {
    /// Cuts a pattern after each word and each part that is more than letters.
    pub fn new(pattern: &str) -> Self {
        let ends = ends(pattern);
        // Far fewer are enough to find the place.
        let every = ends.len().div_ceil(STEPS).max(1);
        let kept = ends.iter().rev().step_by(every).rev();
        let one = |end: &usize| Some((*end, compile(&pattern[..*end]).ok()?));
        Self(kept.filter_map(one).collect())
    }

    /// How far a text follows; `None` when not even the beginning is there.
    pub fn reach(&self, text: &str) -> Option<Reach> {
        let text = looked_at(text);
        // What a longer beginning matches, each shorter one matches too.
        let count = self.0.partition_point(|(_, step)| step.is_match(text));
        let (pattern, step) = self.0.get(count.checked_sub(1)?)?;
        let found = step.find(text).filter(|found| !found.is_empty())?;
        Some(Reach {
            pattern: *pattern,
            start: found.start(),
            end: found.end(),
        })
    }
}

/// Byte offsets in a pattern where a beginning of it may end.
fn ends(pattern: &str) -> Vec<usize> {
    let Ok(Ast::Concat(ref whole)) = Parser::new().parse(pattern) else {
        return Vec::new();
    };
    let mut ends = Vec::new();
    let mut parts = whole.asts.iter().peekable();
    while let Some(part) = parts.next() {
        let within_word = matches!((part, parts.peek()), (Ast::Literal(one), Some(Ast::Literal(next)))
            if !(next.c == ' ' && next.kind == LiteralKind::Verbatim) && one.c != ' ');
        if !within_word {
            ends.push(part.span().end.offset);
        }
    }
    ends
}
