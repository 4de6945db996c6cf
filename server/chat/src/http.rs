//! A client that follows nothing and repeats nothing, and what the answer of a chat's API means.

use engine::ports::Delivery;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde_json::Value;
use std::time::Duration;

/// Longest wait for an answer.
pub const LIMIT: Duration = Duration::from_secs(10);
/// Longest wait for a connection: until it stands nothing was handed over.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest text of a refusal that is kept, in characters.
const TEXT_MAX: usize = 160;
/// Most bytes of an answer that are read: a long poll brings many messages at once.
const BODY_MAX: usize = 8 * 1024 * 1024;

/// The client; each request may ask for a longer time, as a long poll does.
pub fn client() -> Result<Client, String> {
    let builder = || {
        Client::builder()
            .user_agent(concat!("uncordon/", env!("CARGO_PKG_VERSION")))
            .timeout(LIMIT)
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
    };
    // Where the system has no authorities at all, plain http must still work; https then trusts nobody.
    let built = builder()
        .build()
        .or_else(|_| builder().tls_certs_only([]).build());
    built.map_err(|error| innermost(&error))
}

/// An absolute http(s) address without a name or password in it, without the slash at its end; the error is a sentence.
pub fn base(text: &str) -> Result<String, String> {
    let plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
    };
    match Url::parse(text) {
        Ok(url) if plain(&url) => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("the address is not valid: expected http(s)://host/..".to_owned()),
    }
}

/// An answer that was read to its end.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Its status.
    pub status: StatusCode,
    /// When the other side wants to be asked again.
    pub after: Option<Duration>,
    /// Its body; null where it is no JSON.
    pub body: Value,
    /// The same as it came.
    pub text: String,
}

/// Sends a request. The error says whether it may have been taken; `secret` never appears in it.
pub async fn call(request: RequestBuilder, name: &str, secret: &str) -> Result<Answered, Delivery> {
    let mut response = request
        .send()
        .await
        .map_err(|error| lost(&error, name, secret))?;
    let status = response.status();
    let after = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(part)) if bytes.len() + part.len() <= BODY_MAX => {
                bytes.extend_from_slice(&part);
            }
            Ok(Some(_)) => {
                return Err(Delivery::Refused(format!(
                    "{name} answered with more than {BODY_MAX} bytes"
                )));
            }
            Ok(None) => break,
            Err(error) => return Err(lost(&error, name, secret)),
        }
    }
    Ok(Answered {
        status,
        after,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

impl Answered {
    /// The body of an answer of 2xx; else what became of the request. `why`: what the chat itself says of it.
    pub fn taken(self, name: &str, secret: &str, why: Option<&str>) -> Result<Value, Delivery> {
        let code = self.status.as_u16();
        if (200..=299).contains(&code) {
            return Ok(self.body);
        }
        let said = why.map_or(self.text.as_str(), |why| why);
        // Hidden before it is cut: half a secret is one, too.
        let why = format!("{name} answered {code} {}", one_line(&hide(said, secret)));
        let why = why.trim_end().to_owned();
        Err(match code {
            408 | 425 | 429 | 500..=599 => Delivery::Later {
                after: self.after,
                why,
            },
            _ => Delivery::Refused(why),
        })
    }
}

/// What went wrong, for whoever needs only words.
pub fn why(failed: Delivery) -> String {
    match failed {
        Delivery::Taken | Delivery::Said(_) => String::new(),
        Delivery::Gone(why)
        | Delivery::Refused(why)
        | Delivery::Unknown(why)
        | Delivery::Later { why, .. } => why,
    }
}

/// One short line of whatever another side said.
pub fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(TEXT_MAX).collect()
}

/// The text without the secret in it.
pub fn hide(text: &str, secret: &str) -> String {
    if secret.is_empty() {
        text.to_owned()
    } else {
        text.replace(secret, "(hidden)")
    }
}

/// Without a connection nothing was handed over; afterwards nobody knows.
fn lost(error: &reqwest::Error, name: &str, secret: &str) -> Delivery {
    let why = hide(&format!("{name}: {}", innermost(error)), secret);
    if error.is_connect() {
        Delivery::Later { after: None, why }
    } else if error.is_builder() {
        Delivery::Refused(why)
    } else if error.is_timeout() {
        Delivery::Unknown(format!("{name} gave no answer in time"))
    } else {
        Delivery::Unknown(why)
    }
}

/// The first cause of an error: it names no address, as the outer ones do.
pub fn innermost(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
