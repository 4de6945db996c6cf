//! A body signed with a shared secret, as Grafana does it: HMAC-SHA256 in hex, over `timestamp:body` or the body alone.

use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

/// How far the signature's time may be from ours.
const WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// What a signed body has to show.
#[derive(Clone)]
pub struct Signature {
    secret: Vec<u8>,
    header: String,
    timestamp_header: Option<String>,
}

/// Why a signature is not taken; every case is a 401.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// No header.
    #[error("the {0} header is missing")]
    Missing(String),
    /// Not what the secret makes of this body.
    #[error("the signature does not fit the body and the secret")]
    Wrong,
    /// No time, or one that is too far away: it may be a copy of an old request.
    #[error("the {0} header is not a time within 5 minutes of now")]
    Time(String),
}

impl Signature {
    /// The signature in this header; with a timestamp header the time is signed too, and checked.
    #[must_use]
    pub fn new(secret: &str, header: &str, timestamp_header: Option<&str>) -> Self {
        Self {
            secret: secret.as_bytes().to_vec(),
            header: header.to_ascii_lowercase(),
            timestamp_header: timestamp_header.map(str::to_ascii_lowercase),
        }
    }

    /// Checks the raw body; `header` reads a header of the request by its name in lower case.
    pub fn check<'a>(
        &self,
        header: impl Fn(&str) -> Option<&'a str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), Unsigned> {
        let shown = header(&self.header).ok_or_else(|| Unsigned::Missing(self.header.clone()))?;
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes keys of every length");
        if let Some(name) = &self.timestamp_header {
            let text = header(name).ok_or_else(|| Unsigned::Missing(name.clone()))?;
            let at = text
                .trim()
                .parse::<i64>()
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok());
            let near = at.is_some_and(|at| now.duration_since(at).abs() <= WINDOW);
            if !near {
                return Err(Unsigned::Time(name.clone()));
            }
            mac.update(text.as_bytes());
            mac.update(b":");
        }
        mac.update(body);
        let shown = shown.trim();
        let bytes = hex(shown.strip_prefix("sha256=").unwrap_or(shown)).ok_or(Unsigned::Wrong)?;
        // Compared in constant time.
        mac.verify_slice(&bytes).map_err(|_| Unsigned::Wrong)
    }
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature(in {})", self.header)
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}
