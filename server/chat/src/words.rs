//! Texts for chats: what stands below a text where a chat has no buttons.

use engine::ports::Saying;
use std::fmt::Write as _;

/// The text with the lines of its buttons below, for chats without buttons.
pub fn without_buttons(saying: &Saying) -> String {
    let mut text = saying.text.clone();
    if !saying.buttons.is_empty() {
        let lines: Vec<String> = saying
            .buttons
            .iter()
            .map(|one| format!("{}: {}", one.label, one.line))
            .collect();
        // Writing into a string cannot fail.
        let _ = write!(text, "\nReply with one of\n{}", lines.join("\n"));
    }
    text
}

/// The text cut to what a chat takes, at a line where possible; `max` in characters.
pub fn cut(text: &str, max: usize) -> String {
    const MORE: &str = "\n..";
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max.saturating_sub(MORE.len())).collect();
    let end = kept.rfind('\n').filter(|at| *at > 0).unwrap_or(kept.len());
    format!("{}{MORE}", &kept[..end])
}

/// The text cut so that `escape` makes at most `max` characters of it.
pub fn cut_for(text: &str, max: usize, escape: impl Fn(&str) -> String) -> String {
    let mut taken = max;
    loop {
        let kept = cut(text, taken);
        let long = escape(&kept).chars().count();
        if long <= max || taken == 0 {
            return kept;
        }
        // Escapes made it longer than it was: less of it is taken, in proportion.
        taken = (taken * max / long).min(taken - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ports::Button;

    #[test]
    fn a_chat_without_buttons_shows_their_lines() {
        let saying = Saying {
            key: String::new(),
            room: String::new(),
            thread: None,
            only_to: None,
            text: "node-12 waits for your yes".to_owned(),
            buttons: vec![Button {
                label: "Approve".to_owned(),
                line: "approve 7".to_owned(),
            }],
        };
        assert_eq!(
            without_buttons(&saying),
            "node-12 waits for your yes\nReply with one of\nApprove: approve 7"
        );
    }

    #[test]
    fn a_text_that_is_too_long_ends_with_a_whole_line_and_says_that_there_is_more() {
        assert_eq!(cut("one\ntwo", 7), "one\ntwo");
        assert_eq!(cut("one\ntwo\nthree", 10), "one\n..");
        let long = cut(&"ż".repeat(50), 20);
        assert!(long.chars().count() <= 20 && long.ends_with(".."), "{long}");
    }
}
