//! Settings of a cloud that cannot work.

use reqwest::Url;
use std::path::PathBuf;

/// A setting that cannot work.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// A value that cannot be what its key means.
    #[error("{key} {value:?} is not valid: expected {expected}")]
    Value {
        /// Key.
        key: &'static str,
        /// What it was set to.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// Keys that do not fit together.
    #[error("{key}: {expected}")]
    Together {
        /// The first of them.
        key: &'static str,
        /// What was expected.
        expected: String,
    },
    /// The file of authorities.
    #[error("ca {} cannot be used: {why}", .path.display())]
    Ca {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The HTTP client.
    #[error("the http client cannot be built: {0}")]
    Client(String),
}

impl BadSettings {
    /// A value that cannot be what its key means.
    pub(crate) fn value(key: &'static str, value: &str, expected: &str) -> Self {
        Self::Value {
            key,
            value: value.to_owned(),
            expected: expected.to_owned(),
        }
    }
}

/// An address of a service; a user or password inside would be shown in messages.
pub fn address(key: &'static str, text: &str) -> Result<Url, BadSettings> {
    let bad = || BadSettings::value(key, text, "http(s)://host/..");
    let url = Url::parse(text).map_err(|_| bad())?;
    let fits = matches!(url.scheme(), "http" | "https") && url.has_host();
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadSettings::Together {
            key,
            expected: "expected an address without user and password in it".to_owned(),
        });
    }
    if fits { Ok(url) } else { Err(bad()) }
}
