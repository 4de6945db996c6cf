//! What the hostile desk says about its one recovery and its one node.

use crate::world::{HOSTILE, cluster, health};
use app::desk::views::{ClusterCard, Offer, Preferences};
use app::error::AppError;
use domain::guard::{Switch, Warning};
use domain::recovery::State;
use domain::rule::PatternError;
use domain::timeline::Can;

/// What the desk says about its one recovery and its one node.
#[derive(Clone)]
pub struct Fake {
    /// State of the recovery.
    pub state: State,
    /// What may be done with it.
    pub can: Vec<Can>,
    /// What the node page offers.
    pub offer: Offer,
    /// Warnings of the recovery.
    pub warnings: Vec<Warning>,
    /// Every question is refused with this.
    pub refused: Option<AppError>,
    /// Whether the pattern is taken.
    pub fault: Option<PatternError>,
    /// The switch.
    pub switch: Switch,
    /// Whether a breaker is open.
    pub storm: bool,
    /// Whether the recovery is in its veto window.
    pub veto: bool,
    /// Nothing has happened yet.
    pub empty: bool,
    /// Events of the recovery that could not be read.
    pub unread: u32,
    /// What the person chose.
    pub mine: Preferences,
}

impl Default for Fake {
    fn default() -> Self {
        Self {
            state: State::Waiting,
            can: vec![Can::Approve, Can::Stop],
            offer: Offer::Start,
            warnings: Vec::new(),
            refused: None,
            fault: None,
            switch: Switch::Run,
            storm: false,
            veto: false,
            empty: false,
            unread: 0,
            mine: Preferences::default(),
        }
    }
}

impl Fake {
    pub fn answer<T>(&self, value: T) -> Result<T, AppError> {
        self.refused.clone().map_or(Ok(value), Err)
    }

    pub fn many<T>(&self, value: Vec<T>) -> Vec<T> {
        if self.empty { Vec::new() } else { value }
    }

    pub fn card(&self) -> ClusterCard {
        ClusterCard {
            name: cluster(),
            health: health(),
            switch: self.switch,
            environment: Some(HOSTILE.to_owned()),
        }
    }
}
