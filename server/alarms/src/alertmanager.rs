//! Alertmanager as a source: an alarm is closed by posting its labels with an end to API v2.

use crate::close::{Ask, address, answer, client, send};
use async_trait::async_trait;
use domain::alarm::Alarm;
use domain::step::Answer;
use engine::ports::AlarmSource;
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::json;
use std::fmt;

/// How we show Alertmanager who we are.
#[derive(Clone, Default)]
pub enum Login {
    /// Not at all.
    #[default]
    Open,
    /// `Authorization: Bearer`.
    Bearer(Ask),
    /// User and password.
    Basic(String, Ask),
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "Open",
            Self::Bearer(_) => "Bearer(hidden)",
            Self::Basic(_, _) => "Basic(hidden)",
        })
    }
}

/// Where Alertmanager's API is; the `externalURL` of a webhook is never called, since whoever may post could choose it.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Base such as `http://alertmanager:9093`, with a path prefix if it has one; `None`: it cannot be told.
    pub url: Option<String>,
    /// How to sign in.
    pub login: Login,
}

/// A setting that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// Not an address.
    #[error("url {0:?} is not valid: expected http(s)://host[:port][/prefix]")]
    Url(String),
    /// The HTTP client.
    #[error("the http client cannot be built: {0}")]
    Client(String),
}

/// One Alertmanager.
#[derive(Debug)]
pub struct Alertmanager {
    base: Option<Url>,
    login: Login,
    client: Client,
}

impl Alertmanager {
    /// Checks the settings; nothing is sent.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        let base = match &settings.url {
            None => None,
            Some(text) => Some(address(text).ok_or_else(|| BadSettings::Url(text.clone()))?),
        };
        Ok(Self {
            base,
            login: settings.login,
            client: client().map_err(BadSettings::Client)?,
        })
    }

    /// For the doctor: asks for the version; tells it, or what is wrong and the way out.
    pub async fn check(&self) -> Result<String, String> {
        let Some(base) = &self.base else {
            return Ok("no url is set: alarms are taken but not closed at the source".into());
        };
        let reply = send(self.signed(self.client.get(api(base, "status")))?).await;
        match answer("Alertmanager", reply) {
            Answer::Done(_) => {
                let mut place = base.clone();
                // An address that takes a user and a password keeps them to itself.
                let _ = (place.set_username(""), place.set_password(None));
                Ok(format!("Alertmanager answers at {place}"))
            }
            Answer::Denied(why) => Err(format!(
                "{why}; check the bearer token or the user and password of this source"
            )),
            Answer::Refused(why) | Answer::NotFound(why) => Err(format!(
                "{why}; url must be Alertmanager's base, without /api/v2"
            )),
            Answer::Retryable(why)
            | Answer::Throttled(why, _)
            | Answer::AlreadyThere(why)
            | Answer::Capacity(why)
            | Answer::Conflict(why)
            | Answer::Unknown(why) => Err(format!("{why}; check url and that Alertmanager runs")),
        }
    }

    fn signed(&self, request: RequestBuilder) -> Result<RequestBuilder, String> {
        Ok(match &self.login {
            Login::Open => request,
            Login::Bearer(ask) => request.bearer_auth(ask()?),
            Login::Basic(user, ask) => request.basic_auth(user, Some(ask()?)),
        })
    }
}

#[async_trait]
impl AlarmSource for Alertmanager {
    async fn close(&self, alarm: &Alarm, now: Timestamp) -> Answer {
        let Some(base) = &self.base else {
            return Answer::AlreadyThere("this source has no way to be told".into());
        };
        // Alertmanager merges by label set: the end is what it takes from this, and it must not lie before the start.
        let ended = json!([{
            "labels": alarm.labels,
            "annotations": {},
            "startsAt": alarm.starts_at.to_string(),
            "endsAt": now.max(alarm.starts_at).to_string(),
        }]);
        match self.signed(self.client.post(api(base, "alerts")).json(&ended)) {
            Ok(request) => answer("Alertmanager", send(request).await),
            Err(why) => Answer::Retryable(why),
        }
    }
}

fn api(base: &Url, what: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["api", "v2", what]);
    }
    url
}
