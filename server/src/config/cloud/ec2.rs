//! Keys of an AWS account.

use super::{Stop, one_of, source};
use ::cloud::ec2::KeySource;
use serde::Deserialize;
use std::path::PathBuf;

/// `[[cloud]]` of kind `ec2`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ec2 {
    /// Region.
    pub region: String,
    /// Another address than AWS's own.
    pub endpoint: Option<String>,
    /// The same for STS.
    pub sts_endpoint: Option<String>,
    /// Where the keys come from.
    #[serde(default)]
    pub credentials: Credentials,
    /// File with the access key id.
    pub access_key_id_file: Option<PathBuf>,
    /// Environment variable with it.
    pub access_key_id_env: Option<String>,
    /// File with the secret access key.
    pub secret_access_key_file: Option<PathBuf>,
    /// Environment variable with it.
    pub secret_access_key_env: Option<String>,
    /// File with the session token, if the keys are temporary.
    pub session_token_file: Option<PathBuf>,
    /// Environment variable with it.
    pub session_token_env: Option<String>,
    /// File with profiles.
    pub credentials_file: Option<PathBuf>,
    /// Which profile.
    pub profile: Option<String>,
    /// Another address of the metadata service.
    pub imds_endpoint: Option<String>,
    /// Role to take on.
    pub role_arn: Option<String>,
    /// File with the token for that.
    pub web_identity_token_file: Option<PathBuf>,
    /// Only machines of this VPC are found by address.
    pub vpc: Option<String>,
    /// A tag that names the physical host.
    pub host_tag: Option<String>,
    /// What a stop by a user means.
    #[serde(default)]
    pub user_stop: Stop,
}

/// Where the keys come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credentials {
    /// As AWS's own tools look for them.
    #[default]
    Auto,
    /// `access_key_id_*` and `secret_access_key_*`.
    Keys,
    /// `credentials_file` and `profile`.
    Profile,
    /// The role of the instance we run on.
    Instance,
    /// `role_arn` and `web_identity_token_file`.
    WebIdentity,
}

impl Ec2 {
    pub(super) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        [
            &mut self.access_key_id_file,
            &mut self.secret_access_key_file,
            &mut self.session_token_file,
            &mut self.credentials_file,
            &mut self.web_identity_token_file,
        ]
        .into_iter()
        .filter_map(Option::as_mut)
    }

    /// Keys that were set, with the way of signing in they belong to.
    fn belongs(&self) -> [(&'static str, bool, Credentials); 9] {
        [
            (
                "access_key_id_file",
                self.access_key_id_file.is_some(),
                Credentials::Keys,
            ),
            (
                "access_key_id_env",
                self.access_key_id_env.is_some(),
                Credentials::Keys,
            ),
            (
                "secret_access_key_file",
                self.secret_access_key_file.is_some(),
                Credentials::Keys,
            ),
            (
                "secret_access_key_env",
                self.secret_access_key_env.is_some(),
                Credentials::Keys,
            ),
            (
                "credentials_file",
                self.credentials_file.is_some(),
                Credentials::Profile,
            ),
            ("profile", self.profile.is_some(), Credentials::Profile),
            (
                "imds_endpoint",
                self.imds_endpoint.is_some(),
                Credentials::Instance,
            ),
            (
                "role_arn",
                self.role_arn.is_some(),
                Credentials::WebIdentity,
            ),
            (
                "web_identity_token_file",
                self.web_identity_token_file.is_some(),
                Credentials::WebIdentity,
            ),
        ]
    }

    pub(super) fn sound(&self) -> Result<(), (&'static str, String)> {
        let strange = self
            .belongs()
            .into_iter()
            .find(|(_, set, of)| *set && *of != self.credentials);
        if let Some((key, _, of)) = strange {
            let expected = format!("expected credentials = \"{}\" beside {key}", word(of));
            return Err((key, expected));
        }
        match self.credentials {
            Credentials::Auto | Credentials::Profile | Credentials::Instance => Ok(()),
            Credentials::Keys => {
                let keys = ("access_key_id_file", "access_key_id_env");
                one_of(
                    self.access_key_id_file.as_ref(),
                    self.access_key_id_env.as_ref(),
                    keys,
                )?;
                let keys = ("secret_access_key_file", "secret_access_key_env");
                one_of(
                    self.secret_access_key_file.as_ref(),
                    self.secret_access_key_env.as_ref(),
                    keys,
                )
            }
            Credentials::WebIdentity => match (&self.role_arn, &self.web_identity_token_file) {
                (Some(_), Some(_)) => Ok(()),
                (None, _) => Err(("credentials", "expected role_arn".to_owned())),
                (_, None) => Err(("credentials", "expected web_identity_token_file".to_owned())),
            },
        }
    }

    /// Where the keys come from; `None` where a key is missing, which `sound` has refused.
    pub fn keys(&self) -> Option<KeySource> {
        Some(match self.credentials {
            Credentials::Auto => KeySource::Auto,
            Credentials::Keys => KeySource::Pair {
                id: source(
                    self.access_key_id_file.as_ref(),
                    self.access_key_id_env.as_ref(),
                )?,
                secret: source(
                    self.secret_access_key_file.as_ref(),
                    self.secret_access_key_env.as_ref(),
                )?,
                session: source(
                    self.session_token_file.as_ref(),
                    self.session_token_env.as_ref(),
                ),
            },
            Credentials::Profile => KeySource::Profile {
                file: self.credentials_file.clone(),
                name: self.profile.clone(),
            },
            Credentials::Instance => KeySource::Instance {
                endpoint: self.imds_endpoint.clone(),
            },
            Credentials::WebIdentity => KeySource::WebIdentity {
                role: self.role_arn.clone()?,
                token: self.web_identity_token_file.clone()?,
            },
        })
    }
}

fn word(of: Credentials) -> &'static str {
    match of {
        Credentials::Auto => "auto",
        Credentials::Keys => "keys",
        Credentials::Profile => "profile",
        Credentials::Instance => "instance",
        Credentials::WebIdentity => "web-identity",
    }
}
