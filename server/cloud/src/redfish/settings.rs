//! What controllers must be told.

use crate::pace::Budget;
use crate::secret::SecretSource;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Controllers that take the same user.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of this cloud in the config, for messages.
    pub name: String,
    /// Where a node's controller is, with `{node}`, `{short}` or `{ip}` in it: `https://{short}-bmc.example`.
    pub controller: Option<String>,
    /// The system behind a controller that has several: its id, name or host name; the node's own name when `None`.
    pub system: Option<String>,
    /// Nodes that are elsewhere: the address of their controller, or of their system there.
    pub machines: BTreeMap<String, String>,
    /// User.
    pub username: String,
    /// Where the password is kept.
    pub password: SecretSource,
    /// How to sign in.
    pub sign_in: SignIn,
    /// A PEM file with the authorities to trust besides the system's.
    pub ca: Option<PathBuf>,
    /// How often all controllers together may be called.
    pub budget: Budget,
}

/// How to sign in to a controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// A session where the controller has them, else the password with every call.
    Auto,
    /// A session only.
    Session,
    /// The password with every call.
    Basic,
}
