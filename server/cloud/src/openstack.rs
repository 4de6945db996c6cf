//! OpenStack behind the Cloud port: Keystone tells who we are, Nova shows and starts machines and keeps their consoles.

mod acts;
mod answer;
mod console;
mod doctor;
mod find;
mod keystone;
mod nova;
mod past;
mod server;
mod settings;
mod state;

pub use settings::{Credential, Settings, UserStop, Who};

use crate::fault::{Doctor, Fault, Finding};
use crate::in_time;
use crate::settings::BadSettings;
use crate::wire::{Means, Wire, wrapped};
use async_trait::async_trait;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use engine::ports::{Clock, Cloud};
use keystone::Keystone;
use nova::Nova;
use std::sync::Arc;

/// One OpenStack project.
pub struct OpenStack {
    name: String,
    user_stop: UserStop,
    nova: Nova,
}

impl OpenStack {
    /// Checks the settings; nothing is sent and no secret is read yet.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, BadSettings> {
        let means = Means {
            ca: settings.ca.clone(),
            budget: settings.budget,
            clock,
        };
        let http = Wire::new(&means, Arc::new(wrapped))?;
        let name = settings.name.clone();
        let user_stop = settings.user_stop;
        let keystone = Keystone::new(settings, http.clone())?;
        Ok(Self {
            name,
            user_stop,
            nova: Nova::new(http, keystone),
        })
    }

    /// The name of this cloud in the config.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Signs in and looks at one machine; tells what it saw, or what to do about it.
    pub async fn check(&self) -> Result<String, Fault> {
        doctor::check(&self.nova).await
    }
}

#[async_trait]
impl Doctor for OpenStack {
    async fn examine(&self, nodes: &[Target]) -> Vec<Finding> {
        let mut found = vec![Finding::from(self.check().await)];
        if let Some(Finding::Well(_)) = found.first() {
            found.extend(crate::fault::machines(self, nodes).await);
        }
        found
    }
}

#[async_trait]
impl Cloud for OpenStack {
    async fn machine(&self, target: &Target) -> Reading<MachineFacts> {
        in_time(
            &self.name,
            find::machine(&self.nova, target, self.user_stop),
        )
        .await
    }

    // Nova has no idempotency keys: that a start is sent once is the engine's stored intent, and a second one answers 409.
    async fn start(&self, machine: &str, _key: &str) -> Answer {
        let answer = answer::start(&self.nova, machine).await;
        tracing::info!(cloud = %self.name, machine, ?answer, "Start was answered");
        answer
    }

    async fn console(&self, machine: &str) -> Reading<String> {
        in_time(&self.name, console::end(&self.nova, machine)).await
    }
}
