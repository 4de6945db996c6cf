//! `[[cloud]]`: the keys that every cloud has, and those of its kind.

mod ec2;
mod http;
mod openstack;
mod redfish;

pub use ec2::{Credentials, Ec2};
pub use http::{Http, Named};
pub use openstack::OpenStack;
pub use redfish::{Redfish, SignIn};

use ::cloud::Budget;
use ::cloud::openstack::UserStop;
use ::cloud::secret::SecretSource;
use serde::Deserialize;
use std::path::PathBuf;

/// `[[cloud]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "toml::Table")]
pub struct Cloud {
    /// Name, for `cluster.cloud`.
    pub name: String,
    /// What it may be asked for.
    pub allow: Vec<Allow>,
    /// File with our own certificate authority.
    pub ca_file: Option<PathBuf>,
    /// How often it may be called.
    pub budget: Budget,
    /// What its kind needs.
    pub kind: Kind,
}

/// What a cloud account may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Allow {
    /// Start a machine.
    Start,
}

/// Kinds of cloud with their keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Keystone and Nova.
    OpenStack(Box<OpenStack>),
    /// Amazon EC2.
    Ec2(Box<Ec2>),
    /// Controllers of bare metal.
    Redfish(Box<Redfish>),
    /// Anything with an HTTP API, by template.
    Http(Box<Http>),
}

/// What a stop by a user means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stop {
    /// On purpose: a start is offered to a person.
    #[default]
    Offer,
    /// Nothing.
    Start,
}

impl From<Stop> for UserStop {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Offer => Self::Offer,
            Stop::Start => Self::Start,
        }
    }
}

/// The keys that every kind has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Common {
    name: String,
    kind: String,
    #[serde(default = "default_allow")]
    allow: Vec<Allow>,
    ca_file: Option<PathBuf>,
    calls_per_second: Option<f64>,
    burst: Option<u32>,
}

const COMMON: [&str; 6] = [
    "name",
    "kind",
    "allow",
    "ca_file",
    "calls_per_second",
    "burst",
];

fn default_allow() -> Vec<Allow> {
    vec![Allow::Start]
}

impl TryFrom<toml::Table> for Cloud {
    type Error = String;

    fn try_from(mut table: toml::Table) -> Result<Self, String> {
        let mut common = toml::Table::new();
        for key in COMMON {
            if let Some(value) = table.remove(key) {
                common.insert(key.to_owned(), value);
            }
        }
        let named = common.get("name").and_then(|name| name.as_str());
        let named = named.map(|name| format!(" {name:?}")).unwrap_or_default();
        let said = |error: toml::de::Error| format!("[[cloud]]{named}: {}", error.message());
        let common: Common = common.try_into().map_err(said)?;
        let kind = match common.kind.as_str() {
            "openstack" => Kind::OpenStack(table.try_into().map_err(said)?),
            "ec2" => Kind::Ec2(table.try_into().map_err(said)?),
            "redfish" => Kind::Redfish(table.try_into().map_err(said)?),
            "http" => Kind::Http(table.try_into().map_err(said)?),
            other => {
                return Err(format!(
                    "[[cloud]]{named}: kind {other:?} is not known: expected openstack, ec2, redfish or http"
                ));
            }
        };
        let usual = Budget::default();
        Ok(Self {
            name: common.name,
            allow: common.allow,
            ca_file: common.ca_file,
            budget: Budget {
                per_second: common.calls_per_second.unwrap_or(usual.per_second),
                burst: common.burst.unwrap_or(usual.burst),
            },
            kind,
        })
    }
}

impl Cloud {
    /// Where it is, for people.
    pub fn place(&self) -> String {
        match &self.kind {
            Kind::OpenStack(one) => one.auth_url.clone(),
            Kind::Ec2(one) => one.endpoint.clone().unwrap_or_else(|| one.region.clone()),
            Kind::Redfish(one) => one
                .controller
                .clone()
                .unwrap_or_else(|| format!("{} controllers", one.machines.len())),
            Kind::Http(one) => one.base.clone().unwrap_or_else(|| one.template.clone()),
        }
    }

    /// Every path in it.
    pub(super) fn paths(&mut self) -> Vec<&mut PathBuf> {
        let mut paths: Vec<&mut PathBuf> = self.ca_file.iter_mut().collect();
        match &mut self.kind {
            Kind::OpenStack(one) => paths.extend(one.paths()),
            Kind::Ec2(one) => paths.extend(one.paths()),
            Kind::Redfish(one) => paths.extend(one.password_file.iter_mut()),
            Kind::Http(one) => paths.extend(one.paths()),
        }
        paths
    }

    /// Every file with a secret in it.
    pub(super) fn secret_files(&self) -> Vec<PathBuf> {
        let mut copy = self.clone();
        copy.ca_file = None;
        if let Kind::Http(one) = &mut copy.kind {
            one.template_file = None;
        }
        copy.paths().into_iter().map(|path| path.clone()).collect()
    }

    /// Keys that must fit each other: the key, and what was expected.
    pub(super) fn sound(&self) -> Result<(), (&'static str, String)> {
        if !(self.budget.per_second > 0.0 && self.budget.per_second.is_finite()) {
            return Err(("calls_per_second", "expected more than 0".to_owned()));
        }
        match &self.kind {
            Kind::OpenStack(one) => one.sound(),
            Kind::Ec2(one) => one.sound(),
            Kind::Redfish(one) => one.sound(),
            Kind::Http(one) => one.sound(),
        }
    }
}

/// Where a secret is kept that is named by one of two keys.
fn source(file: Option<&PathBuf>, env: Option<&String>) -> Option<SecretSource> {
    let file = file.cloned().map(SecretSource::File);
    file.or_else(|| env.cloned().map(SecretSource::Env))
}

/// Exactly one of two keys.
fn one_of(
    file: Option<&PathBuf>,
    env: Option<&String>,
    keys: (&'static str, &'static str),
) -> Result<(), (&'static str, String)> {
    if file.is_some() == env.is_some() {
        Err((
            keys.0,
            format!("expected exactly one of {} and {}", keys.0, keys.1),
        ))
    } else {
        Ok(())
    }
}
