//! Keys of an OpenStack project.

use super::{Stop, one_of, source};
use ::cloud::openstack::{Credential, Who};
use serde::Deserialize;
use std::path::PathBuf;

/// `[[cloud]]` of kind `openstack`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenStack {
    /// Keystone, with `/v3`.
    pub auth_url: String,
    /// User.
    pub username: Option<String>,
    /// File with the password.
    pub password_file: Option<PathBuf>,
    /// Environment variable with the password.
    pub password_env: Option<String>,
    /// User's domain.
    #[serde(default = "default_domain")]
    pub user_domain: String,
    /// Project.
    pub project: Option<String>,
    /// Project's domain.
    #[serde(default = "default_domain")]
    pub project_domain: String,
    /// Application credential, by id.
    pub application_credential_id: Option<String>,
    /// Application credential, by name; then `username` says whose.
    pub application_credential_name: Option<String>,
    /// File with its secret.
    pub application_credential_secret_file: Option<PathBuf>,
    /// Environment variable with its secret.
    pub application_credential_secret_env: Option<String>,
    /// Region, if the catalog has several.
    pub region: Option<String>,
    /// `public`, `internal` or `admin`.
    pub interface: Option<String>,
    /// What a stop by a user means.
    #[serde(default)]
    pub user_stop: Stop,
}

fn default_domain() -> String {
    "Default".to_owned()
}

impl OpenStack {
    fn application(&self) -> bool {
        self.application_credential_id.is_some() || self.application_credential_name.is_some()
    }

    pub(super) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let files = [
            &mut self.password_file,
            &mut self.application_credential_secret_file,
        ];
        files.into_iter().filter_map(Option::as_mut)
    }

    pub(super) fn sound(&self) -> Result<(), (&'static str, String)> {
        if self.application() {
            let (file, env) = (
                self.application_credential_secret_file.as_ref(),
                self.application_credential_secret_env.as_ref(),
            );
            let keys = (
                "application_credential_secret_file",
                "application_credential_secret_env",
            );
            one_of(file, env, keys)?;
            if self.application_credential_id.is_none() && self.username.is_none() {
                let expected = "expected application_credential_id, or username beside application_credential_name";
                return Err(("application_credential_name", expected.to_owned()));
            }
            if self.password_file.is_some() || self.password_env.is_some() {
                let expected = "expected either an application credential or a password";
                return Err(("password", expected.to_owned()));
            }
            return Ok(());
        }
        if self.username.is_none() {
            let expected = "expected username, or application_credential_id";
            return Err(("username", expected.to_owned()));
        }
        if self.project.is_none() {
            return Err(("project", "expected project".to_owned()));
        }
        let keys = ("password_file", "password_env");
        one_of(
            self.password_file.as_ref(),
            self.password_env.as_ref(),
            keys,
        )
    }

    /// As whom to sign in; `None` where a key is missing, which `sound` has refused.
    pub fn who(&self) -> Option<Who> {
        if self.application() {
            let secret = source(
                self.application_credential_secret_file.as_ref(),
                self.application_credential_secret_env.as_ref(),
            )?;
            let credential = match &self.application_credential_id {
                Some(id) => Credential::Id(id.clone()),
                None => Credential::Named {
                    name: self.application_credential_name.clone()?,
                    user: self.username.clone()?,
                    domain: self.user_domain.clone(),
                },
            };
            return Some(Who::Application { credential, secret });
        }
        Some(Who::User {
            name: self.username.clone()?,
            password: source(self.password_file.as_ref(), self.password_env.as_ref())?,
            domain: self.user_domain.clone(),
            project: self.project.clone()?,
            project_domain: self.project_domain.clone(),
        })
    }
}
