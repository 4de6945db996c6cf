//! What is sent to Telegram: plain text, with buttons below it.

use crate::words;
use engine::ports::{Button, Saying};
use serde_json::{Value, json};

/// Most characters of a message, counted as Telegram does it: in UTF-16.
const TEXT_MAX: usize = 4096;
/// Most bytes that a button carries.
const DATA_MAX: usize = 64;

/// The body of `sendMessage`.
pub(super) fn message(saying: &Saying) -> Value {
    let mut body = content(saying);
    // What is meant for one person stands in that person's own chat, where the thread is not.
    let here = saying
        .only_to
        .as_ref()
        .is_none_or(|user| *user == saying.room);
    let thread = saying.thread.as_deref().filter(|_| here);
    if let Some(above) = thread.and_then(|id| above(&saying.room, id)) {
        body["reply_parameters"] =
            json!({ "message_id": above, "allow_sending_without_reply": true });
    }
    body
}

/// The number of the message under which something is said: a thread's, or what was heard there itself.
fn above(room: &str, id: &str) -> Option<i64> {
    let heard = id
        .strip_prefix("msg:")
        .and_then(|id| id.strip_prefix(room)?.strip_prefix(':'));
    heard.unwrap_or(id).parse().ok()
}

/// The body of `editMessageText`.
pub(super) fn replacement(message: &str, saying: &Saying) -> Value {
    let mut body = content(saying);
    body["message_id"] = number(message);
    body
}

fn content(saying: &Saying) -> Value {
    let fits = |button: &&Button| button.line.len() <= DATA_MAX;
    let (on, below): (Vec<&Button>, Vec<&Button>) = saying.buttons.iter().partition(fits);
    let rest = Saying {
        text: String::new(),
        buttons: below.into_iter().cloned().collect(),
        ..saying.clone()
    };
    let rest = words::without_buttons(&rest);
    let mut body = json!({
        // The private chat with a person has the person's id.
        "chat_id": number(saying.only_to.as_ref().unwrap_or(&saying.room)),
        "text": format!("{}{rest}", fitting(&saying.text, TEXT_MAX.saturating_sub(units(&rest)))),
        "link_preview_options": { "is_disabled": true },
    });
    if !on.is_empty() {
        // One below the other: on a telephone two long labels would not fit side by side.
        let row = |one: &&Button| json!([{ "text": one.label, "callback_data": one.line }]);
        body["reply_markup"] = json!({ "inline_keyboard": on.iter().map(row).collect::<Vec<_>>() });
    }
    body
}

/// Ids are numbers there; a channel may be called by its name instead.
fn number(id: &str) -> Value {
    id.parse::<i64>()
        .map_or_else(|_| Value::from(id), Value::from)
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn fitting(text: &str, most: usize) -> String {
    let mut max = most;
    loop {
        let cut = words::cut(text, max);
        if units(&cut) <= most || max == 0 {
            return cut;
        }
        max = max * 3 / 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saying(text: &str, lines: &[&str]) -> Saying {
        let button = |line: &&str| Button {
            label: "Do".to_owned(),
            line: (*line).to_owned(),
        };
        Saying {
            key: "k".to_owned(),
            room: "-100".to_owned(),
            thread: Some("7".to_owned()),
            only_to: None,
            text: text.to_owned(),
            buttons: lines.iter().map(button).collect(),
        }
    }

    #[test]
    fn a_line_too_long_for_a_button_stands_in_the_text_and_is_never_cut_off() {
        let long = format!("pause {}", "ż".repeat(40));
        let body = message(&saying(&"a\n".repeat(5000), &["approve 7", &long]));
        let text = body["text"].as_str().unwrap_or_default();
        assert!(text.ends_with(&format!("a\n..\nReply with one of\nDo: {long}")));
        assert!(units(text) <= TEXT_MAX);
        let keyboard = &body["reply_markup"]["inline_keyboard"];
        assert_eq!(
            keyboard,
            &json!([[{ "text": "Do", "callback_data": "approve 7" }]])
        );
    }

    #[test]
    fn a_text_of_wide_characters_is_cut_as_telegram_counts() {
        let body = message(&saying(&"🛠".repeat(4000), &[]));
        let text = body["text"].as_str().unwrap_or_default();
        assert!(units(text) <= TEXT_MAX && text.ends_with("\n.."));
    }

    #[test]
    fn what_is_for_one_person_goes_to_that_persons_own_chat_and_answers_nothing_there() {
        let mut one = saying("psst", &[]);
        assert_eq!(message(&one)["reply_parameters"]["message_id"], 7);
        one.thread = Some("msg:-100:8".to_owned());
        assert_eq!(message(&one)["reply_parameters"]["message_id"], 8);
        one.only_to = Some("42".to_owned());
        let body = message(&one);
        assert_eq!(body["chat_id"], 42);
        assert!(body.get("reply_parameters").is_none());
    }
}
