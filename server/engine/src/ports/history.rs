//! Looking back: filtered lists, their totals, what steps usually take, and which events make the story.

use super::StoreError;
use super::store::RecoveryRow;
use async_trait::async_trait;
use domain::event::Event;
use domain::id::{ClusterName, NodeName, RecoveryId, RuleId};
use domain::impact::Sample;
use domain::recovery::{Outcome, State};
use domain::timeline::{Listing, StoryMark, folded};
use jiff::Timestamp;

/// Which recoveries to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct RecoveryFilter {
    /// Only of this cluster.
    pub cluster: Option<ClusterName>,
    /// Only of this node.
    pub node: Option<NodeName>,
    /// Only those that hold a slot.
    pub active: Option<bool>,
    /// Only this outcome.
    pub outcome: Option<Outcome>,
    /// Only this state.
    pub state: Option<State>,
    /// Only those in which this person did something; folded.
    pub person: Option<String>,
    /// Only of this rule.
    pub rule: Option<RuleId>,
    /// Only those a rule began, or only those a person began.
    pub automatic: Option<bool>,
    /// Only those whose words contain this; folded.
    pub text: Option<String>,
    /// Only those that began then or later.
    pub since: Option<Timestamp>,
    /// Only those that began before then.
    pub until: Option<Timestamp>,
}

impl RecoveryFilter {
    /// Whether a row passes; what a store without indexes does.
    pub fn passes(&self, row: &RecoveryRow) -> bool {
        let listing = &row.listing;
        let rule = match &listing.trigger {
            domain::trigger::Trigger::Alarm { rule, .. } => Some(*rule),
            domain::trigger::Trigger::Person { .. } => None,
        };
        self.cluster.as_ref().is_none_or(|one| *one == row.cluster)
            && self.node.as_ref().is_none_or(|one| *one == row.node)
            && self.active.is_none_or(|one| one == row.active)
            && self.outcome.is_none_or(|one| Some(one) == row.outcome)
            && self.state.is_none_or(|one| one == row.state)
            && self
                .person
                .as_ref()
                .is_none_or(|one| listing.people.contains(&folded(one)))
            && self.rule.is_none_or(|one| Some(one) == rule)
            && self.automatic.is_none_or(|one| one == rule.is_some())
            && self
                .text
                .as_ref()
                .is_none_or(|one| listing.words.contains(&folded(one)))
            && self.since.is_none_or(|one| row.started_at >= one)
            && self.until.is_none_or(|one| row.started_at < one)
    }
}

/// Figures over everything that passes a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Recoveries that pass.
    pub found: u32,
    /// Recoveries there are.
    pub all: u32,
    /// Of those that pass, in which a person was needed.
    pub failed: u32,
    /// Of those that pass, begun by a rule.
    pub automatic: u32,
    /// Median seconds of those that pass and went well.
    pub median_s: Option<u32>,
    /// When the newest of all began, whatever the filter says.
    pub newest: Option<Timestamp>,
}

/// What is read of the past; a method that writes answers only after its commit.
#[async_trait]
pub trait History: Send + Sync {
    /// Figures over what passes the filter.
    async fn totals(&self, filter: &RecoveryFilter) -> Result<Totals, StoreError>;
    /// The newest recoveries of a cluster that went well, at most `limit`: listing and seconds in all.
    async fn went_well(
        &self,
        cluster: &ClusterName,
        limit: u32,
    ) -> Result<Vec<(Listing, u32)>, StoreError>;
    /// The logs of several recoveries in one read, in no particular order; one that is not there is left out.
    async fn logs(&self, ids: &[RecoveryId]) -> Result<Vec<(RecoveryId, Vec<Event>)>, StoreError>;
    /// The events of a recovery that can be read, with their numbers, and how many others there are.
    async fn readable(&self, id: RecoveryId) -> Result<(Vec<(u32, Event)>, u32), StoreError>;
    /// What persons made of a recovery's events, by number.
    async fn story_marks(&self, id: RecoveryId) -> Result<Vec<StoryMark>, StoreError>;
    /// What people felt of it, in the order of the moments.
    async fn samples(&self, id: RecoveryId) -> Result<Vec<Sample>, StoreError>;
    /// Keeps one; of two for the same moment the first one stays.
    async fn keep_sample(&self, id: RecoveryId, sample: &Sample) -> Result<(), StoreError>;
    /// Stores one; it takes the place of an older one of the same event.
    async fn mark_story(&self, id: RecoveryId, mark: &StoryMark) -> Result<(), StoreError>;
}
