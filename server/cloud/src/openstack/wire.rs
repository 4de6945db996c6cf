//! One HTTP exchange: within 8 s, without redirects or repeats, and told apart by whether it can have happened.

use super::trouble::{Refusal, Trouble};
use super::{BadSettings, LIMIT};
use engine::ports::Clock;
use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

/// Longest body that is read, in bytes: a page of 1,000 machines is about 2 MB.
const BODY_MAX: usize = 8 * 1024 * 1024;
/// Longest sentence of a service that is kept, in characters.
const MESSAGE_MAX: usize = 400;

/// The HTTP client with its rules.
#[derive(Clone)]
pub struct Wire {
    client: Client,
    clock: Arc<dyn Clock>,
}

/// A good answer.
pub struct Reply {
    /// Host and port, for messages.
    pub host: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Trouble> {
        serde_json::from_slice(&self.body).map_err(|why| Trouble::Garbled {
            host: self.host.clone(),
            why: why.to_string(),
        })
    }

    /// The id under which the service logged the call.
    pub fn request_id(&self) -> Option<&str> {
        ["x-openstack-request-id", "x-compute-request-id"]
            .iter()
            .find_map(|name| self.headers.get(*name)?.to_str().ok())
    }
}

impl Wire {
    /// Builds the client; a file of authorities adds to those of the system.
    pub fn new(ca: Option<&Path>, clock: Arc<dyn Clock>) -> Result<Self, BadSettings> {
        let own = ca.map_or(Ok(Vec::new()), authorities)?;
        // Where the system has no authorities at all, our own and plain http must still work.
        let built = builder()
            .tls_certs_merge(own.clone())
            .build()
            .or_else(|_| builder().tls_certs_only(own).build());
        let client = built.map_err(|why| BadSettings::Client(chain(&why)))?;
        Ok(Self { client, clock })
    }

    /// Begins a GET.
    pub fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    /// Begins a POST of JSON.
    pub fn post(&self, url: Url, body: &serde_json::Value) -> RequestBuilder {
        self.client.post(url).json(body)
    }

    /// Sends it; anything but a 2xx is trouble.
    pub async fn send(&self, request: RequestBuilder) -> Result<Reply, Trouble> {
        let request = request.build().map_err(|why| Trouble::NotSent {
            host: "the cloud".into(),
            why: chain(&why),
        })?;
        let host = host(request.url());
        let mut response = self
            .client
            .execute(request)
            .await
            .map_err(|why| lost(&host, &why))?;
        let status = response.status();
        let body = body(&host, &mut response).await;
        if status.is_success() {
            return Ok(Reply {
                host,
                headers: response.headers().clone(),
                body: body?,
            });
        }
        // The status counts even when the rest of the body is lost.
        Err(Trouble::Status(Refusal {
            code: status.as_u16(),
            message: message(&body.unwrap_or_default(), status.canonical_reason()),
            retry_after: self.retry_after(response.headers()),
        }))
    }

    /// `Retry-After` as seconds: a number, or a date counted from the service's own `Date`.
    fn retry_after(&self, headers: &HeaderMap) -> Option<u32> {
        let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse::<u32>() {
            return Some(seconds);
        }
        let until = http_date(text)?;
        let now = headers
            .get(DATE)
            .and_then(|date| http_date(date.to_str().ok()?))
            .unwrap_or_else(|| self.clock.now());
        u32::try_from(until.as_second().saturating_sub(now.as_second()).max(0)).ok()
    }
}

fn builder() -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("uncordon/", env!("CARGO_PKG_VERSION")))
        .timeout(LIMIT)
        .connect_timeout(LIMIT / 2)
        // A token must not follow a redirect to another host, and repeating is the engine's business.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
}

fn authorities(path: &Path) -> Result<Vec<Certificate>, BadSettings> {
    let bad = |why: String| BadSettings::Ca {
        path: path.to_owned(),
        why,
    };
    let pem = std::fs::read(path).map_err(|why| bad(why.to_string()))?;
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|why| bad(chain(&why)))?;
    if certificates.is_empty() {
        Err(bad("it holds no PEM certificate".into()))
    } else {
        Ok(certificates)
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp())
}

async fn body(host: &str, response: &mut Response) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|why| lost(host, &why))? {
        body.extend_from_slice(&part);
        if body.len() > BODY_MAX {
            return Err(Trouble::Garbled {
                host: host.to_owned(),
                why: format!("it is longer than {BODY_MAX} bytes"),
            });
        }
    }
    Ok(body)
}

/// Only a failed connect proves that nothing was sent.
fn lost(host: &str, error: &reqwest::Error) -> Trouble {
    let host = host.to_owned();
    if error.is_connect() || error.is_builder() {
        Trouble::NotSent {
            host,
            why: chain(error),
        }
    } else if error.is_timeout() {
        Trouble::Lost {
            host,
            why: format!("nothing within {} s", LIMIT.as_secs()),
        }
    } else {
        Trouble::Lost {
            host,
            why: chain(error),
        }
    }
}

/// The innermost cause says what happened; the outer ones only say where.
fn chain(error: &dyn Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or("the cloud");
    url.port()
        .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

/// The sentence inside `{"conflictingRequest": {"code": 409, "message": ".."}}`, else the start of the text.
fn message(body: &[u8], reason: Option<&str>) -> String {
    let wrapped = serde_json::from_slice::<serde_json::Value>(body)
        .ok()
        .and_then(|value| {
            let inner = value.as_object()?.values().next()?;
            Some(inner.get("message")?.as_str()?.to_owned())
        });
    let text = wrapped.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(MESSAGE_MAX)
        .collect();
    if text.is_empty() || text.starts_with('<') {
        reason.unwrap_or("without a word").to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
