//! A client that follows nothing and repeats nothing, and what an answer means.

use engine::ports::Delivery;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, RequestBuilder, StatusCode};
use std::time::Duration;

/// Longest wait for an answer.
pub const LIMIT: Duration = Duration::from_secs(10);
/// Longest wait for a connection: until it stands nothing was handed over.
pub const CONNECT: Duration = Duration::from_secs(5);
/// Longest text of an answer that is kept, in characters.
pub const TEXT_MAX: usize = 160;
/// Most bytes of an answer that are read.
const BODY_MAX: usize = 4096;

/// The client.
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

/// Whether an answer of 404 or 410 says that the recipient is gone for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It does: a subscription that ended.
    Gone,
    /// It says that the address is wrong.
    Wrong,
}

/// Sends, and judges the answer. `shown`: the secret that the body holds, if it holds one.
pub async fn send(
    request: RequestBuilder,
    name: &str,
    absent: Absent,
    shown: Option<&str>,
) -> Delivery {
    let (client, request) = request.build_split();
    let request = match request {
        Ok(request) => request,
        Err(error) => return lost(&error, name),
    };
    // A service that repeats the token it was shown must not bring it into words.
    let token = request.headers().get(AUTHORIZATION);
    let token = token.and_then(|value| value.to_str().ok()?.rsplit(' ').next());
    let token = token.or(shown).unwrap_or_default().to_owned();
    let mut response = match client.execute(request).await {
        Ok(response) => response,
        Err(error) => return lost(&error, name),
    };
    let status = response.status();
    let after = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    let mut body = Vec::new();
    while body.len() < BODY_MAX {
        let Ok(Some(part)) = response.chunk().await else {
            break;
        };
        body.extend_from_slice(&part);
    }
    let text = String::from_utf8_lossy(&body);
    let mut text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !token.is_empty() {
        text = text.replace(&token, "(hidden)");
    }
    let text: String = text.chars().take(TEXT_MAX).collect();
    let why = format!("{name} answered {} {text}", status.as_u16());
    judge(status, after, why.trim_end().to_owned(), absent)
}

fn judge(status: StatusCode, after: Option<Duration>, why: String, absent: Absent) -> Delivery {
    match (status.as_u16(), absent) {
        (200..=299, _) => Delivery::Taken,
        (404 | 410, Absent::Gone) => Delivery::Gone(why),
        (408 | 425 | 429 | 500..=599, _) => Delivery::Later { after, why },
        (_, _) => Delivery::Refused(why),
    }
}

/// Without a connection nothing was handed over; afterwards nobody knows.
fn lost(error: &reqwest::Error, name: &str) -> Delivery {
    let why = format!("{name}: {}", innermost(error));
    if error.is_connect() {
        Delivery::Later { after: None, why }
    } else if error.is_builder() {
        Delivery::Refused(why)
    } else if error.is_timeout() {
        Delivery::Unknown(format!(
            "{name} gave no answer within {} s",
            LIMIT.as_secs()
        ))
    } else {
        Delivery::Unknown(why)
    }
}

/// The words of the cause at the bottom; without the address that was called.
pub fn innermost(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
