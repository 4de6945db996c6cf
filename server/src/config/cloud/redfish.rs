//! Keys of bare metal.

use super::{one_of, source};
use ::cloud::secret::SecretSource;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[[cloud]]` of kind `redfish`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redfish {
    /// Where a node's controller is, with `{node}`, `{short}` or `{ip}` in it.
    pub controller: Option<String>,
    /// The system behind a controller that has several.
    pub system: Option<String>,
    /// Nodes that are elsewhere.
    #[serde(default)]
    pub machines: BTreeMap<String, String>,
    /// User.
    pub username: String,
    /// File with the password.
    pub password_file: Option<PathBuf>,
    /// Environment variable with the password.
    pub password_env: Option<String>,
    /// How to sign in.
    #[serde(default)]
    pub sign_in: SignIn,
}

/// How to sign in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignIn {
    /// A session where there are any, else the password with every call.
    #[default]
    Auto,
    /// A session only.
    Session,
    /// The password with every call.
    Basic,
}

impl Redfish {
    pub(super) fn sound(&self) -> Result<(), (&'static str, String)> {
        if self.controller.is_none() && self.machines.is_empty() {
            let expected = "expected controller, or machines with an address for each node";
            return Err(("controller", expected.to_owned()));
        }
        let keys = ("password_file", "password_env");
        one_of(
            self.password_file.as_ref(),
            self.password_env.as_ref(),
            keys,
        )
    }

    /// Where the password is kept.
    pub fn password(&self) -> Option<SecretSource> {
        source(self.password_file.as_ref(), self.password_env.as_ref())
    }
}
