//! Finds the valid call nearest to a line that is none: offered, never run.

use super::NotACommand;
use super::fold::{self, Word};
use super::parse::{VERBS, exact, wrong};

/// Edits a word may be away from a verb.
const EDITS: usize = 2;

/// The verb nearest to a word; none when nothing is near or the word is as short as the distance.
pub(super) fn verb(word: &str) -> Option<&'static str> {
    VERBS
        .into_iter()
        .map(|verb| (edits(word, verb), verb))
        .filter(|(edits, verb)| *edits <= EDITS && *edits * 2 < verb.len())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, verb)| verb)
}

/// Says that a word is not known, and the verb that is near.
pub(super) fn unknown(word: &Word) -> NotACommand {
    wrong(
        word,
        format!("{} is not known; help lists what is", word.text),
    )
}

/// The nearest line that is a call.
pub(super) fn call(words: &[Word]) -> Option<String> {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let mut candidates = Vec::new();
    for (at, word) in texts.iter().enumerate().take(2) {
        if let Some(verb) = verb(word).filter(|verb| verb != word) {
            let mut line = texts.clone();
            line[at] = verb;
            candidates.push(line.join(" "));
        }
    }
    if let [one, other, rest @ ..] = texts.as_slice() {
        let joined = format!("{one}-{other}");
        if VERBS.contains(&joined.as_str()) {
            candidates.push([&[joined.as_str()], rest].concat().join(" "));
        }
        candidates.push(format!("{one} {other}"));
    }
    if let [one] = texts.as_slice() {
        candidates.push(format!("{one} startup"));
    }
    candidates.into_iter().find(|line| {
        let only_a_name = !line.contains(|c: char| c.is_ascii_digit() || c == '/' || c == '@');
        let starts = line.ends_with(" startup") && only_a_name && texts.len() == 1;
        !starts && exact(line, &fold::words(line)).is_ok()
    })
}

/// Names that are at most two edits away from a word, nearest first, at most three.
pub fn names<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| (edits(&word, &name.to_lowercase()), name))
        .filter(|(edits, name)| *edits <= EDITS && *edits * 2 < name.len())
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
fn edits(one: &str, other: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if a.len().abs_diff(b.len()) > EDITS {
        return usize::MAX / 4;
    }
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replace.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}
