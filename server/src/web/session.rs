//! Signed-in browsers: the cookie, what is kept under it, and how it slides.

use crate::web::AppState;
use async_trait::async_trait;
use domain::id::PersonName;
use std::fmt;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Error, Id, Record};
use tower_sessions::session_store::Result as Stored;
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

/// How long a session lives without being used.
pub const IDLE: Duration = Duration::days(30);
/// A session is written again, and its cookie sent again, once in this time: not on every request.
const TOUCH: Duration = Duration::hours(12);

/// The store looks for the person under this name too.
const WHO: &str = store::accounts::PERSON;
const SEEN: &str = "seen";

/// Any store of sessions.
#[derive(Clone)]
pub struct Sessions(Arc<dyn SessionStore>);

impl Sessions {
    /// Takes a store.
    pub fn new(store: impl SessionStore) -> Self {
        Self(Arc::new(store))
    }

    /// The person of a session that is still there.
    pub async fn person(&self, id: &Id) -> Option<PersonName> {
        let record = self.0.load(id).await.ok()??;
        serde_json::from_value(record.data.get(WHO)?.clone()).ok()
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Stored<()> {
        self.0.create(record).await
    }

    async fn save(&self, record: &Record) -> Stored<()> {
        self.0.save(record).await
    }

    async fn load(&self, id: &Id) -> Stored<Option<Record>> {
        self.0.load(id).await
    }

    async fn delete(&self, id: &Id) -> Stored<()> {
        self.0.delete(id).await
    }
}

/// Name of the cookie: the prefix binds it to https and to this host.
#[must_use]
pub const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-s" } else { "s" }
}

/// The layer that finds and saves sessions.
pub fn layer(state: &AppState) -> SessionManagerLayer<Sessions> {
    let secure = state.settings.secure;
    SessionManagerLayer::new(state.sessions.clone())
        .with_name(cookie_name(secure))
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(IDLE))
}

/// The person of a session; keeps it alive.
pub async fn person(session: &Session) -> Result<Option<PersonName>, Error> {
    let Some(name) = session.get::<PersonName>(WHO).await? else {
        return Ok(None);
    };
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let seen = session.get::<i64>(SEEN).await?.unwrap_or(0);
    if now - seen >= TOUCH.whole_seconds() {
        session.insert(SEEN, now).await?;
    }
    Ok(Some(name))
}

/// Signs a person in under a new id: whoever knew the old one has nothing.
pub async fn sign_in(session: &Session, name: &PersonName) -> Result<(), Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(WHO, name).await?;
    session
        .insert(SEEN, OffsetDateTime::now_utc().unix_timestamp())
        .await
}

/// Ends a session.
pub async fn sign_out(session: &Session) -> Result<(), Error> {
    session.flush().await
}
