//! Text on its way to Slack and back: nothing that we write is markup there, and what people write comes back as words.

use crate::words;
use engine::ports::Saying;
use serde_json::{Value, json};

/// Longest text of a section.
const SECTION_MAX: usize = 3000;
/// Longest text of a button.
const LABEL_MAX: usize = 75;
/// Most buttons in a row.
const ROW_MAX: usize = 25;
/// Longest text of one message: the blocks of a message hold some 13,200 characters together.
const TEXT_MAX: usize = 12_000;
/// How the id of each of our buttons begins.
pub const ACTION: &str = "line-";

/// The three characters by which Slack knows its links and mentions.
pub fn escape(text: &str) -> String {
    text.chars().map(escaped).collect()
}

fn escaped(letter: char) -> String {
    match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        other => other.to_string(),
    }
}

/// The text and the blocks of a message; the text stands in notifications.
pub fn message(saying: &Saying) -> (String, Vec<Value>) {
    let text = words::cut_for(&saying.text, TEXT_MAX, escape);
    let mut blocks: Vec<Value> = pieces(&text, SECTION_MAX)
        .iter()
        .filter(|piece| !piece.trim().is_empty())
        .map(|piece| json!({ "type": "section", "text": plain(piece) }))
        .collect();
    for (row, buttons) in saying.buttons.chunks(ROW_MAX).enumerate() {
        let elements: Vec<Value> = buttons
            .iter()
            .enumerate()
            .map(|(place, button)| {
                let label = pieces(&button.label, LABEL_MAX)
                    .into_iter()
                    .next()
                    .unwrap_or_default();
                json!({
                    "type": "button",
                    "action_id": format!("{ACTION}{}", row * ROW_MAX + place),
                    "text": plain(&label),
                    "value": button.line,
                })
            })
            .collect();
        blocks.push(json!({ "type": "actions", "elements": elements }));
    }
    (escape(&text), blocks)
}

/// Plain text, already escaped: no bold, no link, no emoji comes of it.
fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text, "emoji": false })
}

/// The escaped text in pieces of at most `max`, at line ends where possible; no escape is cut through.
fn pieces(text: &str, max: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for line in text.split_inclusive('\n') {
        let line = escape(line);
        if units(&piece) + units(&line) > max && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
        }
        let mut rest = line.as_str();
        while units(rest) > max {
            let end = whole(rest, max);
            pieces.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        piece.push_str(rest);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// How Slack counts: an emoji is two.
fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Where a text may be cut so that at most `max` remains and no escape is torn.
fn whole(text: &str, max: usize) -> usize {
    let mut counted = 0;
    let end = text
        .char_indices()
        .find(|(_, letter)| {
            counted += letter.len_utf16();
            counted > max
        })
        .map_or(text.len(), |(at, _)| at);
    // In escaped text every `&` begins an escape, which ends with `;`.
    match text[..end].rfind('&') {
        Some(start) if start > 0 && !text[start..end].contains(';') => start,
        _ => end,
    }
}

/// What a person wrote, as words: links become their text, escapes their character.
pub fn words_of(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((inside, behind)) = after.split_once('>') else {
            break;
        };
        words.push_str(before);
        words.push_str(&link(inside));
        rest = behind;
    }
    words.push_str(rest);
    // The ampersand comes last: `&amp;lt;` was written as `&lt;`.
    words
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// What stands for `http://x|label`, `#C1|general`, `@U1`, `!here` between the angle brackets.
fn link(inside: &str) -> String {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label)),
        None => (inside, None),
    };
    let sign = match target.chars().next() {
        Some('#') => "#",
        Some('@' | '!') => "@",
        _ => return label.unwrap_or(target).to_owned(),
    };
    let name = label.unwrap_or(&target[1..]).trim_start_matches(['@', '#']);
    format!("{sign}{name}")
}

/// The text without a mention of that user at its start, and whether the user is mentioned anywhere.
pub fn mention<'a>(text: &'a str, user: Option<&str>) -> (&'a str, bool) {
    let text = text.trim();
    let Some(user) = user else {
        return (text, false);
    };
    let open = format!("<@{user}");
    let is_ours = |at: &str| {
        at.strip_prefix(open.as_str())
            .is_some_and(|rest| rest.starts_with(['>', '|']))
    };
    let mentioned = text.match_indices('<').any(|(at, _)| is_ours(&text[at..]));
    match text.find('>') {
        Some(end) if is_ours(text) => {
            let rest = text[end + 1..].trim_start_matches([':', ',']);
            (rest.trim(), true)
        }
        _ => (text, mentioned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_with_whole_lines_and_whole_escapes() {
        assert_eq!(pieces("one\ntwo\nthree", 8), ["one\ntwo\n", "three"]);
        assert_eq!(pieces("abc<def", 5), ["abc", "&lt;d", "ef"]);
        assert_eq!(pieces("<<<", 4), ["&lt;", "&lt;", "&lt;"]);
        assert!(pieces("", 4).is_empty());
    }

    #[test]
    fn what_people_write_comes_back_as_words() {
        let written = "check <http://node-12.example.test|node-12.example.test> a &lt; b &amp;lt;";
        let words = "check node-12.example.test a < b &lt;";
        assert_eq!(words_of(written), words);
        assert_eq!(
            words_of("<#C1|general> <@U7> <!here> <https://x.test>"),
            "#general @U7 @here https://x.test"
        );
        assert_eq!(words_of("a < b <"), "a < b <");
    }

    #[test]
    fn only_our_own_mention_is_taken_off() {
        let us = Some("U1");
        assert_eq!(mention("<@U1>: approve 7", us), ("approve 7", true));
        assert_eq!(mention("<@U1|bot>\u{a0}approve 7", us), ("approve 7", true));
        assert_eq!(mention("hey <@U1>", us), ("hey <@U1>", true));
        assert_eq!(mention("<@U12> approve", us), ("<@U12> approve", false));
        assert_eq!(mention("<@U1> approve", None), ("<@U1> approve", false));
    }
}
