//! New secrets from the system's generator, and those of the config at the moment they are used.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cloud::secret::SecretSource;
use rand::TryRngCore;
use rand::rngs::OsRng;
use std::sync::Arc;

/// 32 random bytes as text that fits into an address.
pub fn secret() -> std::io::Result<String> {
    let mut bytes = [0_u8; 32];
    OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(std::io::Error::other)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Reads a secret of the config each time it is used, once now: what cannot be read is an error before anything runs.
pub fn ask(source: SecretSource) -> anyhow::Result<notify::Ask> {
    let ask: notify::Ask = Arc::new(move || {
        source
            .read()
            .map(|secret| secret.reveal().to_owned())
            .map_err(|error| error.to_string())
    });
    ask().map_err(anyhow::Error::msg)?;
    Ok(ask)
}
