//! What a person said, out of one update of the Bot API.

use super::Me;
use engine::ports::Heard;
use jiff::Timestamp;
use serde_json::Value;

/// What was said with an update; nothing for what is not for us or comes from no person.
pub(super) fn heard(me: &Me, update: &Value, now: Timestamp) -> Option<Heard> {
    match update.get("callback_query") {
        Some(query) => press(query, now),
        // Whoever edits a message does not say it again: that is another kind of update.
        None => message(me, update.get("message")?),
    }
}

/// The id of a press on a button, which waits for an answer.
pub(super) fn pressed(update: &Value) -> Option<&str> {
    update["callback_query"]["id"].as_str()
}

fn press(query: &Value, now: Timestamp) -> Option<Heard> {
    let under = &query["message"];
    Some(Heard {
        id: format!("cb:{}", query["id"].as_str()?),
        user: person(&query["from"])?,
        room: under["chat"]["id"].as_i64()?.to_string(),
        thread: Some(under["message_id"].as_i64()?.to_string()),
        // Telegram does not say when a button was pressed.
        at: now,
        text: query["data"].as_str()?.to_owned(),
        to_us: true,
    })
}

fn message(me: &Me, message: &Value) -> Option<Heard> {
    // A channel or a group may speak too, and hides who does it. What is forwarded was said by somebody else, somewhere else.
    if !message["sender_chat"].is_null() || !message["forward_origin"].is_null() {
        return None;
    }
    let chat = &message["chat"];
    let (room, id) = (chat["id"].as_i64()?, message["message_id"].as_i64()?);
    let above = &message["reply_to_message"];
    let (text, mentioned) = without_mention(me, message["text"].as_str()?, &message["entities"]);
    let (text, called) = match text.strip_prefix('/') {
        Some(call) => (command(me, call)?, true),
        None => (text, false),
    };
    let to_us = called
        || mentioned
        || chat["type"] == "private"
        || above["from"]["id"].as_i64() == Some(me.id);
    Some(Heard {
        id: format!("msg:{room}:{id}"),
        user: person(&message["from"])?,
        room: room.to_string(),
        thread: above["message_id"].as_i64().map(|id| id.to_string()),
        at: Timestamp::from_second(message["date"].as_i64()?).ok()?,
        text,
        to_us,
    })
}

fn person(from: &Value) -> Option<String> {
    let id = from["id"].as_i64()?;
    (from["is_bot"] != true).then(|| id.to_string())
}

/// The line of a command without its slash; `None` if it is meant for another bot. Telegram's commands have no dash in them.
fn command(me: &Me, call: &str) -> Option<String> {
    let end = call.find(char::is_whitespace).unwrap_or(call.len());
    let (name, rest) = (&call[..end], call[end..].trim());
    let name = match name.split_once('@') {
        Some((name, bot)) if bot.eq_ignore_ascii_case(&me.username) => name,
        Some(_) => return None,
        None => name,
    };
    // Opening the bot says `/start`, and a link to the bot can put a word of such letters behind it: whoever taps on a link
    // has not asked for the start of a node. An address has dots and `cluster/node` a slash; else there is `/startup`.
    let from_link = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if name.eq_ignore_ascii_case("start") && rest.chars().all(from_link) {
        return Some("help".to_owned());
    }
    let line = format!("{} {rest}", name.replace('_', "-"));
    Some(line.trim_end().to_owned())
}

/// The text without the first mention of us, and whether there was one.
fn without_mention(me: &Me, text: &str, entities: &Value) -> (String, bool) {
    // Telegram counts in UTF-16.
    let units: Vec<u16> = text.encode_utf16().collect();
    let at = format!("@{}", me.username);
    for entity in entities.as_array().into_iter().flatten() {
        let place = |name: &str| usize::try_from(entity[name].as_u64()?).ok();
        let (Some(from), Some(length)) = (place("offset"), place("length")) else {
            continue;
        };
        let Some(word) = units.get(from..from.saturating_add(length)) else {
            continue;
        };
        let ours = match entity["type"].as_str() {
            Some("mention") => String::from_utf16_lossy(word).eq_ignore_ascii_case(&at),
            Some("text_mention") => entity["user"]["id"].as_i64() == Some(me.id),
            _ => false,
        };
        if ours {
            let before = String::from_utf16_lossy(&units[..from]);
            let after = String::from_utf16_lossy(&units[from + length..]);
            let after = after.trim_start_matches([':', ',']).trim();
            let whole = format!("{} {after}", before.trim());
            return (whole.trim().to_owned(), true);
        }
    }
    (text.trim().to_owned(), false)
}
