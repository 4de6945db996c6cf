//! Amazon EC2 and what speaks its wire, behind the Cloud port: signed calls, keys from where AWS keeps them.

mod answer;
mod api;
mod doctor;
mod find;
mod imds;
mod instance;
mod keys;
mod profile;
mod sign;
mod state;
mod sts;
mod xml;

use crate::fault::{Doctor, Finding};
use crate::in_time;
use crate::pace::Budget;
use crate::secret::SecretSource;
use crate::settings::BadSettings;
use crate::wire::Means;
use api::Api;
use async_trait::async_trait;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use engine::ports::{Clock, Cloud};
use std::path::PathBuf;
use std::sync::Arc;

/// One account in one region.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of this cloud in the config, for messages.
    pub name: String,
    /// Region, such as `eu-central-1`.
    pub region: String,
    /// Where EC2 is called; AWS's own address of the region when `None`.
    pub endpoint: Option<String>,
    /// Where STS is called; AWS's own address of the region when `None`.
    pub sts_endpoint: Option<String>,
    /// Where the keys come from.
    pub keys: KeySource,
    /// Only machines of this VPC are found by address.
    pub vpc: Option<String>,
    /// A tag that names the physical host, for machines that are on no dedicated host.
    pub host_tag: Option<String>,
    /// A PEM file with the authorities to trust besides the system's.
    pub ca: Option<PathBuf>,
    /// What a stop by a user, or by the machine's own operating system, means.
    pub user_stop: UserStop,
    /// How often the account may be called.
    pub budget: Budget,
}

pub use crate::openstack::UserStop;

/// Where the keys come from. All are read when they are needed, so that they can be exchanged without a restart.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// As AWS's own tools look for them: environment, web identity of the environment, profile, instance.
    Auto,
    /// A pair, and a session token where they are temporary.
    Pair {
        /// Access key id.
        id: SecretSource,
        /// Secret access key.
        secret: SecretSource,
        /// Session token.
        session: Option<SecretSource>,
    },
    /// A file with profiles.
    Profile {
        /// The file; `AWS_SHARED_CREDENTIALS_FILE` or `~/.aws/credentials` when `None`.
        file: Option<PathBuf>,
        /// Profile; `AWS_PROFILE` or `default` when `None`.
        name: Option<String>,
    },
    /// The role of the instance we run on, by IMDSv2.
    Instance {
        /// Address of the metadata service; AWS's own when `None`.
        endpoint: Option<String>,
    },
    /// A role taken on with a token that Kubernetes wrote into a file.
    WebIdentity {
        /// ARN of the role.
        role: String,
        /// The file.
        token: PathBuf,
    },
}

/// One account in one region.
pub struct Ec2 {
    settings: Settings,
    api: Api,
}

impl Ec2 {
    /// Checks the settings; nothing is sent and no key is read yet.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, BadSettings> {
        let means = Means {
            ca: settings.ca.clone(),
            budget: settings.budget,
            clock,
        };
        let api = Api::new(&settings, &means)?;
        Ok(Self { settings, api })
    }

    /// The name of this cloud in the config.
    pub fn name(&self) -> &str {
        &self.settings.name
    }
}

#[async_trait]
impl Cloud for Ec2 {
    async fn machine(&self, target: &Target) -> Reading<MachineFacts> {
        in_time(
            self.name(),
            find::machine(&self.api, &self.settings, target),
        )
        .await
    }

    // StartInstances has no client token: that it is sent once is the engine's stored intent, and a second one changes nothing.
    async fn start(&self, machine: &str, _key: &str) -> Answer {
        let answer = answer::start(&self.api, machine).await;
        tracing::info!(cloud = %self.name(), machine, ?answer, "Start was answered");
        answer
    }

    async fn console(&self, machine: &str) -> Reading<String> {
        in_time(self.name(), find::console(&self.api, machine)).await
    }
}

#[async_trait]
impl Doctor for Ec2 {
    async fn examine(&self, nodes: &[Target]) -> Vec<Finding> {
        doctor::examine(self, &self.api, nodes).await
    }
}
