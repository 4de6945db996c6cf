//! Calls to controllers: one session each where they have sessions, else the password; a session that ended is renewed once.

use super::system::Link;
use super::{Settings, SignIn};
use crate::pace::Kind;
use crate::secret::Secret;
use crate::settings::BadSettings;
use crate::trouble::Trouble;
use crate::wire::{Means, Reply, Said, Wire};
use reqwest::header::LOCATION;
use reqwest::{Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What shows a controller who we are.
#[derive(Clone, PartialEq, Eq)]
enum Pass {
    Session(Secret),
    Password,
}

/// All controllers that take the same user.
pub struct Controllers {
    wire: Wire,
    settings: Settings,
    /// By origin; whoever needs a new session waits for the one who is making it.
    passes: Mutex<HashMap<String, Pass>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Root {
    session_service: Option<Link>,
    links: RootLinks,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct RootLinks {
    sessions: Option<Link>,
}

impl Controllers {
    /// Checks what can be checked without a call.
    pub fn new(settings: Settings, means: &Means) -> Result<Self, BadSettings> {
        Ok(Self {
            wire: Wire::new(means, Arc::new(said))?,
            settings,
            passes: Mutex::default(),
        })
    }

    /// The name of a system where the node's own is not it.
    pub fn system(&self) -> Option<&str> {
        self.settings.system.as_deref()
    }

    /// Reads a resource.
    pub async fn read<T: DeserializeOwned>(&self, url: &Url) -> Result<T, Trouble> {
        let answer = self.call(Method::GET, url, None, Kind::Read).await?;
        answer.json()
    }

    /// Asks for a power action.
    pub async fn act(&self, url: &Url, body: &Value) -> Result<Reply, Trouble> {
        self.call(Method::POST, url, Some(body), Kind::Act).await
    }

    /// How we sign in there, for the doctor.
    pub async fn way(&self, url: &Url) -> &'static str {
        match self.passes.lock().await.get(&origin(url)) {
            Some(Pass::Session(_)) => "by session",
            Some(Pass::Password) | None => "by password",
        }
    }

    async fn call(
        &self,
        method: Method,
        url: &Url,
        body: Option<&Value>,
        kind: Kind,
    ) -> Result<Reply, Trouble> {
        let pass = self.pass(url).await?;
        let answer = self.once(&method, url, body, kind, &pass).await;
        match (&answer, &pass) {
            // A session that has ended did nothing: the call may be sent again, once.
            (Err(trouble), Pass::Session(_)) if trouble.code() == Some(401) => {
                let mut passes = self.passes.lock().await;
                if passes.get(&origin(url)) == Some(&pass) {
                    passes.remove(&origin(url));
                }
                drop(passes);
                let pass = self.pass(url).await?;
                self.once(&method, url, body, kind, &pass).await
            }
            _ => answer,
        }
    }

    async fn once(
        &self,
        method: &Method,
        url: &Url,
        body: Option<&Value>,
        kind: Kind,
        pass: &Pass,
    ) -> Result<Reply, Trouble> {
        let mut request = self.wire.request(method.clone(), url.clone());
        let password = match pass {
            Pass::Session(token) => {
                request = request.header("x-auth-token", token.header());
                None
            }
            Pass::Password => {
                let password = self.settings.password.read()?;
                request = request.basic_auth(&self.settings.username, Some(password.reveal()));
                Some(password)
            }
        };
        if let Some(body) = body {
            request = request.json(body);
        }
        let secrets: Vec<&Secret> = password.iter().collect();
        self.wire.send(request, kind, &secrets).await
    }

    async fn pass(&self, url: &Url) -> Result<Pass, Trouble> {
        let mut passes = self.passes.lock().await;
        if let Some(pass) = passes.get(&origin(url)) {
            return Ok(pass.clone());
        }
        let pass = match self.settings.sign_in {
            SignIn::Basic => Pass::Password,
            SignIn::Session | SignIn::Auto => {
                let made = self.session(url).await;
                made.map_err(|trouble| trouble.sign_in(" to the controller"))?
            }
        };
        passes.insert(origin(url), pass.clone());
        Ok(pass)
    }

    /// A new session; where there are none to be had, the password, unless only a session will do.
    async fn session(&self, url: &Url) -> Result<Pass, Trouble> {
        let only = self.settings.sign_in == SignIn::Session;
        let root: Root = match self
            .wire
            .read(self.wire.get(join(url, "/redfish/v1/")?))
            .await
        {
            Ok(reply) => reply.json()?,
            // The root may be closed to strangers, against the standard.
            Err(trouble) if matches!(trouble.code(), Some(401 | 403)) => Root::default(),
            Err(trouble) => return Err(trouble),
        };
        let path = root.links.sessions.map(|link| link.path).or_else(|| {
            let service = root.session_service?.path;
            Some(format!("{}/Sessions", service.trim_end_matches('/')))
        });
        let Some(path) = path.filter(|path| !path.is_empty()) else {
            return match only {
                true => Err(Trouble::Setup("the controller has no sessions".to_owned())),
                false => Ok(Pass::Password),
            };
        };
        let password = self.settings.password.read()?;
        let body = json!({"UserName": self.settings.username, "Password": password.reveal()});
        let request = self.wire.post(join(url, &path)?, &body);
        match self.wire.send(request, Kind::Read, &[&password]).await {
            Ok(reply) => match reply.header("x-auth-token") {
                Some(token) if !token.is_empty() => {
                    let place = reply.headers.get(LOCATION).is_some();
                    tracing::debug!(host = %reply.host, place, "A session began");
                    Ok(Pass::Session(Secret::new(token)))
                }
                _ => Err(reply.garbled("there is no X-Auth-Token")),
            },
            // All sessions taken, or none offered after all: the password opens the same doors.
            Err(trouble)
                if !only && matches!(trouble.code(), Some(400 | 404 | 405 | 501 | 503)) =>
            {
                Ok(Pass::Password)
            }
            Err(trouble) => Err(trouble),
        }
    }
}

/// Scheme, host and port.
pub fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Another path of the same controller; a link never leads to another host.
pub fn join(url: &Url, path: &str) -> Result<Url, Trouble> {
    let whole = url
        .join(path)
        .ok()
        .filter(|whole| origin(whole) == origin(url));
    whole.ok_or_else(|| {
        Trouble::Setup(format!(
            "the controller points to {path:?}, which is not its own"
        ))
    })
}

/// The first message with a meaning out of `@Message.ExtendedInfo`, else the error itself.
fn said(body: &[u8]) -> Option<Said> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let error = value.get("error").unwrap_or(&value);
    let text = |value: &Value, key: &str| {
        let text = value.get(key)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let short = |id: &str| id.rsplit('.').next().unwrap_or_default().to_owned();
    let known = |name: &String| !matches!(name.as_str(), "GeneralError" | "Success" | "");
    let infos = error.get("@Message.ExtendedInfo").and_then(Value::as_array);
    let info = infos.into_iter().flatten().find_map(|info| {
        let name = text(info, "MessageId").map(|id| short(&id)).filter(known)?;
        Some((name, text(info, "Message"), text(info, "Resolution")))
    });
    let general = text(error, "message");
    let Some((name, message, resolution)) = info else {
        let name = text(error, "code").map(|code| short(&code)).filter(known);
        return Some(Said {
            name,
            message: general?,
        });
    };
    let message = message.or(general).unwrap_or_default();
    Some(Said {
        name: Some(name),
        message: match resolution.filter(|words| !words.eq_ignore_ascii_case("none")) {
            Some(resolution) => format!("{message} ({resolution})"),
            None => message,
        },
    })
}

#[cfg(test)]
mod tests;
