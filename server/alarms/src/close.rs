//! One POST that tells a source that an alarm is over, and what its answer means.

use domain::step::Answer;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Request, RequestBuilder, StatusCode, Url};
use std::sync::Arc;
use std::time::Duration;

/// Longest wait for an answer.
const LIMIT: Duration = Duration::from_secs(8);
/// Longest text of an answer that is kept, in characters.
const TEXT_MAX: usize = 400;
/// Longest body of an answer that is read, in bytes.
const BODY_MAX: usize = 64 * 1024;

/// Reads a secret at the moment it is used; the error is a sentence without the secret.
pub type Ask = Arc<dyn Fn() -> Result<String, String> + Send + Sync>;

/// A client that follows no redirect, because a secret must not follow one, and never repeats.
pub fn client() -> Result<Client, String> {
    let builder = || {
        Client::builder()
            .user_agent(concat!("uncordon/", env!("CARGO_PKG_VERSION")))
            .timeout(LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
    };
    // Where the system has no authorities at all, plain http must still work; https then trusts nobody.
    let built = builder()
        .build()
        .or_else(|_| builder().tls_certs_only([]).build());
    built.map_err(|error| cause(&error))
}

/// An absolute http(s) address.
pub fn address(text: &str) -> Option<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A status with the text that came with it.
pub struct Reply {
    pub status: StatusCode,
    pub retry_after: Option<u32>,
    pub text: String,
}

impl Reply {
    /// The same, should it repeat what it was shown.
    pub fn without(mut self, secret: &str) -> Self {
        if !secret.is_empty() {
            self.text = self.text.replace(secret, "(hidden)");
        }
        self
    }
}

/// What a request shows in its header: the token, or user and password as they are sent.
fn shown(request: &Request) -> String {
    let header = request.headers().get(AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    let secret = header.and_then(|value| value.rsplit(' ').next());
    secret.unwrap_or_default().to_owned()
}

/// Sends a request; the error is a sentence.
pub async fn send(request: RequestBuilder) -> Result<Reply, String> {
    let (client, request) = request.build_split();
    let request = request.map_err(|error| cause(&error))?;
    let secret = shown(&request);
    let mut response = client
        .execute(request)
        .await
        .map_err(|error| cause(&error))?;
    let retry_after = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let mut body = Vec::new();
    while body.len() < BODY_MAX {
        // The status is what counts: a body that breaks off is taken as far as it came.
        let Ok(Some(part)) = response.chunk().await else {
            break;
        };
        body.extend_from_slice(&part);
    }
    let text = String::from_utf8_lossy(&body)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let reply = Reply {
        status: response.status(),
        retry_after,
        text,
    };
    let mut reply = reply.without(&secret);
    reply.text = reply.text.chars().take(TEXT_MAX).collect();
    Ok(reply)
}

/// The class of what came back. Telling a source twice does no harm, so whatever was lost is simply told again.
pub fn answer(name: &str, reply: Result<Reply, String>) -> Answer {
    let reply = match reply {
        Ok(reply) => reply,
        Err(why) => return Answer::Retryable(format!("{name} gave no answer: {why}")),
    };
    let code = reply.status.as_u16();
    let words = format!("{name} answered {code} {}", reply.text)
        .trim_end()
        .to_owned();
    match code {
        200..=299 => Answer::Done(format!("{name} took it ({code})")),
        401 | 403 | 407 => Answer::Denied(words),
        429 => Answer::Throttled(words, reply.retry_after),
        503 if reply.retry_after.is_some() => Answer::Throttled(words, reply.retry_after),
        408 | 500..=599 => Answer::Retryable(words),
        _ => Answer::Refused(words),
    }
}

/// The innermost cause says what happened; a timeout is named as one.
fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("nothing within {} s", LIMIT.as_secs());
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
