//! Says to a push service who sends (RFC 8292): one key pair per installation, and a short token signed with it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use reqwest::Url;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;

/// How long a token holds; push services refuse more than a day.
const HOLDS_S: i64 = 12 * 3600;

/// What went wrong with a key; never holds the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The system has no randomness.
    #[error("a key could not be made")]
    Make,
    /// What was kept is not a key.
    #[error("the kept key is not readable")]
    Read,
    /// It could not sign.
    #[error("the key could not sign")]
    Sign,
}

/// The key pair; its private half is shown by [`Key::secret`] to the store alone.
pub struct Key {
    pair: EcdsaKeyPair,
    pkcs8: Vec<u8>,
    public: String,
    random: SystemRandom,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.public)
    }
}

impl Key {
    /// A new pair.
    pub fn make() -> Result<Self, KeyError> {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .map_err(|_| KeyError::Make)?;
        Self::of(pkcs8.as_ref())
    }

    /// The pair that was kept.
    pub fn read(secret: &str) -> Result<Self, KeyError> {
        let pkcs8 = URL_SAFE_NO_PAD.decode(secret).map_err(|_| KeyError::Read)?;
        Self::of(&pkcs8)
    }

    fn of(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &random)
            .map_err(|_| KeyError::Read)?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self {
            pair,
            pkcs8: pkcs8.to_vec(),
            public,
            random,
        })
    }

    /// Both halves, for the store.
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.pkcs8)
    }

    /// The public half as browsers want it: an uncompressed point, base64url.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The `Authorization` header for this push service.
    pub fn header(
        &self,
        endpoint: &Url,
        subject: &str,
        now: Timestamp,
    ) -> Result<String, KeyError> {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let said = format!(
            "{}.{}",
            part(json!({ "typ": "JWT", "alg": "ES256" })),
            part(json!({
                "aud": endpoint.origin().ascii_serialization(),
                "exp": now.as_second() + HOLDS_S,
                "sub": subject,
            })),
        );
        let signature = self
            .pair
            .sign(&self.random, said.as_bytes())
            .map_err(|_| KeyError::Sign)?;
        let signature = URL_SAFE_NO_PAD.encode(signature.as_ref());
        Ok(format!("vapid t={said}.{signature}, k={}", self.public))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]
mod tests {
    use super::*;
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    #[test]
    fn a_token_names_the_push_service_its_end_and_whom_to_ask_and_is_signed() {
        let key = Key::make().unwrap();
        let url = Url::parse("https://web.push.apple.com/abc?d=1").unwrap();
        let now: Timestamp = "2026-11-22T09:41:07Z".parse().unwrap();
        let header = key.header(&url, "mailto:ops@example.test", now).unwrap();
        let (token, public) = header
            .strip_prefix("vapid t=")
            .unwrap()
            .split_once(", k=")
            .unwrap();
        assert_eq!(public, key.public());
        let (said, signature) = token.rsplit_once('.').unwrap();
        let claims = said.split_once('.').unwrap().1;
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert_eq!(
            claims,
            json!({ "aud": "https://web.push.apple.com", "exp": now.as_second() + 43_200, "sub": "mailto:ops@example.test" })
        );
        let point = URL_SAFE_NO_PAD.decode(public).unwrap();
        assert_eq!((point.len(), point[0]), (65, 4));
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(said.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
            .unwrap();
    }

    #[test]
    fn a_kept_key_is_the_same_key_and_never_shows_its_private_half() {
        let key = Key::make().unwrap();
        let kept = Key::read(&key.secret()).unwrap();
        assert_eq!(kept.public(), key.public());
        assert_eq!(Key::read("abc").unwrap_err(), KeyError::Read);
        assert!(!format!("{key:?}").contains(&key.secret()[..40]));
    }
}
