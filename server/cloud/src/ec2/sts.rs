//! Taking on a role with a web identity, and asking who we are.

use super::keys::Keys;
use super::sign::{self, FORM};
use super::xml::{child, read, said, text};
use crate::pace::Kind;
use crate::secret::{Secret, SecretSource};
use crate::settings::{BadSettings, address};
use crate::trouble::Trouble;
use crate::wire::{Means, Wire, form};
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use std::path::Path;
use std::sync::Arc;

const VERSION: &str = "2011-06-15";

/// The security token service of a region.
pub struct Sts {
    wire: Wire,
    url: Url,
    region: String,
}

impl Sts {
    /// Checks the address.
    pub fn new(endpoint: &str, region: &str, means: &Means) -> Result<Self, BadSettings> {
        Ok(Self {
            wire: Wire::new(means, Arc::new(said))?,
            url: address("sts_endpoint", endpoint)?,
            region: region.to_owned(),
        })
    }

    /// Takes on a role with the token of a file, which Kubernetes renews there.
    pub async fn assume(&self, role: &str, file: &Path) -> Result<Keys, Trouble> {
        let token = SecretSource::File(file.to_owned()).read()?;
        let body = form(&[
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", VERSION),
            ("RoleArn", role),
            ("RoleSessionName", "uncordon"),
            ("WebIdentityToken", token.reveal()),
        ]);
        let request = self.wire.request(reqwest::Method::POST, self.url.clone());
        let request = request.header(CONTENT_TYPE, FORM).body(body);
        let reply = self.wire.send(request, Kind::Read, &[&token]).await?;
        let origin = format!("role {role} by the token in {}", file.display());
        read(&reply, |root| {
            let result = child(root, "AssumeRoleWithWebIdentityResult")?;
            let keys = child(result, "Credentials")?;
            Some(Keys {
                id: text(keys, "AccessKeyId")?.to_owned(),
                secret: Secret::new(text(keys, "SecretAccessKey")?),
                session: Some(Secret::new(text(keys, "SessionToken")?)),
                until: Some(text(keys, "Expiration")?.parse().ok()?),
                origin: origin.clone(),
            })
        })
    }

    /// The ARN we are known by.
    pub async fn who(&self, keys: &Keys) -> Result<String, Trouble> {
        let body = form(&[("Action", "GetCallerIdentity"), ("Version", VERSION)]);
        let headers = sign::headers(keys, ("sts", &self.region), &self.url, &body)?;
        let request = self
            .wire
            .request(reqwest::Method::POST, self.url.clone())
            .header(CONTENT_TYPE, FORM)
            .headers(headers)
            .body(body);
        let reply = self.wire.send(request, Kind::Read, &[&keys.secret]).await?;
        read(&reply, |root| {
            let result = child(root, "GetCallerIdentityResult")?;
            text(result, "Arn").map(str::to_owned)
        })
    }
}
