//! Keys of taps: each holds until when it counts, and only we can make one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::ports::StoreError;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::Sqlite;
use subtle::ConstantTimeEq;
use tokio::sync::Notify;

/// From the page to the last moment at which a power act of it counts, on the wall clock.
pub const LIFE: SignedDuration = SignedDuration::from_secs(90);
/// Bytes of the seal.
const SEAL: usize = 12;
/// Block of SHA-256, as HMAC needs it.
const BLOCK: usize = 64;

/// Makes and reads keys, and tells who waits that an act has its outcome.
#[derive(Clone)]
pub struct Taps {
    secret: [u8; 32],
    /// Rings after every outcome.
    pub decided: Arc<Notify>,
}

impl Taps {
    /// With a secret that lasts as long as the data: keys outlive the process that made them.
    pub async fn kept(store: &Sqlite) -> Result<Self, StoreError> {
        let fresh = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let kept = store.meta_or("tap_secret", &fresh).await?;
        Ok(Self {
            secret: Sha256::digest(kept).into(),
            decided: Arc::default(),
        })
    }

    /// A fresh key that counts from now on.
    #[must_use]
    pub fn key(&self) -> String {
        self.key_until(Timestamp::now() + LIFE)
    }

    /// A fresh key with another end.
    #[must_use]
    pub fn key_until(&self, until: Timestamp) -> String {
        let random = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        let open = format!("{random}.{}", until.as_second());
        let seal = URL_SAFE_NO_PAD.encode(self.seal(&open));
        format!("{open}.{seal}")
    }

    /// The end of a key; none when it was not made here or was changed since.
    #[must_use]
    pub fn deadline(&self, key: &str) -> Option<Timestamp> {
        let (open, seal) = key.rsplit_once('.')?;
        let seal = URL_SAFE_NO_PAD.decode(seal).ok()?;
        if !bool::from(seal.ct_eq(&self.seal(open))) {
            return None;
        }
        app::deadline(open)
    }

    /// HMAC-SHA-256, cut short.
    fn seal(&self, text: &str) -> [u8; SEAL] {
        let mut pad = [0; BLOCK];
        pad[..self.secret.len()].copy_from_slice(&self.secret);
        let inner = Sha256::new()
            .chain_update(pad.map(|byte| byte ^ 0x36))
            .chain_update(text)
            .finalize();
        let outer = Sha256::new()
            .chain_update(pad.map(|byte| byte ^ 0x5c))
            .chain_update(inner)
            .finalize();
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&outer[..SEAL]);
        seal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taps(byte: u8) -> Taps {
        Taps {
            secret: [byte; 32],
            decided: Arc::default(),
        }
    }

    #[test]
    fn the_seal_is_hmac_sha_256() {
        // RFC 4231, case 1: its key of 20 bytes, filled up with zeros as HMAC does.
        let mut secret = [0; 32];
        secret[..20].fill(0x0b);
        let taps = Taps {
            secret,
            decided: Arc::default(),
        };
        let expected = [
            0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce,
        ];
        assert_eq!(taps.seal("Hi There"), expected);
    }

    #[test]
    fn a_key_tells_its_end_and_cannot_be_given_a_later_one() {
        let (ours, other) = (taps(1), taps(2));
        let until = Timestamp::from_second(1_800_000_000).expect("a time");
        let key = ours.key_until(until);
        assert_eq!(ours.deadline(&key), Some(until));
        assert_eq!(other.deadline(&key), None);
        assert_eq!(
            ours.deadline(&key.replace("1800000000", "1900000000")),
            None
        );
        for forged in ["", "tap-1", "a.1900000000", "a.1900000000.", "a.b.c"] {
            assert_eq!(ours.deadline(forged), None, "{forged:?}");
        }
        let left = ours.deadline(&ours.key()).expect("ours") - Timestamp::now();
        assert!(left.get_seconds() <= LIFE.as_secs());
    }
}
