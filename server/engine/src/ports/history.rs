//! Looking back: filtered lists, their totals, what steps usually take, and which events make the story.

pub use domain::timeline::{RecoveryFilter, Totals};

use super::StoreError;
use super::store::RecoveryRow;
use async_trait::async_trait;
use domain::event::Event;
use domain::id::{ClusterName, RecoveryId};
use domain::impact::Sample;
use domain::timeline::{Listing, StoryMark, folded};
use domain::trigger::Trigger;

impl RecoveryRow {
    /// Whether a filter lets it through; what a store without indexes does.
    pub fn passes(&self, filter: &RecoveryFilter) -> bool {
        let listing = &self.listing;
        let rule = match &listing.trigger {
            Trigger::Alarm { rule, .. } => Some(*rule),
            Trigger::Person { .. } => None,
        };
        filter
            .cluster
            .as_ref()
            .is_none_or(|one| *one == self.cluster)
            && filter.node.as_ref().is_none_or(|one| *one == self.node)
            && filter.active.is_none_or(|one| one == self.active)
            && filter.outcome.is_none_or(|one| Some(one) == self.outcome)
            && filter.state.is_none_or(|one| one == self.state)
            && filter
                .person
                .as_ref()
                .is_none_or(|one| listing.people.contains(&folded(one)))
            && filter.rule.is_none_or(|one| Some(one) == rule)
            && filter.automatic.is_none_or(|one| one == rule.is_some())
            && filter
                .text
                .as_ref()
                .is_none_or(|one| listing.words.contains(&folded(one)))
            && filter.since.is_none_or(|one| self.started_at >= one)
            && filter.until.is_none_or(|one| self.started_at < one)
    }
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
