//! A line of the doctor's table, and how the table is printed.

use serde::Serialize;
use serde_json::json;

/// One line of the table.
pub struct Line {
    /// What was looked at.
    pub what: String,
    /// What was found.
    pub found: Found,
}

/// What was found, in words; what is wrong comes with the way out.
pub enum Found {
    /// As it should be.
    Well(String),
    /// It works, but something is left out for want of it, or is not as safe as it could be.
    Lacking(String),
    /// It does not work.
    Failed(String),
}

impl Line {
    /// A line.
    pub fn new(what: impl Into<String>, found: Found) -> Self {
        Self {
            what: what.into(),
            found,
        }
    }
}

impl Found {
    /// Whether it does not work.
    pub const fn failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    fn told(&self) -> (&'static str, &str) {
        match self {
            Self::Well(text) => ("ok", text),
            Self::Lacking(text) => ("warn", text),
            Self::Failed(text) => ("FAIL", text),
        }
    }
}

impl From<cluster::Finding> for Found {
    fn from(finding: cluster::Finding) -> Self {
        match finding {
            cluster::Finding::Well(text) => Self::Well(text),
            cluster::Finding::Lacking(text) => Self::Lacking(text),
            cluster::Finding::Failed(text) => Self::Failed(text),
        }
    }
}

/// Prints the table for people.
pub fn print(lines: &[Line]) {
    let width = lines.iter().map(|line| line.what.len()).max().unwrap_or(0);
    for line in lines {
        let (word, text) = line.found.told();
        println!("{word:4}  {:width$}  {text}", line.what);
    }
    let (well, warned, failed) = counts(lines);
    println!("{well} ok, {warned} to look at, {failed} failed");
}

/// Prints one object for programs.
pub fn print_json(lines: &[Line]) -> serde_json::Result<()> {
    #[derive(Serialize)]
    struct Item<'a> {
        what: &'a str,
        found: String,
        text: &'a str,
    }
    let items: Vec<Item<'_>> = lines
        .iter()
        .map(|line| {
            let (word, text) = line.found.told();
            Item {
                what: &line.what,
                found: word.to_ascii_lowercase(),
                text,
            }
        })
        .collect();
    let (ok, warn, fail) = counts(lines);
    let all = json!({"items": items, "ok": ok, "warn": warn, "fail": fail});
    println!("{}", serde_json::to_string(&all)?);
    Ok(())
}

fn counts(lines: &[Line]) -> (usize, usize, usize) {
    let of = |word: &str| {
        lines
            .iter()
            .filter(|line| line.found.told().0 == word)
            .count()
    };
    (of("ok"), of("warn"), of("FAIL"))
}
