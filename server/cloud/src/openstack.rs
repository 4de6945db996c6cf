//! OpenStack behind the Cloud port: Keystone tells who we are, Nova shows and starts machines and keeps their consoles.

mod answer;
mod console;
mod doctor;
mod find;
mod keystone;
mod nova;
mod server;
mod state;
mod trouble;
mod wire;

pub use doctor::Fault;

use crate::secret::SecretSource;
use async_trait::async_trait;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use engine::ports::{Clock, Cloud};
use keystone::Keystone;
use nova::Nova;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Longest wait for one answer, and for one whole reading.
const LIMIT: Duration = Duration::from_secs(8);

/// One OpenStack project and how to sign in to it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of this cloud in the config, for messages.
    pub name: String,
    /// Keystone's address, such as `https://keystone.example:5000/v3`.
    pub auth_url: String,
    /// User.
    pub username: String,
    /// Where the password is kept.
    pub password: SecretSource,
    /// Name of the user's domain, often `Default`.
    pub user_domain: String,
    /// Project.
    pub project: String,
    /// Name of the project's domain, often `Default`.
    pub project_domain: String,
    /// Region of the catalog; needed only where the catalog has several.
    pub region: Option<String>,
    /// `public` (taken when `None`), `internal` or `admin`.
    pub interface: Option<String>,
    /// A PEM file with the authorities to trust besides the system's.
    pub ca: Option<PathBuf>,
}

/// A setting that cannot work.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// Not an address of Keystone.
    #[error("auth_url {0:?} is not valid: expected http(s)://host/.../v3")]
    AuthUrl(String),
    /// Not an interface.
    #[error("interface {0:?} is not valid: expected public, internal or admin")]
    Interface(String),
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

/// One OpenStack project.
pub struct OpenStack {
    name: String,
    nova: Nova,
}

impl OpenStack {
    /// Checks the settings; nothing is sent and no secret is read yet.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, BadSettings> {
        let http = wire::Wire::new(settings.ca.as_deref(), clock)?;
        let name = settings.name.clone();
        let keystone = Keystone::new(settings, http.clone())?;
        Ok(Self {
            name,
            nova: Nova::new(http, keystone),
        })
    }

    /// The name of this cloud in the config.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// For the doctor: signs in and looks at one machine; tells what it saw, or what to do about it.
    pub async fn check(&self) -> Result<String, Fault> {
        doctor::check(&self.nova).await
    }

    async fn in_time<T>(&self, read: impl Future<Output = Reading<T>>) -> Reading<T> {
        tokio::time::timeout(LIMIT, read).await.unwrap_or_else(|_| {
            Reading::Unreadable(format!(
                "{} gave no answer within {} s",
                self.name,
                LIMIT.as_secs()
            ))
        })
    }
}

#[async_trait]
impl Cloud for OpenStack {
    async fn machine(&self, target: &Target) -> Reading<MachineFacts> {
        self.in_time(find::machine(&self.nova, target)).await
    }

    // Nova has no idempotency keys: that a start is sent once is the engine's stored intent, and a second one answers 409.
    async fn start(&self, machine: &str, _key: &str) -> Answer {
        let answer = answer::start(&self.nova, machine).await;
        tracing::info!(cloud = %self.name, machine, ?answer, "Start was answered");
        answer
    }

    async fn console(&self, machine: &str) -> Reading<String> {
        self.in_time(console::end(&self.nova, machine)).await
    }
}
