//! The one door behind every page, command and call: checks rights, asks the engine, answers in plain data.

mod arming;
mod chats;
mod checks;
mod commands;
mod cordons;
mod devices;
mod door;
pub(crate) mod errors;
mod guards;
mod history;
mod incidents;
mod lists;
mod nodes;
mod offer;
pub(crate) mod orders;
mod power;
mod preferences;
mod read;
mod reading;
mod rules;
mod sheet;
mod show;
mod storms;
mod tries;
mod typing;

use crate::current::Current;
use crate::wiring::House;
use app::desk::views::ConfigView;
use app::error::AppError;
use domain::access::{Person, Role};
use domain::id::{ClusterName, SourceName};
use engine::Site;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The desk of one running house.
#[derive(Clone)]
pub struct TheDesk {
    house: House,
    facts: Current<Facts>,
    http: reqwest::Client,
}

/// What the config says that people may see.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Address of the make-believe world's control; `None` on real clusters.
    pub control: Option<String>,
    /// Speed of the clock, in words.
    pub speed: String,
    /// Alarm sources as (name, path).
    pub sources: Vec<(SourceName, String)>,
    /// Clusters as (name, where their API is configured).
    pub clusters: Vec<(ClusterName, String)>,
    /// What a cluster is for, where the config says it.
    pub environments: BTreeMap<ClusterName, String>,
    /// The config, without secrets.
    pub config: ConfigView,
}

impl TheDesk {
    /// Opens the desk.
    pub fn new(house: House, facts: Current<Facts>) -> Self {
        Self {
            house,
            facts,
            http: reqwest::Client::new(),
        }
    }

    fn site(&self, cluster: &ClusterName) -> Result<Arc<Site>, AppError> {
        self.house
            .engine
            .site(cluster.as_str())
            .ok_or_else(|| AppError::NotFound {
                what: format!("cluster {cluster}"),
            })
    }

    fn store(&self) -> &Arc<dyn engine::ports::Store> {
        self.house.engine.store()
    }
}

/// Every method asks this first.
fn needs(who: &Person, role: Role) -> Result<(), AppError> {
    if who.may(role) {
        Ok(())
    } else {
        Err(AppError::NotAllowed {
            needs: role.word().to_owned(),
        })
    }
}
