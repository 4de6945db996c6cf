//! One request to the API server, and what can be wrong with its answer.

use crate::kind::Kind;
use crate::link::Unusable;
use crate::wire::Page;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use kube::Client;
use kube::api::{GetParams, ListParams};
use kube::client::{AuthError, Body};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::time::Duration;

/// How long any read or patch may take, in wall time.
pub const LIMIT: Duration = Duration::from_secs(8);
/// Objects per page of a list.
const PAGE: u32 = 500;

/// Why there is no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Nothing was sent, for want of anything to send it with: settings or credentials.
    #[error("{0}")]
    Unusable(String),
    /// Nothing was sent.
    #[error("the Kubernetes API cannot be reached: {0}")]
    NotSent(String),
    /// It may have arrived.
    #[error("the connection to the Kubernetes API broke before it answered: {0}")]
    Lost(String),
    /// It may have arrived.
    #[error("the Kubernetes API did not answer within {0} s")]
    Silent(u64),
    /// A status that is not 2xx.
    #[error("the Kubernetes API answered {code}: {message}")]
    Status {
        /// HTTP status.
        code: u16,
        /// The sentence of its body.
        message: String,
        /// Seconds it asks us to wait.
        retry_after: Option<u32>,
    },
    /// A body we cannot read.
    #[error("the Kubernetes API sent {what} that cannot be read: {why}")]
    Garbled {
        /// What was asked for.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl Trouble {
    /// The HTTP status, if there was one.
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Status { code, .. } => Some(*code),
            Self::Unusable(_)
            | Self::NotSent(_)
            | Self::Lost(_)
            | Self::Silent(_)
            | Self::Garbled { .. } => None,
        }
    }

    /// Whether other credentials may help: they were refused, or a certificate of ours is no longer taken.
    pub fn unwelcome(&self) -> bool {
        match self {
            Self::Status { code, .. } => *code == 401,
            Self::Unusable(_) => true,
            Self::NotSent(why) | Self::Lost(why) => why.contains("received fatal alert"),
            Self::Silent(_) | Self::Garbled { .. } => false,
        }
    }

    /// The same, naming what was being read; for a missing right, also the way out.
    pub fn about(&self, what: &str) -> String {
        match self.code() {
            None if matches!(self, Self::Unusable(_)) => self.to_string(),
            Some(401) => format!(
                "{what}: the Kubernetes API does not accept our credentials (401): renew the token or the certificate of our user"
            ),
            Some(403) => {
                format!("{what}: {self}; give our user the rights get, list and watch on {what}")
            }
            _ => format!("{what}: {self}"),
        }
    }
}

/// Runs `work` within [`LIMIT`].
pub async fn in_time<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    tokio::time::timeout(LIMIT, work)
        .await
        .unwrap_or(Err(Trouble::Silent(LIMIT.as_secs())))
}

/// Sends one request; any status that is not 2xx is [`Trouble::Status`].
pub async fn send(client: &Client, request: Request<Vec<u8>>) -> Result<Bytes, Trouble> {
    exchange(client, request).await.map(|(_, body)| body)
}

/// The same, with the headers of the answer.
pub async fn exchange(
    client: &Client,
    request: Request<Vec<u8>>,
) -> Result<(HeaderMap, Bytes), Trouble> {
    let answer = client
        .send(request.map(Body::from))
        .await
        .map_err(|error| broken(&error))?;
    let status = answer.status();
    let headers = answer.headers().clone();
    let retry_after = headers
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let body = answer
        .into_body()
        .collect()
        .await
        .map_err(|error| Trouble::Lost(root(&error)))?
        .to_bytes();
    if status.is_success() {
        Ok((headers, body))
    } else {
        Err(refused(status, retry_after, &body))
    }
}

/// Reads one object by name.
pub async fn get<K: Kind>(client: &Client, name: &str) -> Result<K, Trouble> {
    let request = kube::core::Request::new(K::PATH)
        .get(name, &GetParams::default())
        .map_err(|error| unasked(&error))?;
    parse(K::WHAT, &send(client, request).await?)
}

