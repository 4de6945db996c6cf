//! What people said, out of one room of an answer to a long poll.

use super::Me;
use engine::ports::Heard;
use jiff::Timestamp;
use serde_json::Value;

/// How a room is read.
pub(super) struct Reading<'a> {
    /// Who we are.
    pub me: &'a Me,
    /// Whether we know a message as one of ours.
    pub ours: &'a (dyn Fn(&str) -> bool + Sync),
    /// Whether what was said between our invitation and our coming is for us.
    pub since_invited: bool,
}

/// What was said in a room, in its order.
pub(super) fn heard(reading: &Reading<'_>, id: &str, room: &Value) -> Vec<Heard> {
    let Reading { me, ours, .. } = *reading;
    let events = events(room);
    let words = &events[arrival(reading, events)..];
    words
        .iter()
        .filter_map(|event| one(me, ours, id, event))
        .collect()
}

/// The first event of somebody else that we cannot read.
pub(super) fn encrypted<'a>(me: &Me, room: &'a Value) -> Option<&'a str> {
    let unreadable =
        |event: &&Value| event["type"] == "m.room.encrypted" && event["sender"] != me.id.as_str();
    let event = events(room).iter().find(unreadable)?;
    event["event_id"].as_str()
}

/// Whether somebody may have come or gone.
pub(super) fn may_have_moved(room: &Value) -> bool {
    room["timeline"]["limited"] == true
        || events(room)
            .iter()
            .any(|one| one["type"] == "m.room.member")
}

fn events(room: &Value) -> &[Value] {
    room["timeline"]["events"]
        .as_array()
        .map_or(&[], Vec::as_slice)
}

/// A room that we come into shows what was said in it before, which is not for us.
fn arrival(reading: &Reading<'_>, events: &[Value]) -> usize {
    let inside = |membership: &Value| {
        membership == "join" || (reading.since_invited && membership == "invite")
    };
    let came = |event: &Value| {
        event["type"] == "m.room.member"
            && event["state_key"] == reading.me.id.as_str()
            && inside(&event["content"]["membership"])
            && !inside(&event["unsigned"]["prev_content"]["membership"])
    };
    events.iter().rposition(came).unwrap_or(0)
}

fn one(me: &Me, ours: &dyn Fn(&str) -> bool, room: &str, event: &Value) -> Option<Heard> {
    let content = &event["content"];
    let user = event["sender"].as_str()?;
    // Notices are what bots say; a redacted message has no type left.
    if event["type"] != "m.room.message" || content["msgtype"] != "m.text" || user == me.id {
        return None;
    }
    let relation = &content["m.relates_to"];
    if relation["rel_type"] == "m.replace" {
        return None;
    }
    let thread = (relation["rel_type"] == "m.thread")
        .then(|| relation["event_id"].as_str())
        .flatten();
    let above = relation["m.in_reply_to"]["event_id"].as_str();
    let body = content["body"].as_str()?;
    let body = match above {
        Some(_) => without_quote(body),
        None => body,
    };
    let named = content["m.mentions"]["user_ids"]
        .as_array()
        .is_some_and(|all| all.iter().any(|one| one == me.id.as_str()));
    let (text, addressed) = match without_mention(me, named, body.trim()) {
        Some(rest) => (rest, true),
        None => (body.trim(), false),
    };
    let (text, called) = match text.strip_prefix('!') {
        // Clients keep a leading slash for themselves, so a bang stands for it.
        Some(rest) => (rest.trim_start(), true),
        None => (text, text.starts_with('/')),
    };
    let under_ours = thread.is_some_and(ours) || above.is_some_and(ours);
    Some(Heard {
        id: event["event_id"].as_str()?.to_owned(),
        user: user.to_owned(),
        room: room.to_owned(),
        thread: thread.map(str::to_owned),
        at: Timestamp::from_millisecond(event["origin_server_ts"].as_i64()?).ok()?,
        text: text.to_owned(),
        to_us: named || addressed || called || under_ours,
    })
}

/// An answer repeats what it answers, in front and as quoted lines.
fn without_quote(body: &str) -> &str {
    if !body.starts_with("> <") && !body.starts_with("> * <") {
        return body;
    }
    let mut rest = body;
    while rest.starts_with('>') {
        rest = rest.split_once('\n').map_or("", |(_, after)| after);
    }
    rest
}

/// What follows our name at the beginning; our display name alone is a common word, so it needs a mark or a mention.
fn without_mention<'a>(me: &Me, named: bool, body: &'a str) -> Option<&'a str> {
    let local = me.id.split(':').next().unwrap_or_default();
    let marked = |rest: &'a str| rest.trim_start().strip_prefix([':', ',']);
    let parted =
        |rest: &'a str| (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest);
    let after = |name: &str| {
        body.get(..name.len())
            .filter(|had| had.eq_ignore_ascii_case(name))
            .map(|_| &body[name.len()..])
    };
    for id in [me.id.as_str(), local] {
        if let Some(rest) = after(id).and_then(|rest| parted(rest).or_else(|| marked(rest))) {
            return Some(rest.trim());
        }
    }
    let display = me.display.as_deref().filter(|name| !name.is_empty())?;
    [display.to_owned(), format!("@{display}")]
        .iter()
        .filter_map(|name| after(name))
        .find_map(|rest| marked(rest).or_else(|| parted(rest).filter(|_| named)))
        .map(str::trim)
}
