//! A request of Slack: its signature first, then what it says.

use super::events::{event, need, press, slash, text};
use engine::ports::{HookRequest, Hooked, Turned};
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use sha2::Sha256;

/// How far the signed time may be from ours.
const WINDOW: SignedDuration = SignedDuration::from_mins(5);
const TIME: &str = "x-slack-request-timestamp";
const SIGNATURE: &str = "x-slack-signature";

/// Checks the signature over the raw body; answers the signed time.
pub fn signed(request: &HookRequest<'_>, secret: &str) -> Result<Timestamp, Turned> {
    let header = |name| {
        (request.header)(name).ok_or_else(|| forged(&format!("the {name} header is missing")))
    };
    let shown = header(SIGNATURE)?;
    let written = header(TIME)?;
    let at = written
        .parse::<i64>()
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .filter(|at| request.now.duration_since(*at).abs() <= WINDOW)
        .ok_or_else(|| {
            forged(&format!(
                "the {TIME} header is not a time within 5 minutes of now"
            ))
        })?;
    let wrong = || forged("the signature does not fit the body and the secret");
    let bytes = shown
        .strip_prefix("v0=")
        .and_then(|hex| hex::decode(hex).ok())
        .ok_or_else(wrong)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| wrong())?;
    mac.update(format!("v0:{written}:").as_bytes());
    mac.update(request.body);
    // Compared in constant time.
    mac.verify_slice(&bytes).map_err(|_| wrong())?;
    Ok(at)
}

/// What a request says that was signed at `at`.
pub fn read(body: &[u8], at: Timestamp, us: Option<&str>) -> Result<Hooked, Turned> {
    // Events are JSON; the rest are forms, in which no brace stands unescaped.
    let read = if body.trim_ascii_start().starts_with(b"{") {
        told(body, us)
    } else {
        form(body, at)
    };
    read.map_err(Turned::Unreadable)
}

fn told(body: &[u8], us: Option<&str>) -> Result<Hooked, String> {
    let payload = json(body)?;
    match text(&payload, "/type") {
        Some("url_verification") => Ok(Hooked {
            heard: Vec::new(),
            answer: Some(("text/plain", need(&payload, "/challenge")?)),
        }),
        Some("event_callback") => Ok(Hooked {
            heard: event(&payload, us)?.into_iter().collect(),
            answer: None,
        }),
        _ => Ok(Hooked::default()),
    }
}

fn form(body: &[u8], at: Timestamp) -> Result<Hooked, String> {
    let fields: Map<String, Value> = form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    let fields = Value::Object(fields);
    let heard = if let Some(payload) = text(&fields, "/payload") {
        press(&json(payload.as_bytes())?)?
    } else if text(&fields, "/ssl_check").is_some() {
        // Slack looks at the certificate now and then.
        None
    } else {
        need(&fields, "/command")?;
        Some(slash(&fields, at)?)
    };
    Ok(Hooked {
        heard: heard.into_iter().collect(),
        answer: None,
    })
}

fn json(bytes: &[u8]) -> Result<Value, String> {
    // The reader's own words would repeat what was sent.
    serde_json::from_slice(bytes).map_err(|_| "the body is no JSON".to_owned())
}

fn forged(why: &str) -> Turned {
    Turned::Forged(why.to_owned())
}
