//! Words on their way to the page that shows them: kept here, found again by a random cookie, shown once.

use app::FlashKind;
use axum::http::header::{COOKIE, HeaderMap, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A word that nobody fetched in this time is forgotten.
const KEPT: Duration = Duration::from_secs(300);
/// Most words kept; beyond it the oldest goes.
const MOST: usize = 1_000;

/// The words, with the time each was left.
#[derive(Clone, Default)]
pub struct Flashes(Arc<Mutex<HashMap<String, (Instant, FlashKind)>>>);

impl Flashes {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a word; answers the id for the cookie.
    #[must_use]
    pub fn keep(&self, word: FlashKind) -> String {
        let id = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (since, _)| since.elapsed() < KEPT);
        if all.len() >= MOST
            && let Some(oldest) = all
                .iter()
                .min_by_key(|(_, (since, _))| *since)
                .map(|(id, _)| id.clone())
        {
            all.remove(&oldest);
        }
        all.insert(id.clone(), (Instant::now(), word));
        id
    }

    /// Takes a word out.
    #[must_use]
    pub fn take(&self, id: &str) -> Option<FlashKind> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, word) = all.remove(id)?;
        (since.elapsed() < KEPT).then_some(word)
    }
}

const fn name(secure: bool) -> &'static str {
    if secure { "__Host-flash" } else { "flash" }
}

/// The cookie that finds a word again.
pub fn cookie(secure: bool, id: &str) -> HeaderValue {
    written(secure, id, KEPT.as_secs())
}

/// Takes the cookie away.
pub fn gone(secure: bool) -> HeaderValue {
    written(secure, "", 0)
}

fn written(secure: bool, id: &str, age: u64) -> HeaderValue {
    let (name, rest) = (name(secure), if secure { "; Secure" } else { "" });
    HeaderValue::try_from(format!(
        "{name}={id}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{rest}"
    ))
    .expect("an id in base64 is plain ASCII")
}

/// The id in the cookie of a request.
pub fn id(secure: bool, headers: &HeaderMap) -> Option<String> {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(key, _)| *key == name(secure))
        .map(|(_, id)| id.to_owned())
}
