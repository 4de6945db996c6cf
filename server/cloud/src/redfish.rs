//! Bare metal by Redfish behind the Cloud port: each machine's own controller says whether it is on, and switches it on.

mod answer;
mod controller;
mod doctor;
mod find;
mod log;
mod settings;
mod system;

pub use settings::{Settings, SignIn};

use crate::fault::{Doctor, Finding};
use crate::in_time;
use crate::settings::BadSettings;
use crate::wire::Means;
use async_trait::async_trait;
use controller::Controllers;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use engine::ports::{Clock, Cloud};
use find::Map;
use std::sync::Arc;

/// Controllers that take the same user.
pub struct Redfish {
    name: String,
    map: Map,
    controllers: Controllers,
}

impl Redfish {
    /// Checks the settings; nothing is sent and no secret is read yet.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, BadSettings> {
        let means = Means {
            ca: settings.ca.clone(),
            budget: settings.budget,
            clock,
        };
        Ok(Self {
            name: settings.name.clone(),
            map: Map::new(&settings)?,
            controllers: Controllers::new(settings, &means)?,
        })
    }

    /// The name of this cloud in the config.
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[async_trait]
impl Cloud for Redfish {
    async fn machine(&self, target: &Target) -> Reading<MachineFacts> {
        in_time(
            &self.name,
            find::machine(&self.controllers, &self.map, target),
        )
        .await
    }

    // Redfish has no idempotency keys: "On" is the state wanted, and it is read before it is asked for.
    async fn start(&self, machine: &str, _key: &str) -> Answer {
        let answer = match self.map.known(machine) {
            Ok(system) => answer::start(&self.controllers, &system).await,
            Err(why) => Answer::NotFound(why),
        };
        tracing::info!(cloud = %self.name, machine, ?answer, "Start was answered");
        answer
    }

    async fn console(&self, machine: &str) -> Reading<String> {
        match self.map.known(machine) {
            Ok(system) => in_time(&self.name, log::end(&self.controllers, &system)).await,
            Err(why) => Reading::Unreadable(why),
        }
    }
}

#[async_trait]
impl Doctor for Redfish {
    async fn examine(&self, nodes: &[Target]) -> Vec<Finding> {
        doctor::examine(&self.controllers, &self.map, nodes).await
    }
}
