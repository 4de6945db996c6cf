//! A request of Mattermost: a slash command, an outgoing webhook or a press; its token or mark is looked at first.

use super::Me;
use engine::ports::{Button, Heard, HookRequest, Turned};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// What a command without words asks for.
const NOTHING_SAID: &str = "help";
/// A number of seconds stays below it for some thousand years; one of milliseconds is above it since 1973.
const MILLISECONDS: i64 = 100_000_000_000;

/// Reads the body, a form or JSON, into fields.
pub fn fields(body: &[u8]) -> Result<Value, Turned> {
    if body.trim_ascii_start().starts_with(b"{") {
        // The reader's own words would repeat what was sent.
        let wrong = |_| Turned::Unreadable("the body is no JSON".to_owned());
        return serde_json::from_slice(body).map_err(wrong);
    }
    let fields: Map<String, Value> = form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    Ok(Value::Object(fields))
}

/// Whether every token that the request shows is one of ours, and it shows one.
pub fn known(request: &HookRequest<'_>, fields: &Value, tokens: &[String]) -> bool {
    let header = (request.header)("authorization").and_then(|text| text.strip_prefix("Token "));
    let mut shown = [text(fields, "token"), header]
        .into_iter()
        .flatten()
        .peekable();
    // Each is compared in constant time with all of them.
    let ours = |shown: &str| {
        let fits = tokens.iter().fold(0, |fits, token| {
            fits | shown.as_bytes().ct_eq(token.as_bytes()).unwrap_u8()
        });
        fits == 1 && !shown.is_empty()
    };
    shown.peek().is_some() && shown.all(ours)
}

/// A slash command. Mattermost gives no time of its own.
pub fn slash(fields: &Value, now: Timestamp) -> Result<Heard, String> {
    Ok(Heard {
        id: format!("slash:{}", need(fields, "trigger_id")?),
        user: need(fields, "user_id")?,
        room: need(fields, "channel_id")?,
        thread: text(fields, "root_id").map(str::to_owned),
        at: now,
        text: or_help(text(fields, "text").unwrap_or_default()),
        to_us: true,
    })
}

/// A message that an outgoing webhook tells; `None` for our own.
pub fn message(fields: &Value, now: Timestamp, me: Option<&Me>) -> Result<Option<Heard>, String> {
    let user = need(fields, "user_id")?;
    if me.is_some_and(|me| me.id == user) {
        return Ok(None);
    }
    let said = text(fields, "text").unwrap_or_default().trim();
    // Without a word that triggers it, the webhook tells all that is said in a channel.
    let name = me.map(|me| format!("@{}", me.name));
    let called = [text(fields, "trigger_word"), name.as_deref()]
        .into_iter()
        .flatten()
        .find_map(|word| without(said, word));
    if said.is_empty() {
        return Ok(None);
    }
    Ok(Some(Heard {
        id: format!("msg:{}", need(fields, "post_id")?),
        user,
        room: need(fields, "channel_id")?,
        thread: text(fields, "root_id").map(str::to_owned),
        at: time(fields).unwrap_or(now),
        text: called.map_or_else(|| said.to_owned(), or_help),
        to_us: called.is_some() || text(fields, "trigger_word").is_some(),
    }))
}

/// The text without that whole word at its start.
fn without<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    let whole = !rest.starts_with(|one: char| one.is_alphanumeric() || "-_".contains(one));
    whole.then(|| rest.trim_start_matches([':', ',']).trim())
}

/// Seconds in a form, milliseconds in JSON.
fn time(fields: &Value) -> Option<Timestamp> {
    let told = fields.get("timestamp")?;
    let number = told
        .as_i64()
        .or_else(|| told.as_str()?.trim().parse().ok())
        .filter(|number| *number > 0)?;
    if number < MILLISECONDS {
        Timestamp::from_second(number).ok()
    } else {
        Timestamp::from_millisecond(number).ok()
    }
}

/// What stands behind a button and comes back when it is pressed: its line, and a mark by which we know it again.
/// `root`: the thread, which Mattermost does not tell of a press.
pub fn context(button: &Button, key: &str, root: Option<&str>, token: &str) -> Value {
    let root = root.unwrap_or_default();
    let mark = hex::encode(mac(token, &button.line, key, root).finalize().into_bytes());
    json!({ "line": button.line, "key": key, "root": root, "mark": mark })
}

/// The press of a button that carries a mark made with one of the tokens.
pub fn press(fields: &Value, now: Timestamp, tokens: &[String]) -> Result<Heard, Turned> {
    let context = &fields["context"];
    let part = |name| text(context, name).unwrap_or_default();
    let (line, key, root) = (part("line"), part("key"), part("root"));
    let mark = hex::decode(part("mark")).unwrap_or_default();
    let ours = tokens.iter().fold(false, |ours, token| {
        // Compared in constant time.
        mac(token, line, key, root).verify_slice(&mark).is_ok() | ours
    });
    if !ours || line.is_empty() {
        let why = "the button is none of ours".to_owned();
        return Err(Turned::Forged(why));
    }
    pressed(fields, line, root, now).map_err(Turned::Unreadable)
}

fn pressed(fields: &Value, line: &str, root: &str, now: Timestamp) -> Result<Heard, String> {
    let user = need(fields, "user_id")?;
    let post = need(fields, "post_id")?;
    let id = match text(fields, "trigger_id") {
        Some(trigger) => format!("button:{trigger}"),
        None => format!("button:{post}:{user}:{line}"),
    };
    let thread = if root.is_empty() {
        post
    } else {
        root.to_owned()
    };
    Ok(Heard {
        id,
        user,
        room: need(fields, "channel_id")?,
        thread: Some(thread),
        at: now,
        text: line.to_owned(),
        to_us: true,
    })
}

/// As JSON, so that no two buttons are written the same way.
fn mac(token: &str, line: &str, key: &str, root: &str) -> Hmac<Sha256> {
    let written = json!(["uncordon button", line, key, root]).to_string();
    let mac = Hmac::<Sha256>::new_from_slice(token.as_bytes());
    mac.expect("HMAC takes keys of every length")
        .chain_update(written.as_bytes())
}

fn or_help(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() { NOTHING_SAID } else { text }.to_owned()
}

/// A text that is there and is not empty.
pub fn text<'a>(fields: &'a Value, name: &str) -> Option<&'a str> {
    let text = fields.get(name)?.as_str()?;
    Some(text).filter(|text| !text.is_empty())
}

/// The same, where nothing can be understood without it.
fn need(fields: &Value, name: &str) -> Result<String, String> {
    text(fields, name)
        .map(str::to_owned)
        .ok_or_else(|| format!("{name} is missing"))
}
