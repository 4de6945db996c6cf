//! From `[[cloud]]` to the adapter of its kind, held to what it may be asked for.

use super::Before;
use crate::config::{Allow, Cloud as Block, Config, Kind};
use anyhow::Context;
use async_trait::async_trait;
use cloud::{Adapter, ec2, http, openstack, redfish};
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use engine::ports::{Clock, Cloud};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The clouds of a config, by name.
pub fn clouds(
    config: &Config,
    clock: &Arc<dyn Clock>,
    before: Option<&Before<'_>>,
) -> anyhow::Result<BTreeMap<String, Arc<dyn Cloud>>> {
    let mut found: BTreeMap<String, Arc<dyn Cloud>> = BTreeMap::new();
    for one in &config.clouds {
        if let Some(cloud) = before.and_then(|before| before.cloud(one)) {
            found.insert(one.name.clone(), cloud);
            continue;
        }
        let cloud: Arc<dyn Cloud> = adapter(one, clock)?;
        let cloud = if one.allow.contains(&Allow::Start) {
            cloud
        } else {
            Arc::new(ReadOnly {
                name: one.name.clone(),
                cloud,
            })
        };
        found.insert(one.name.clone(), cloud);
    }
    Ok(found)
}

impl Before<'_> {
    /// The cloud, with its token and its budget of calls, if nothing about it is new; a template file may be.
    fn cloud(&self, one: &Block) -> Option<Arc<dyn Cloud>> {
        if matches!(&one.kind, Kind::Http(http) if http.template_file.is_some()) {
            return None;
        }
        self.config.clouds.iter().find(|old| *old == one)?;
        let mut sites = self.sites.iter();
        let site = sites.find(|site| site.account.as_ref() == Some(&one.name))?;
        site.cloud.clone()
    }
}

/// A cloud whose config does not allow a start.
struct ReadOnly {
    name: String,
    cloud: Arc<dyn Cloud>,
}

#[async_trait]
impl Cloud for ReadOnly {
    async fn console(&self, machine: &str) -> Reading<String> {
        self.cloud.console(machine).await
    }

    async fn machine(&self, target: &Target) -> Reading<MachineFacts> {
        self.cloud.machine(target).await
    }

    fn replaces(&self) -> bool {
        self.cloud.replaces()
    }

    async fn start(&self, _machine: &str, _key: &str) -> Answer {
        Answer::Denied(format!(
            "cloud {} is not allowed to start machines: add \"start\" to its allow in the config",
            self.name
        ))
    }
}

/// The adapter of one cloud, whatever it may be asked for.
pub fn adapter(one: &Block, clock: &Arc<dyn Clock>) -> anyhow::Result<Arc<dyn Adapter>> {
    build(one, Arc::clone(clock)).with_context(|| format!("cloud {}", one.name))
}

fn build(one: &Block, clock: Arc<dyn Clock>) -> anyhow::Result<Arc<dyn Adapter>> {
    let (name, ca, budget) = (one.name.clone(), one.ca_file.clone(), one.budget);
    Ok(match &one.kind {
        Kind::OpenStack(keys) => {
            let settings = openstack::Settings {
                name,
                auth_url: keys.auth_url.clone(),
                who: keys
                    .who()
                    .context("it has no user and no application credential")?,
                region: keys.region.clone(),
                interface: keys.interface.clone(),
                ca,
                user_stop: keys.user_stop.into(),
                budget,
            };
            Arc::new(openstack::OpenStack::new(settings, clock)?)
        }
        Kind::Ec2(keys) => {
            let settings = ec2::Settings {
                name,
                region: keys.region.clone(),
                endpoint: keys.endpoint.clone(),
                sts_endpoint: keys.sts_endpoint.clone(),
                keys: keys.keys().context("it has no keys")?,
                vpc: keys.vpc.clone(),
                host_tag: keys.host_tag.clone(),
                ca,
                user_stop: keys.user_stop.into(),
                budget,
            };
            Arc::new(ec2::Ec2::new(settings, clock)?)
        }
        Kind::Redfish(keys) => {
            let settings = redfish::Settings {
                name,
                controller: keys.controller.clone(),
                system: keys.system.clone(),
                machines: keys.machines.clone(),
                username: keys.username.clone(),
                password: keys.password().context("it has no password")?,
                sign_in: match keys.sign_in {
                    crate::config::SignIn::Auto => redfish::SignIn::Auto,
                    crate::config::SignIn::Session => redfish::SignIn::Session,
                    crate::config::SignIn::Basic => redfish::SignIn::Basic,
                },
                ca,
                budget,
            };
            Arc::new(redfish::Redfish::new(settings, clock)?)
        }
        Kind::Http(keys) => {
            let settings = http::Settings {
                name,
                template: template(keys)?,
                base: keys.base.clone(),
                secrets: keys.sources(),
                ca,
                budget,
            };
            Arc::new(http::Http::new(settings, clock)?)
        }
    })
}

fn template(keys: &crate::config::Http) -> anyhow::Result<http::Template> {
    let (text, whence) = match &keys.template_file {
        Some(path) => {
            let whence = format!("template_file {}", path.display());
            let text = std::fs::read_to_string(path);
            (
                text.with_context(|| format!("{whence} cannot be read"))?,
                whence,
            )
        }
        None => {
            let text = http::shipped(&keys.template).unwrap_or_default();
            (text.to_owned(), format!("template {}", keys.template))
        }
    };
    toml::from_str(&text)
        .map_err(|error| anyhow::anyhow!("{whence}: {}", error.to_string().trim_end()))
}
