//! What an OpenStack cloud must be told.

use crate::pace::Budget;
use crate::secret::SecretSource;
use std::path::PathBuf;

/// One OpenStack project and how to sign in to it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of this cloud in the config, for messages.
    pub name: String,
    /// Keystone's address, such as `https://keystone.example:5000/v3`.
    pub auth_url: String,
    /// As whom.
    pub who: Who,
    /// Region of the catalog; needed only where the catalog has several.
    pub region: Option<String>,
    /// `public` (taken when `None`), `internal` or `admin`.
    pub interface: Option<String>,
    /// A PEM file with the authorities to trust besides the system's.
    pub ca: Option<PathBuf>,
    /// What a stop by a user means.
    pub user_stop: UserStop,
    /// How often the account may be called.
    pub budget: Budget,
}

/// As whom to sign in.
#[derive(Debug, Clone)]
pub enum Who {
    /// A user of a project.
    User {
        /// User.
        name: String,
        /// Where the password is kept.
        password: SecretSource,
        /// Name of the user's domain, often `Default`.
        domain: String,
        /// Project.
        project: String,
        /// Name of the project's domain, often `Default`.
        project_domain: String,
    },
    /// An application credential: it belongs to one project and can be taken back alone.
    Application {
        /// Its id, or its name.
        credential: Credential,
        /// Where its secret is kept.
        secret: SecretSource,
    },
}

/// How an application credential is named.
#[derive(Debug, Clone)]
pub enum Credential {
    /// By its id.
    Id(String),
    /// By its name, which is one among those of its user.
    Named {
        /// Name.
        name: String,
        /// Its user.
        user: String,
        /// Name of that user's domain.
        domain: String,
    },
}

/// What it means that a user of the cloud stopped a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserStop {
    /// It was on purpose: a start is offered to a person.
    Offer,
    /// Nothing: it is started like any other.
    Start,
}
