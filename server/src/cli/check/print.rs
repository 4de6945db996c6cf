//! How the doctor's table is printed.

use super::line::Line;
use serde::Serialize;
use serde_json::json;

/// Prints the table for people.
pub fn table(lines: &[Line]) {
    let width = lines.iter().map(|line| line.what.len()).max().unwrap_or(0);
    for line in lines {
        let (word, text) = line.found.told();
        println!("{word:4}  {:width$}  {text}", line.what);
    }
    let (well, warned, failed) = counts(lines);
    println!("{well} ok, {warned} to look at, {failed} failed");
}

/// Prints one object for programs.
pub fn json(lines: &[Line]) -> serde_json::Result<()> {
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
