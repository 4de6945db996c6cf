//! Keys of the role of the instance we run on, by the metadata service in its second version.

use super::keys::Keys;
use crate::pace::Kind;
use crate::secret::Secret;
use crate::settings::{BadSettings, address};
use crate::trouble::Trouble;
use crate::wire::{Means, Reply, Wire};
use jiff::Timestamp;
use reqwest::{Method, Url};
use serde::Deserialize;
use std::sync::Arc;

/// The same on every instance.
const ENDPOINT: &str = "http://169.254.169.254";
/// How long a metadata token lasts; it is used at once.
const TOKEN_S: &str = "60";
const ROLES: &str = "latest/meta-data/iam/security-credentials/";

/// The metadata service.
pub struct Imds {
    wire: Wire,
    base: Url,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    #[serde(default)]
    code: String,
    access_key_id: String,
    secret_access_key: String,
    token: String,
    expiration: Timestamp,
}

impl Imds {
    /// Checks the address.
    pub fn new(endpoint: Option<&str>, means: &Means) -> Result<Self, BadSettings> {
        Ok(Self {
            // It must be asked by ourselves: a proxy would answer with its own role.
            wire: Wire::direct(means, Arc::new(|_: &[u8]| None))?,
            base: address("imds_endpoint", endpoint.unwrap_or(ENDPOINT))?,
        })
    }

    /// Asks for the keys of the instance's role.
    pub async fn keys(&self) -> Result<Keys, Trouble> {
        let request = self
            .wire
            .request(Method::PUT, self.url("latest/api/token")?)
            .header("x-aws-ec2-metadata-token-ttl-seconds", TOKEN_S);
        let token = Secret::new(text(&self.wire.read(request).await?)?);
        let roles = match self.get(ROLES, &token).await {
            Ok(reply) => text(&reply)?,
            Err(trouble) if trouble.code() == Some(404) => {
                return Err(Trouble::Setup("this instance has no role".to_owned()));
            }
            Err(trouble) => return Err(trouble),
        };
        let role = roles.lines().next().unwrap_or_default().trim().to_owned();
        let reply = self.get(&format!("{ROLES}{role}"), &token).await?;
        let document: Document = reply.json()?;
        if !matches!(document.code.as_str(), "" | "Success") {
            return Err(Trouble::Setup(format!(
                "the keys of the role {role} are not there: {}",
                document.code
            )));
        }
        Ok(Keys {
            id: document.access_key_id,
            secret: Secret::new(document.secret_access_key),
            session: Some(Secret::new(document.token)),
            until: Some(document.expiration),
            origin: format!("role {role} of this instance"),
        })
    }

    async fn get(&self, path: &str, token: &Secret) -> Result<Reply, Trouble> {
        let request = self
            .wire
            .get(self.url(path)?)
            .header("x-aws-ec2-metadata-token", token.header());
        self.wire.send(request, Kind::Read, &[token]).await
    }

    fn url(&self, path: &str) -> Result<Url, Trouble> {
        let whole = self.base.join(path);
        whole.map_err(|why| Trouble::Setup(format!("{path:?} is not a path: {why}")))
    }
}

fn text(reply: &Reply) -> Result<String, Trouble> {
    let text = String::from_utf8_lossy(&reply.body).trim().to_owned();
    if text.is_empty() {
        Err(reply.garbled("it is empty"))
    } else {
        Ok(text)
    }
}
