//! How an address is asked: within a time limit, with a secret and authorities that are read anew each time.

use cloud::secret::{Secret, SecretSource};
use reqwest::Url;
use reqwest::header::AUTHORIZATION;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Longest answer that is read, in bytes.
const BODY_MAX: usize = 1024 * 1024;
/// A shorter secret is not cut out of texts: that would tear words apart.
const SECRET_MIN: usize = 4;

/// The way to an address.
#[derive(Debug, Clone)]
pub struct Way {
    /// Where the bearer token is kept.
    pub token: Option<SecretSource>,
    /// A PEM file with authorities besides the system's.
    pub ca_file: Option<PathBuf>,
    /// One exchange may take so long.
    pub timeout: Duration,
}

/// An answer, whatever its status.
pub struct Got {
    /// Status.
    pub status: u16,
    /// The body, at most so much of it as is read at all, without our own secret.
    pub body: Vec<u8>,
    /// How long it took.
    pub took: Duration,
}

impl Way {
    /// Asks once. A rotated secret or authority is used from its first try on, since both are read here.
    pub async fn get(&self, url: Url) -> Result<Got, String> {
        let client =
            cloud::client(self.ca_file.as_deref(), self.timeout).map_err(|why| why.to_string())?;
        let token = self.token()?;
        let mut request = client.get(url);
        if let Some(token) = &token {
            let value = Secret::new(format!("Bearer {}", token.reveal())).header();
            request = request.header(AUTHORIZATION, value);
        }
        let begun = Instant::now();
        let mut response = request.send().await.map_err(|why| self.lost(&why))?;
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|why| self.lost(&why))? {
            let room = BODY_MAX - body.len();
            body.extend_from_slice(&part[..part.len().min(room)]);
            if body.len() == BODY_MAX {
                break;
            }
        }
        Ok(Got {
            status: response.status().as_u16(),
            body: without(body, token.as_ref()),
            took: begun.elapsed(),
        })
    }

    /// Whether secret and authorities are there.
    pub fn ready(&self) -> Result<(), String> {
        self.token()?;
        cloud::client(self.ca_file.as_deref(), self.timeout)
            .map(drop)
            .map_err(|why| why.to_string())
    }

    fn token(&self) -> Result<Option<Secret>, String> {
        let read = self.token.as_ref().map(SecretSource::read).transpose();
        read.map_err(|why| why.to_string())
    }

    fn lost(&self, error: &reqwest::Error) -> String {
        if error.is_timeout() {
            format!("no answer within {} s", self.timeout.as_secs_f32())
        } else {
            cloud::chain(error)
        }
    }
}

/// A counterpart that says our secret back must not bring it into the record.
fn without(body: Vec<u8>, token: Option<&Secret>) -> Vec<u8> {
    let secret = token.map(Secret::reveal).unwrap_or_default();
    if secret.len() < SECRET_MIN {
        return body;
    }
    match String::from_utf8_lossy(&body) {
        text if text.contains(secret) => text.replace(secret, "(hidden)").into_bytes(),
        _ => body,
    }
}
