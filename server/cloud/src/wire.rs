//! One HTTP exchange: within 8 s, without redirects or repeats, and told apart by whether it can have happened.

use crate::LIMIT;
use crate::pace::{Budget, Kind, Pace};
use crate::secret::Secret;
use crate::settings::BadSettings;
use crate::trouble::{Refusal, Trouble};
use engine::ports::Clock;
use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Certificate, Client, ClientBuilder, Method, Request, RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Longest body that is read, in bytes: a page of 1,000 machines is about 2 MB.
const BODY_MAX: usize = 8 * 1024 * 1024;
/// Longest sentence of a service that is kept, in characters.
const MESSAGE_MAX: usize = 400;

/// Shortest secret that is cut out of messages: a shorter one would tear words apart.
const SECRET_MIN: usize = 4;

/// The HTTP client with its rules.
#[derive(Clone)]
pub struct Wire {
    client: Client,
    clock: Arc<dyn Clock>,
    pace: Arc<Pace>,
    speech: Speech,
}

/// How a kind of service says what is wrong: its body to a name and a sentence.
pub type Speech = Arc<dyn Fn(&[u8]) -> Option<Said> + Send + Sync>;

/// What an error body says.
pub struct Said {
    /// The service's own name for the error, such as `IncorrectInstanceState`.
    pub name: Option<String>,
    /// Its sentence.
    pub message: String,
}

/// What every client needs.
#[derive(Clone)]
pub struct Means {
    /// A PEM file with authorities besides the system's.
    pub ca: Option<PathBuf>,
    /// How often it may call.
    pub budget: Budget,
    /// The product's clock.
    pub clock: Arc<dyn Clock>,
}

/// A good answer.
pub struct Reply {
    /// Host and port, for messages.
    pub host: String,
    /// Status.
    pub code: u16,
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

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A body that makes no sense, and why.
    pub fn garbled(&self, why: impl Into<String>) -> Trouble {
        Trouble::Garbled {
            host: self.host.clone(),
            why: why.into(),
        }
    }
}

impl Wire {
    /// Builds the client; a file of authorities adds to those of the system.
    pub fn new(means: &Means, speech: Speech) -> Result<Self, BadSettings> {
        Self::build(means, speech, builder)
    }

    /// The same for what must never be asked through a proxy.
    pub fn direct(means: &Means, speech: Speech) -> Result<Self, BadSettings> {
        Self::build(means, speech, || builder().no_proxy())
    }

    fn build(
        means: &Means,
        speech: Speech,
        builder: impl Fn() -> ClientBuilder,
    ) -> Result<Self, BadSettings> {
        let client = built(means.ca.as_deref(), builder)?;
        Ok(Self {
            client,
            clock: Arc::clone(&means.clock),
            pace: Arc::new(Pace::new(means.budget, Arc::clone(&means.clock))),
            speech,
        })
    }

    /// Begins a GET.
    pub fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    /// Begins a POST of JSON.
    pub fn post(&self, url: Url, body: &serde_json::Value) -> RequestBuilder {
        self.client.post(url).json(body)
    }

    /// Begins anything.
    pub fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends what changes nothing; anything but a 2xx is trouble.
    pub async fn read(&self, request: RequestBuilder) -> Result<Reply, Trouble> {
        self.send(request, Kind::Read, &[]).await
    }

    /// Sends what starts something; anything but a 2xx is trouble.
    pub async fn act(&self, request: RequestBuilder) -> Result<Reply, Trouble> {
        self.send(request, Kind::Act, &[]).await
    }

