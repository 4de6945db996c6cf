//! The dead man's switch: as long as all is well we say so to somebody else, who calls for help when we fall silent.

use crate::Ask;
use crate::answer::{client, innermost};
use crate::webhook::address;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How long one beat is good for.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(3);

/// Who listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An address that takes an empty POST, as healthchecks, GoAlert and many others have it.
    #[default]
    Url,
    /// An Alertmanager: an alert that always fires, and that its other side misses when it ends.
    Alertmanager,
}

/// Where to, and as who.
pub struct Settings {
    /// The address; it may be a secret in itself.
    pub url: String,
    /// Who listens there.
    pub kind: Kind,
    /// Sent as a bearer token.
    pub token: Option<Ask>,
    /// Which installation this is, for somebody who watches several.
    pub name: String,
}

/// The way to who listens.
pub struct Beat {
    url: Url,
    host: String,
    kind: Kind,
    token: Option<Ask>,
    name: String,
    client: Client,
}

impl Beat {
    /// Checks the address; nothing is sent. The error is a sentence without the address.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let url = address(&settings.url)
            .ok_or("the heartbeat's url is not valid: expected http(s)://host/..")?;
        let host = url.host_str().unwrap_or("the listener").to_owned();
        let url = match settings.kind {
            Kind::Url => url,
            Kind::Alertmanager => alerts(url)?,
        };
        Ok(Self {
            url,
            host,
            kind: settings.kind,
            token: settings.token,
            name: settings.name,
            client: client()?,
        })
    }

    /// Beats once, within 10 s; `now` is the wall clock. The error names the host and nothing else of the address.
    pub async fn beat(&self, now: Timestamp) -> Result<(), String> {
        let request = self.client.post(self.url.clone());
        let mut request = match self.kind {
            // Servers are allowed to insist on a length, even on that of nothing.
            Kind::Url => request.header(CONTENT_LENGTH, 0),
            Kind::Alertmanager => request.json(&self.alert(now)),
        };
        if let Some(ask) = &self.token {
            request = request.bearer_auth(ask()?);
        }
        // What stands in the answer is left out: pages of error like to repeat the path.
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!(
                "{} answered {}",
                self.host,
                answer.status().as_u16()
            )),
            Err(error) if error.is_timeout() => {
                Err(format!("{} gave no answer in time", self.host))
            }
            Err(error) => Err(format!("{}: {}", self.host, innermost(&error))),
        }
    }

    fn alert(&self, now: Timestamp) -> Value {
        json!([{
            "labels": {
                "alertname": "UncordonWatchdog",
                "severity": "none",
                "uncordon": self.name,
            },
            "annotations": {
                "summary": "Uncordon is well. This alert always fires; call for help when it is missing.",
            },
            // Without a start Alertmanager takes the end for it.
            "startsAt": now.to_string(),
            "endsAt": (now + GOOD_FOR).to_string(),
        }])
    }
}

/// Where an Alertmanager takes alerts.
fn alerts(mut url: Url) -> Result<Url, String> {
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut()
        .map_err(|()| "the heartbeat's url cannot have a path".to_owned())?
        .pop_if_empty()
        .extend(["api", "v2", "alerts"]);
    Ok(url)
}

/// What is known at the moment a beat is due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signs {
    /// A row was just committed to the store.
    pub store_written: bool,
    /// Clusters we cannot see.
    pub blind: Vec<String>,
    /// The loop that leads recoveries did not turn.
    pub stuck: bool,
}

/// Whether a beat may go out; the error says why none does, with all reasons.
pub fn well(signs: &Signs) -> Result<(), String> {
    let mut why = Vec::new();
    if !signs.store_written {
        why.push("the store takes no writes".to_owned());
    }
    if signs.stuck {
        why.push("the recovery loop does not turn".to_owned());
    }
    if !signs.blind.is_empty() {
        why.push(format!("cannot see {}", signs.blind.join(", ")));
    }
    if why.is_empty() {
        Ok(())
    } else {
        Err(why.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Signs {
        Signs {
            store_written: true,
            ..Signs::default()
        }
    }

    #[test]
    fn a_beat_goes_out_only_when_all_is_well_and_every_reason_against_it_is_said() {
        assert_eq!(well(&good()), Ok(()));
        let blind = Signs {
            blind: vec!["prod".to_owned(), "stage".to_owned()],
            ..good()
        };
        assert_eq!(well(&blind), Err("cannot see prod, stage".to_owned()));
        let stuck = Signs {
            stuck: true,
            ..good()
        };
        assert_eq!(
            well(&stuck),
            Err("the recovery loop does not turn".to_owned())
        );
        let all = Signs {
            store_written: false,
            blind: vec!["prod".to_owned()],
            stuck: true,
        };
        let why = "the store takes no writes; the recovery loop does not turn; cannot see prod";
        assert_eq!(well(&all), Err(why.to_owned()));
    }
}
