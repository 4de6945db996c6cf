//! What Slack tells, whether by a request or over a socket: slash commands, presses of buttons, messages.

use super::text::{ACTION, mention, words_of};
use engine::ports::Heard;
use jiff::Timestamp;
use serde_json::Value;

/// What a slash command or a mention without words asks for.
const NOTHING_SAID: &str = "help";

/// A slash command; its fields are the same in a form and over a socket. `at`: Slack gives no time of its own.
pub fn slash(fields: &Value, at: Timestamp) -> Result<Heard, String> {
    let text = words_of(text(fields, "/text").unwrap_or_default());
    Ok(Heard {
        id: format!("slash:{}", need(fields, "/trigger_id")?),
        user: need(fields, "/user_id")?,
        room: need(fields, "/channel_id")?,
        thread: None,
        at,
        text: or_help(text.trim()),
        to_us: true,
    })
}

/// A press of one of our buttons; `None` for whatever else people do with an app.
pub fn press(payload: &Value) -> Result<Option<Heard>, String> {
    let ours = text(payload, "/type") == Some("block_actions")
        && text(payload, "/actions/0/action_id").is_some_and(|id| id.starts_with(ACTION));
    if !ours {
        return Ok(None);
    }
    let user = need(payload, "/user/id")?;
    let acted = need(payload, "/actions/0/action_ts")?;
    let id = match text(payload, "/trigger_id") {
        Some(trigger) => format!("action:{trigger}"),
        None => format!("action:{acted}:{user}"),
    };
    // Nothing can stand under a message that only one person sees.
    let below = match payload.pointer("/container/is_ephemeral") {
        Some(Value::Bool(true)) => None,
        _ => text(payload, "/message/ts").or_else(|| text(payload, "/container/message_ts")),
    };
    let thread = text(payload, "/message/thread_ts")
        .or_else(|| text(payload, "/container/thread_ts"))
        .or(below);
    Ok(Some(Heard {
        id,
        user,
        room: need(payload, "/channel/id").or_else(|_| need(payload, "/container/channel_id"))?,
        thread: thread.map(str::to_owned),
        at: time(&acted)?,
        text: need(payload, "/actions/0/value")?,
        to_us: true,
    }))
}

/// A message of a person; `None` for our own words, those of other bots, changes and everything that is no message.
/// `us`: the user that we are, as far as it is known.
pub fn event(payload: &Value, us: Option<&str>) -> Result<Option<Heard>, String> {
    let null = Value::Null;
    let event = payload.get("event").unwrap_or(&null);
    let named = matches!(text(event, "/type"), Some("app_mention"));
    let message = named || matches!(text(event, "/type"), Some("message"));
    let by_bot = text(event, "/bot_id").is_some() || event.get("bot_profile").is_some();
    if !message || by_bot || text(event, "/subtype").is_some() {
        return Ok(None);
    }
    let user = need(event, "/user")?;
    let us = us.or_else(|| installed(payload));
    if us == Some(user.as_str()) {
        return Ok(None);
    }
    let (words, mentioned) = mention(text(event, "/text").unwrap_or_default(), us);
    if words.is_empty() && !mentioned {
        return Ok(None);
    }
    let ts = need(event, "/ts")?;
    let room = need(event, "/channel")?;
    let parent = text(event, "/parent_user_id");
    Ok(Some(Heard {
        // A mention comes as a message too, and each comes again where Slack waited too long for us.
        id: format!("msg:{room}:{ts}"),
        user,
        room,
        thread: text(event, "/thread_ts")
            .filter(|thread| *thread != ts)
            .map(str::to_owned),
        at: time(&ts)?,
        text: or_help(words_of(words).trim()),
        to_us: named
            || mentioned
            || text(event, "/channel_type") == Some("im")
            || (parent.is_some() && parent == us),
    }))
}

/// The bot that the event was sent for, as the event itself says.
fn installed(payload: &Value) -> Option<&str> {
    let all = payload.get("authorizations")?.as_array()?;
    let bot = all.iter().find(|one| one["is_bot"] == true)?;
    text(bot, "/user_id")
}

fn or_help(text: &str) -> String {
    if text.is_empty() { NOTHING_SAID } else { text }.to_owned()
}

/// A text that is there and is not empty.
pub fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    let text = value.pointer(pointer)?.as_str()?;
    Some(text).filter(|text| !text.is_empty())
}

/// The same, where nothing can be understood without it.
pub fn need(value: &Value, pointer: &str) -> Result<String, String> {
    text(value, pointer)
        .map(str::to_owned)
        .ok_or_else(|| format!("{} is missing", pointer.trim_start_matches('/')))
}

/// A time as Slack writes it: seconds, a point, microseconds.
fn time(text: &str) -> Result<Timestamp, String> {
    let wrong = || "a time is no Slack time".to_owned();
    let (seconds, part) = text.split_once('.').unwrap_or((text, "0"));
    let micros: i64 = format!("{part:0<6}").parse().map_err(|_| wrong())?;
    let seconds: i64 = seconds.parse().map_err(|_| wrong())?;
    let whole = seconds.checked_mul(1_000_000);
    whole
        .and_then(|whole| whole.checked_add(micros))
        .and_then(|micros| Timestamp::from_microsecond(micros).ok())
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_slack_is_read_to_the_microsecond() {
        let at = time("1531420618.000200").map(|at| at.to_string());
        assert_eq!(at, Ok("2018-07-12T18:36:58.0002Z".to_owned()));
        for wrong in ["", "soon", "1.x", "9999999999999999999.1"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
