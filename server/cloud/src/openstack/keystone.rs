//! Signing in with a password or an application credential, keeping the token while it lasts, and finding Nova in the catalog.

use super::{Credential, Settings, Who};
use crate::pace::Kind;
use crate::secret::Secret;
use crate::settings::{self, BadSettings};
use crate::trouble::Trouble;
use crate::wire::{Reply, Wire};
use jiff::Timestamp;
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A token is renewed this long before it ends.
const SPARE: Duration = Duration::from_secs(60);

/// A token with what came with it.
pub struct Session {
    /// The token.
    pub token: Secret,
    /// Nova's address.
    pub compute: Url,
    /// Names of our roles.
    pub roles: Vec<String>,
    fresh_until: Instant,
}

/// Keystone, seen by one user of one project.
pub struct Keystone {
    settings: Settings,
    tokens: Url,
    wire: Wire,
    kept: Mutex<Option<Arc<Session>>>,
}

impl Keystone {
    /// Checks what can be checked without a call.
    pub fn new(settings: Settings, wire: Wire) -> Result<Self, BadSettings> {
        let base = settings.auth_url.trim_end_matches('/');
        let base = if base.ends_with("/v3") {
            base.to_owned()
        } else {
            format!("{base}/v3")
        };
        let bad = || BadSettings::value("auth_url", &settings.auth_url, "http(s)://host/.../v3");
        let tokens =
            settings::address("auth_url", &format!("{base}/auth/tokens")).map_err(|error| {
                if let BadSettings::Value { .. } = error {
                    bad()
                } else {
                    error
                }
            })?;
        if base.contains("/v2.0") {
            return Err(bad());
        }
        match settings.interface.as_deref() {
            None | Some("public" | "internal" | "admin") => {}
            Some(other) => {
                let known = "public, internal or admin";
                return Err(BadSettings::value("interface", other, known));
            }
        }
        Ok(Self {
            settings,
            tokens,
            wire,
            kept: Mutex::new(None),
        })
    }

    /// The session that is kept, or a new one; callers wait for one another, so one sign-in serves them all.
    pub async fn session(&self) -> Result<Arc<Session>, Trouble> {
        let mut kept = self.kept.lock().await;
        if let Some(session) = kept
            .as_ref()
            .filter(|session| Instant::now() < session.fresh_until)
        {
            return Ok(session.clone());
        }
        *kept = None;
        let session = Arc::new(
            self.sign_in()
                .await
                .map_err(|trouble| trouble.sign_in(" to Keystone"))?,
        );
        *kept = Some(session.clone());
        Ok(session)
    }

    /// Forgets a session that Nova did not take, unless another caller has already renewed it.
    pub async fn forget(&self, refused: &Session) {
        let mut kept = self.kept.lock().await;
        if kept
            .as_ref()
            .is_some_and(|session| session.token == refused.token)
        {
            *kept = None;
        }
    }

    async fn sign_in(&self) -> Result<Session, Trouble> {
        let settings = &self.settings;
        let (secret, body) = match &settings.who {
            Who::User {
                name,
                password,
                domain,
                project,
                project_domain,
            } => {
                let password = password.read()?;
                let body = json!({"auth": {
                    "identity": {"methods": ["password"], "password": {"user": {
                        "name": name, "domain": {"name": domain}, "password": password.reveal(),
                    }}},
                    "scope": {"project": {"name": project, "domain": {"name": project_domain}}},
                }});
                (password, body)
            }
            Who::Application { credential, secret } => {
                let secret = secret.read()?;
                // It carries its project: a scope of its own would be refused.
                let body = json!({"auth": {"identity": {
                    "methods": ["application_credential"],
                    "application_credential": named(credential, &secret),
                }}});
                (secret, body)
            }
        };
        let asked = Instant::now();
        let request = self.wire.post(self.tokens.clone(), &body);
        let reply = self.wire.send(request, Kind::Read, &[&secret]).await?;
        let token = self.token(&reply)?;
        let Envelope { token: said } = reply.json()?;
        let fresh_until = asked + lasts(&said);
        let roles = said.roles.into_iter().map(|role| role.name).collect();
        let compute = compute(
            &said.catalog,
            settings.region.as_deref(),
            settings.interface.as_deref().unwrap_or("public"),
        )?;
        Ok(Session {
            token,
            compute,
            roles,
            fresh_until,
        })
    }

    fn token(&self, reply: &Reply) -> Result<Secret, Trouble> {
        let text = reply
            .headers
            .get("x-subject-token")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if text.is_empty() {
            Err(Trouble::Garbled {
                host: reply.host.clone(),
                why: "there is no X-Subject-Token".into(),
            })
        } else {
            Ok(Secret::new(text))
        }
    }
}

fn named(credential: &Credential, secret: &Secret) -> serde_json::Value {
    match credential {
        Credential::Id(id) => json!({"id": id, "secret": secret.reveal()}),
        Credential::Named { name, user, domain } => json!({
            "name": name, "user": {"name": user, "domain": {"name": domain}}, "secret": secret.reveal(),
        }),
    }
}

/// Both times are Keystone's, so its clock may differ from ours; a very short life is used to one half.
fn lasts(token: &Token) -> Duration {
    let whole =
        Duration::try_from(token.expires_at.duration_since(token.issued_at)).unwrap_or_default();
    whole.saturating_sub(SPARE).max(whole / 2)
}

/// The one compute endpoint for this region and interface.
fn compute(catalog: &[Service], region: Option<&str>, interface: &str) -> Result<Url, Trouble> {
    let all: Vec<&Endpoint> = catalog
        .iter()
        .filter(|service| service.kind == "compute")
        .flat_map(|service| &service.endpoints)
        .filter(|endpoint| endpoint.interface == interface)
        .collect();
    let mut regions: Vec<&str> = all.iter().map(|endpoint| endpoint.region()).collect();
    regions.sort_unstable();
    regions.dedup();
    let wanted = match (region, regions.as_slice()) {
        (_, []) => {
            return Err(Trouble::Setup(format!(
                "the catalog has no {interface} compute endpoint"
            )));
        }
        (Some(region), known) if known.contains(&region) => region,
        (Some(region), known) => {
            let known = known.join(", ");
            return Err(Trouble::Setup(format!(
                "the catalog has compute in {known}, not in region {region}"
            )));
        }
        (None, [one]) => one,
        (None, several) => {
            let known = several.join(", ");
            return Err(Trouble::Setup(format!(
                "the catalog has compute in {known}: set region"
            )));
        }
    };
    let text = all
        .iter()
        .find(|endpoint| endpoint.region() == wanted)
        .map(|endpoint| endpoint.url.as_str());
    let text = text.unwrap_or_default().trim_end_matches('/');
    Url::parse(text).map_err(|_| {
        Trouble::Setup(format!(
            "the catalog's compute endpoint {text:?} is not an address"
        ))
    })
}

#[derive(Deserialize)]
struct Envelope {
    token: Token,
}

#[derive(Deserialize)]
struct Token {
    expires_at: Timestamp,
    issued_at: Timestamp,
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(default)]
    catalog: Vec<Service>,
}

#[derive(Deserialize)]
struct Role {
    name: String,
}

#[derive(Deserialize)]
struct Service {
    #[serde(rename = "type")]
    kind: String,
    endpoints: Vec<Endpoint>,
}

#[derive(Deserialize)]
struct Endpoint {
    interface: String,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    region_id: Option<String>,
    url: String,
}

impl Endpoint {
    fn region(&self) -> &str {
        self.region_id
            .as_deref()
            .or(self.region.as_deref())
            .unwrap_or_default()
    }
}
