//! The keys in use: read anew where that costs nothing, kept while they last where somebody must be asked for them.

use super::imds::Imds;
use super::sts::Sts;
use super::{KeySource, Settings, profile};
use crate::secret::{Secret, SecretSource};
use crate::settings::BadSettings;
use crate::trouble::Trouble;
use crate::wire::Means;
use jiff::{SignedDuration, Timestamp};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Temporary keys are renewed this long before they end.
const SPARE: SignedDuration = SignedDuration::from_secs(300);
/// A renewal that failed is tried again this soon, while the old keys still last.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// A pair of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Access key id: not a secret by itself, but never shown whole.
    pub id: String,
    /// Secret access key.
    pub secret: Secret,
    /// Session token of temporary keys.
    pub session: Option<Secret>,
    /// When they end.
    pub until: Option<Timestamp>,
    /// Where they came from, for the doctor.
    pub origin: String,
}

struct Kept {
    keys: Arc<Keys>,
    renew_at: Timestamp,
}

/// Where keys come from.
pub struct Ring {
    source: KeySource,
    imds: Imds,
    sts: Arc<Sts>,
    kept: Mutex<Option<Kept>>,
}

impl Ring {
    /// Checks what can be checked without a call.
    pub fn new(settings: &Settings, means: &Means, sts: Arc<Sts>) -> Result<Self, BadSettings> {
        let endpoint = match &settings.keys {
            KeySource::Instance { endpoint } => endpoint.clone(),
            KeySource::Auto
            | KeySource::Pair { .. }
            | KeySource::Profile { .. }
            | KeySource::WebIdentity { .. } => None,
        };
        Ok(Self {
            source: settings.keys.clone(),
            imds: Imds::new(endpoint.as_deref(), means)?,
            sts,
            kept: Mutex::new(None),
        })
    }

    /// The keys to sign with now; callers wait for one another, so one sign-in serves them all.
    pub async fn keys(&self) -> Result<Arc<Keys>, Trouble> {
        let mut kept = self.kept.lock().await;
        let now = Timestamp::now();
        if let Some(one) = kept.as_ref().filter(|one| now < one.renew_at) {
            return Ok(Arc::clone(&one.keys));
        }
        match self.fetch().await {
            Ok(keys) => {
                let keys = Arc::new(keys);
                *kept = keys.until.map(|until| Kept {
                    keys: Arc::clone(&keys),
                    renew_at: renewal(now, until),
                });
                Ok(keys)
            }
            Err(trouble) => match kept.as_mut() {
                // Whoever hands them out has trouble; what we hold still opens the door.
                Some(old) if old.keys.until.is_some_and(|until| now < until) => {
                    tracing::warn!(%trouble, "Keys could not be renewed; the old ones still last");
                    old.renew_at = now + AGAIN;
                    Ok(Arc::clone(&old.keys))
                }
                Some(_) | None => Err(trouble.sign_in(" to AWS")),
            },
        }
    }

    /// Forgets keys that were refused, unless another caller has already renewed them.
    pub async fn forget(&self, refused: &Keys) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|one| *one.keys == *refused) {
            *kept = None;
        }
    }

    async fn fetch(&self) -> Result<Keys, Trouble> {
        match &self.source {
            KeySource::Pair {
                id,
                secret,
                session,
            } => pair(id, secret, session.as_ref()),
            KeySource::Profile { file, name } => profile::read(file.as_deref(), name.as_deref()),
            KeySource::Instance { .. } => self.imds.keys().await,
            KeySource::WebIdentity { role, token } => self.sts.assume(role, token).await,
            KeySource::Auto => self.look_around().await,
        }
    }

    /// In the order of AWS's own tools.
    async fn look_around(&self) -> Result<Keys, Trouble> {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let variable = |name: &str| SecretSource::Env(name.to_owned());
        if set("AWS_ACCESS_KEY_ID").is_some() {
            let session = set("AWS_SESSION_TOKEN").map(|_| variable("AWS_SESSION_TOKEN"));
            let (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
            return pair(&variable(id), &variable(secret), session.as_ref());
        }
        if let (Some(file), Some(role)) = (set("AWS_WEB_IDENTITY_TOKEN_FILE"), set("AWS_ROLE_ARN"))
        {
            return self.sts.assume(&role, &PathBuf::from(file)).await;
        }
        if profile::there() {
            return profile::read(None, None);
        }
        self.imds.keys().await.map_err(|trouble| {
            Trouble::Setup(format!(
                "there are no keys in the environment, none in a profile, and the instance gives none ({trouble})"
            ))
        })
    }
}

fn pair(
    id: &SecretSource,
    secret: &SecretSource,
    session: Option<&SecretSource>,
) -> Result<Keys, Trouble> {
    Ok(Keys {
        id: id.read()?.reveal().to_owned(),
        secret: secret.read()?,
        session: session.map(SecretSource::read).transpose()?,
        until: None,
        origin: id.to_string(),
    })
}

/// Well before the end; keys of a short life are used to one half.
fn renewal(now: Timestamp, until: Timestamp) -> Timestamp {
    let life = until.duration_since(now);
    (until - SPARE).max(now + life / 2)
}