    /// Sends it; neither these secrets nor headers marked as sensitive come back in a message.
    pub async fn send(
        &self,
        request: RequestBuilder,
        kind: Kind,
        secrets: &[&Secret],
    ) -> Result<Reply, Trouble> {
        let request = request.build().map_err(|why| Trouble::NotSent {
            host: "the cloud".into(),
            why: chain(&why),
        })?;
        let host = host(request.url());
        let hidden = hidden(&request, secrets);
        if let Err(seconds) = self.pace.turn(kind).await {
            return Err(Trouble::Held { host, seconds });
        }
        let mut response = self
            .client
            .execute(request)
            .await
            .map_err(|why| lost(&host, &why))?;
        let status = response.status();
        let body = body(&host, &mut response).await;
        if status.is_success() {
            self.pace.taken(kind);
            return Ok(Reply {
                host,
                code: status.as_u16(),
                headers: response.headers().clone(),
                body: body?,
            });
        }
        // The status counts even when the rest of the body is lost.
        let body = body.unwrap_or_default();
        let said = (self.speech)(&body);
        let retry_after = self.retry_after(response.headers());
        if status == 429 || (matches!(status.as_u16(), 413 | 503) && retry_after.is_some()) {
            self.pace.throttled(kind, retry_after);
        }
        let (name, text) = said.map_or_else(
            || (None, String::from_utf8_lossy(&body).into_owned()),
            |said| (said.name, said.message),
        );
        Err(Trouble::Status(Refusal {
            code: status.as_u16(),
            name: name
                .map(|name| one_line(&name))
                .filter(|name| !name.is_empty()),
            message: sentence(&cut(text, &hidden), status.canonical_reason()),
            retry_after,
        }))
    }

    /// The service says in its own words that there were too many calls.
    pub fn throttled(&self, kind: Kind, retry_after: Option<u32>) {
        self.pace.throttled(kind, retry_after);
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

/// A client with the same rules for whoever asks something else than a cloud: a file of authorities adds to the system's.
pub fn client(ca: Option<&Path>, limit: Duration) -> Result<Client, BadSettings> {
    built(ca, || within(limit))
}

fn built(ca: Option<&Path>, builder: impl Fn() -> ClientBuilder) -> Result<Client, BadSettings> {
    let own = ca.map_or(Ok(Vec::new()), authorities)?;
    // Where the system has no authorities at all, our own and plain http must still work.
    let built = builder()
        .tls_certs_merge(own.clone())
        .build()
        .or_else(|_| builder().tls_certs_only(own).build());
    built.map_err(|why| BadSettings::Client(chain(&why)))
}

fn builder() -> ClientBuilder {
    within(LIMIT).connect_timeout(LIMIT / 2)
}

fn within(limit: Duration) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("uncordon/", env!("CARGO_PKG_VERSION")))
        .timeout(limit)
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
pub fn chain(error: &dyn Error) -> String {
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

/// A form, as it is signed and sent.
pub fn form<K: AsRef<str>, V: AsRef<str>>(pairs: &[(K, V)]) -> String {
    // A query of an address is written the same way.
    let mut url = Url::parse("http://form/").expect("it is an address");
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}

/// Secrets of a request: those given, and what its sensitive headers carry.
fn hidden(request: &Request, secrets: &[&Secret]) -> Vec<String> {
    let headers = request.headers().values();
    let sensitive = headers
        .filter(|value| value.is_sensitive())
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| [Some(text), text.split_once(' ').map(|(_, rest)| rest)])
        .flatten();
    let given = secrets.iter().map(|secret| secret.reveal());
    sensitive
        .chain(given)
        .filter(|text| text.len() >= SECRET_MIN)
        .map(str::to_owned)
        .collect()
}

/// A text without the secrets in it.
fn cut(text: String, hidden: &[String]) -> String {
    hidden.iter().fold(text, |text, secret| {
        if text.contains(secret.as_str()) {
            text.replace(secret.as_str(), "(hidden)")
        } else {
            text
        }
    })
}

/// The sentence inside `{"conflictingRequest": {"code": 409, "message": ".."}}`.
pub fn wrapped(body: &[u8]) -> Option<Said> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let inner = value.as_object()?.values().next()?;
    Some(Said {
        name: None,
        message: inner.get("message")?.as_str()?.to_owned(),
    })
}

/// One line without control characters, of bounded length.
pub fn one_line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(MESSAGE_MAX)
        .collect()
}

fn sentence(text: &str, reason: Option<&str>) -> String {
    let text = one_line(text);
    if text.is_empty() || text.starts_with('<') {
        reason.unwrap_or("without a word").to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
