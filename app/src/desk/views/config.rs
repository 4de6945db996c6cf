//! The config file as people may see it.

use domain::id::ClusterName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is in force, and what of the file is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigView {
    /// Path of the file.
    pub file: String,
    /// When what is in force was read, on the wall's clock.
    pub since: Timestamp,
    /// What made us read it: the start, or SIGHUP.
    pub by: String,
    /// Why a newer one was not taken.
    pub trouble: Option<ConfigTrouble>,
    /// Keys whose new value waits for a restart.
    pub restart: Vec<String>,
    /// Clusters that are no longer in it, but where a recovery is still at work.
    pub leaving: Vec<ClusterName>,
    /// Its tables.
    pub sections: Vec<ConfigSection>,
}

/// A config that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigTrouble {
    /// When it was read, on the wall's clock.
    pub at: Timestamp,
    /// What made us read it.
    pub by: String,
    /// File, line, key and what was expected.
    pub error: String,
}

/// One table of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigSection {
    /// `server`, or `cluster prod`.
    pub name: String,
    /// Its keys.
    pub keys: Vec<ConfigKey>,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigKey {
    /// Its name, with dots for inner tables.
    pub key: String,
    /// Its value; of a secret only where it is kept.
    pub value: String,
    /// Whether the value itself is hidden.
    pub secret: bool,
}
