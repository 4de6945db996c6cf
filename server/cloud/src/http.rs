//! Any cloud with an HTTP API, by a template: what to ask, where the state stands in the answer, what the states mean.

mod answer;
mod doctor;
mod fill;
mod find;
mod pointer;
mod template;

pub use template::{Template, shipped};

use crate::fault::{Doctor, Finding};
use crate::in_time;
use crate::pace::{Budget, Kind};
use crate::secret::{Secret, SecretSource};
use crate::settings::{BadSettings, address};
use crate::trouble::Trouble;
use crate::wire::{Means, Reply, Said, Speech, Wire, form};
use async_trait::async_trait;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use engine::ports::{Clock, Cloud};
use fill::Values;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// One account of such a cloud.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of this cloud in the config, for messages.
    pub name: String,
    /// How its API is spoken to.
    pub template: Template,
    /// Another address than the template's.
    pub base: Option<String>,
    /// What stands for `{secret}`, `{secret:user}` .. in headers and bodies; `{secret}` is the one called `token`.
    pub secrets: BTreeMap<String, SecretSource>,
    /// A PEM file with the authorities to trust besides the system's.
    pub ca: Option<PathBuf>,
    /// How often the account may be called.
    pub budget: Budget,
}

/// One account of such a cloud.
pub struct Http {
    settings: Settings,
    base: String,
    wire: Wire,
}

impl Http {
    /// Checks the template; nothing is sent and no secret is read yet.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, BadSettings> {
        let means = Means {
            ca: settings.ca.clone(),
            budget: settings.budget,
            clock,
        };
        let base = settings.base.as_ref().unwrap_or(&settings.template.base);
        let base = base.trim_end_matches('/').to_owned();
        address("base", &base)?;
        settings.template.check(&settings.secrets)?;
        Ok(Self {
            wire: Wire::new(&means, speech(settings.template.error.clone()))?,
            base,
            settings,
        })
    }

    /// The name of this cloud in the config.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    fn template(&self) -> &Template {
        &self.settings.template
    }

    /// The secrets, read now.
    fn secrets(&self) -> Result<BTreeMap<String, Secret>, Trouble> {
        let read = self.settings.secrets.iter();
        let read = read.map(|(name, source)| Ok((name.clone(), source.read()?)));
        read.collect()
    }

    /// Sends one request of the template; `url` may stand in for its own, as the address of a next page does.
    async fn call(
        &self,
        request: &template::Request,
        values: &Values<'_>,
        url: Option<Url>,
        kind: Kind,
    ) -> Result<Reply, Trouble> {
        let secrets = self.secrets()?;
        let filled = |text: &str| fill::plain(text, values, &secrets).map_err(Trouble::Setup);
        let url = match url {
            Some(url) => url,
            None => fill::url(&request.url, &self.base, values).map_err(Trouble::Setup)?,
        };
        let method = Method::from_bytes(request.method.as_bytes());
        let method =
            method.map_err(|why| Trouble::Setup(format!("{:?}: {why}", request.method)))?;
        let mut call = self.wire.request(method, url);
        for (name, text) in self.template().headers.iter().chain(&request.headers) {
            let cannot = || Trouble::Setup(format!("the header {name} cannot be sent"));
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| cannot())?;
            let mut value = HeaderValue::from_str(&filled(text)?).map_err(|_| cannot())?;
            value.set_sensitive(text.contains("{secret"));
            call = call.header(key, value);
        }
        if let Some(body) = &request.json {
            let body = fill::json(body, values, &secrets).map_err(Trouble::Setup)?;
            call = call.json(&body);
        } else if !request.form.is_empty() {
            let mut pairs = Vec::new();
            for (key, text) in &request.form {
                pairs.push((key.clone(), filled(text)?));
            }
            call = call
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form(&pairs));
        }
        let hidden: Vec<&Secret> = secrets.values().collect();
        self.wire.send(call, kind, &hidden).await
    }
}

/// Reads the service's own name and sentence out of an error.
fn speech(fields: template::ErrorFields) -> Speech {
    Arc::new(move |body| {
        let body: Value = serde_json::from_slice(body).ok()?;
        let first = |path: &Option<String>| pointer::first(&body, path.as_deref()?);
        Some(Said {
            name: first(&fields.name),
            message: first(&fields.message).or_else(|| first(&fields.name))?,
        })
    })
}

#[async_trait]
impl Cloud for Http {
    async fn machine(&self, target: &Target) -> Reading<MachineFacts> {
        in_time(self.name(), find::machine(self, target)).await
    }

    async fn start(&self, machine: &str, key: &str) -> Answer {
        let answer = answer::start(self, machine, key).await;
        tracing::info!(cloud = %self.name(), machine, ?answer, "Start was answered");
        answer
    }

    async fn console(&self, _machine: &str) -> Reading<String> {
        Reading::Absent
    }
}

#[async_trait]
impl Doctor for Http {
    async fn examine(&self, nodes: &[Target]) -> Vec<Finding> {
        doctor::examine(self, nodes).await
    }
}
