//! Makes the first pattern of a rule from a past alarm: its text, with what names the node turned into groups.

use std::net::IpAddr;

/// Characters of the alarm that become the pattern at most.
const TEXT_MAX: usize = 400;
const ADDRESS: &str = "[0-9A-Fa-f:.]+";
const NAME: &str = "[A-Za-z0-9.-]+";

/// The names that are known when a rule is begun.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Names and addresses of nodes.
    pub nodes: Vec<String>,
    /// Names and aliases of clusters.
    pub clusters: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Address,
    Node,
    Cluster,
    Number,
    Plain,
}

/// The pattern. It names the node wherever the text does; numbers of their own may be any number.
pub fn pattern_of(text: &str, names: &Names) -> String {
    let text = first_lines(text);
    let words = words(text);
    let kinds = kinds(text, &words, names);
    let main = main_address(text, &words, &kinds, names);
    let mut used = (false, false, false);
    let mut out = String::new();
    let mut at = 0;
    for ((start, end), kind) in words.iter().copied().zip(&kinds) {
        out.push_str(&escaped(&text[at..start]));
        let word = &text[start..end];
        match kind {
            Kind::Address if Some(start) == main.map(|(start, _)| start) => {
                out.push_str(&format!("(?P<ip>{ADDRESS})"));
            }
            Kind::Address if main.is_some_and(|(_, main)| main == word) && !used.0 => {
                used.0 = true;
                out.push_str(r"(?P<host>\S+)");
            }
            Kind::Address => out.push_str(ADDRESS),
            Kind::Node if !used.1 => {
                used.1 = true;
                out.push_str(&format!("(?P<node>{NAME})"));
            }
            Kind::Node => out.push_str(NAME),
            Kind::Cluster if !used.2 => {
                used.2 = true;
                out.push_str("(?P<cluster>[A-Za-z0-9._-]+)");
            }
            Kind::Number => out.push_str(&numbers(word)),
            Kind::Cluster | Kind::Plain => out.push_str(&escaped(word)),
        }
        at = end;
    }
    out.push_str(&escaped(&text[at..]));
    out
}

/// The text as a pattern that matches nothing else; runs of blanks may be any blanks.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut blank = false;
    for c in text.chars() {
        if matches!(c, '\n' | '\r' | '\t') {
            if !blank {
                out.push_str(r"\s+");
            }
            blank = true;
            continue;
        }
        blank = false;
        if r"\.+*?()|[]{}^$#&~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whole lines until the pattern would grow too long; a first line that is longer is cut at a word.
fn first_lines(text: &str) -> &str {
    let text = text.trim();
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if end + line.len() > TEXT_MAX {
            break;
        }
        end += line.len();
    }
    if end > 0 {
        return text[..end].trim_end();
    }
    let cut = (0..=text.len().min(TEXT_MAX)).rev();
    let cut = cut
        .into_iter()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let cut = text[..cut].rfind(' ').unwrap_or(cut);
    text[..cut].trim_end()
}

/// Where words begin and end: runs of what names and addresses are made of.
fn words(text: &str) -> Vec<(usize, usize)> {
    let part = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
    let mut found = Vec::new();
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (begin, part(c)) {
            (None, true) => begin = Some(at),
            (Some(start), false) => {
                let run = &text[start..at];
                if run.parse::<IpAddr>().is_ok() {
                    found.push((start, at));
                } else {
                    let front = run.len() - run.trim_start_matches(['.', ':', '-', '_']).len();
                    let kept = run.trim_matches(['.', ':', '-', '_']).len();
                    if kept > 0 {
                        found.push((start + front, start + front + kept));
                    }
                }
                begin = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    found
}

fn kinds(text: &str, words: &[(usize, usize)], names: &Names) -> Vec<Kind> {
    let of = |list: &[String], word: &str| list.iter().any(|one| one.eq_ignore_ascii_case(word));
    let mut kinds: Vec<Kind> = words
        .iter()
        .map(|(start, end)| {
            let word = &text[*start..*end];
            if word.parse::<IpAddr>().is_ok() {
                Kind::Address
            } else if of(&names.nodes, word) {
                Kind::Node
            } else if of(&names.clusters, word) {
                Kind::Cluster
            } else if word.contains(|c: char| c.is_ascii_digit())
                && word
                    .chars()
                    .all(|c| c.is_ascii_digit() || "-:.TZ".contains(c))
            {
                Kind::Number
            } else {
                Kind::Plain
            }
        })
        .collect();
    if !kinds
        .iter()
        .any(|kind| matches!(kind, Kind::Address | Kind::Node))
    {
        // No node is known by now: the first word with letters and a digit is most like a name.
        let like = words.iter().zip(&kinds).position(|((start, end), kind)| {
            let word = &text[*start..*end];
            *kind == Kind::Plain
                && word.contains(|c: char| c.is_ascii_alphabetic())
                && word.contains(|c: char| c.is_ascii_digit())
                && word
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
        });
        if let Some(at) = like {
            kinds[at] = Kind::Node;
        }
    }
    kinds
}

/// The address that names the node: the last one that is known, else the last one.
fn main_address<'t>(
    text: &'t str,
    words: &[(usize, usize)],
    kinds: &[Kind],
    names: &Names,
) -> Option<(usize, &'t str)> {
    let addresses: Vec<(usize, &str)> = words
        .iter()
        .zip(kinds)
        .filter(|(_, kind)| **kind == Kind::Address)
        .map(|((start, end), _)| (*start, &text[*start..*end]))
        .collect();
    let known = addresses
        .iter()
        .rev()
        .find(|(_, one)| names.nodes.iter().any(|name| name == one));
    known.or(addresses.last()).copied()
}

/// Each run of digits as any number.
fn numbers(word: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in word.chars() {
        if c.is_ascii_digit() {
            if !inside {
                out.push_str(r"\d+");
            }
            inside = true;
        } else {
            inside = false;
            out.push_str(&escaped(&c.to_string()));
        }
    }
    out
}