/// Reads all objects, page by page, keeping only their rows; with the version of the list.
pub async fn list<K: Kind>(client: &Client) -> Result<(Vec<(String, K::Row)>, String), Trouble> {
    let mut rows = Vec::new();
    let mut params = ListParams::default().limit(PAGE);
    loop {
        let page = page::<K>(client, &params).await?;
        rows.extend(
            page.items
                .iter()
                .filter_map(|one| Some((one.key(), one.row()?))),
        );
        if page.metadata.continue_token.is_empty() {
            return Ok((rows, page.metadata.resource_version));
        }
        params = params.continue_token(&page.metadata.continue_token);
    }
}

/// Reads one page.
pub async fn page<K: Kind>(client: &Client, params: &ListParams) -> Result<Page<K>, Trouble> {
    let request = kube::core::Request::new(K::PATH)
        .list(params)
        .map_err(|error| unasked(&error))?;
    parse(K::WHAT, &send(client, request).await?)
}

/// Reads all objects of a collection that fit a field selector; an empty one fits all.
pub async fn chosen<T: DeserializeOwned>(
    client: &Client,
    path: &str,
    what: &'static str,
    fields: &str,
) -> Result<Vec<T>, Trouble> {
    let mut found = Vec::new();
    let mut params = ListParams::default().limit(PAGE);
    if !fields.is_empty() {
        params = params.fields(fields);
    }
    loop {
        let request = kube::core::Request::new(path)
            .list(&params)
            .map_err(|error| unasked(&error))?;
        let page: Page<T> = parse(what, &send(client, request).await?)?;
        found.extend(page.items);
        if page.metadata.continue_token.is_empty() {
            return Ok(found);
        }
        params = params.continue_token(&page.metadata.continue_token);
    }
}

/// Reads a body.
pub fn parse<T: for<'de> Deserialize<'de>>(what: &'static str, body: &[u8]) -> Result<T, Trouble> {
    serde_json::from_slice(body).map_err(|error| Trouble::Garbled {
        what,
        why: error.to_string(),
    })
}

/// A request kube refuses to build was not sent.
pub fn unasked(error: &dyn Error) -> Trouble {
    Trouble::NotSent(error.to_string())
}

/// Sorts an error of the client by whether the request can have arrived.
pub fn broken(error: &kube::Error) -> Trouble {
    match error {
        kube::Error::Api(status) => Trouble::Status {
            code: status.code,
            message: status.message.clone(),
            retry_after: status
                .details
                .as_ref()
                .map(|details| details.retry_after_seconds)
                .filter(|seconds| *seconds > 0),
        },
        kube::Error::Auth(error) => Trouble::Unusable(credentials(error)),
        kube::Error::Service(error) => {
            if let Some(unusable) = error.downcast_ref::<Unusable>() {
                return Trouble::Unusable(unusable.0.clone());
            }
            // A plugin or a token file that fails does so on the way out.
            if let Some(auth) = error.downcast_ref::<AuthError>() {
                return Trouble::Unusable(credentials(auth));
            }
            match error.downcast_ref::<hyper_util::client::legacy::Error>() {
                Some(inner) if inner.is_connect() => Trouble::NotSent(root(inner)),
                _ => Trouble::Lost(root(error.as_ref())),
            }
        }
        other => Trouble::Lost(root(other)),
    }
}

/// Why there are no credentials, without what a plugin wrote: it may be a token.
pub fn credentials(error: &AuthError) -> String {
    match error {
        AuthError::AuthExecRun { out, .. } => {
            let said = String::from_utf8_lossy(&out.stderr);
            let last = said.trim().lines().last().unwrap_or("it said nothing");
            let last: String = last.chars().take(200).collect();
            format!("the credential plugin failed ({}): {last}", out.status)
        }
        AuthError::AuthExecParse(_) => "the credential plugin wrote no ExecCredential".to_owned(),
        other => format!("no credentials: {other}"),
    }
}

fn refused(status: StatusCode, retry_after: Option<u32>, body: &[u8]) -> Trouble {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Told {
        message: String,
        details: Option<Details>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Details {
        retry_after_seconds: Option<u32>,
    }
    let told: Told = serde_json::from_slice(body).unwrap_or_default();
    let message = match told.message.as_str() {
        "" => status
            .canonical_reason()
            .unwrap_or("no reason given")
            .to_owned(),
        message => message.chars().take(300).collect(),
    };
    let retry_after = retry_after.or(told.details.and_then(|details| details.retry_after_seconds));
    Trouble::Status {
        code: status.as_u16(),
        message,
        retry_after,
    }
}

/// The innermost cause is the one that tells: "connection refused", not "client error".
fn root(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
