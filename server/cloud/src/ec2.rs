//! Amazon EC2 and what speaks its wire, behind the Cloud port: signed calls, keys from where AWS keeps them.

mod answer;
mod api;
mod doctor;
mod find;
mod imds;
mod instance;
mod keys;
mod profile;
mod settings;
mod sign;
mod state;
mod sts;
mod xml;

pub use crate::openstack::UserStop;
pub use settings::{KeySource, Settings};

use crate::fault::{Doctor, Finding};
use crate::in_time;
use crate::settings::BadSettings;
use crate::wire::Means;
use api::Api;
use async_trait::async_trait;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use engine::ports::{Clock, Cloud};
use std::sync::Arc;

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

    fn replaces(&self) -> bool {
        true
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
