//! Looking back as the engine's port.

use crate::fault::Fault;
use crate::{Sqlite, impact_samples, recoveries, story_marks};
use async_trait::async_trait;
use domain::event::Event;
use domain::id::{ClusterName, RecoveryId};
use domain::impact::Sample;
use domain::timeline::{Listing, StoryMark};
use engine::ports::{History, RecoveryFilter, StoreError, Totals};

#[async_trait]
impl History for Sqlite {
    async fn totals(&self, filter: &RecoveryFilter) -> Result<Totals, StoreError> {
        read!(self, recoveries::totals, filter)
    }

    async fn went_well(
        &self,
        cluster: &ClusterName,
        limit: u32,
    ) -> Result<Vec<(Listing, u32)>, StoreError> {
        read!(self, recoveries::went_well, cluster, limit)
    }

    async fn logs(&self, ids: &[RecoveryId]) -> Result<Vec<(RecoveryId, Vec<Event>)>, StoreError> {
        read!(self, recoveries::logs, ids)
    }

    async fn readable(&self, id: RecoveryId) -> Result<(Vec<(u32, Event)>, u32), StoreError> {
        read!(self, recoveries::readable, id)
    }

    async fn story_marks(&self, id: RecoveryId) -> Result<Vec<StoryMark>, StoreError> {
        read!(self, story_marks::of, id)
    }

    async fn samples(&self, id: RecoveryId) -> Result<Vec<Sample>, StoreError> {
        read!(self, impact_samples::of, id)
    }

    async fn keep_sample(&self, id: RecoveryId, sample: &Sample) -> Result<(), StoreError> {
        let sample = sample.clone();
        write_one!(self, |connection| impact_samples::keep(
            connection, id, &sample
        ))
    }

    async fn mark_story(&self, id: RecoveryId, mark: &StoryMark) -> Result<(), StoreError> {
        let mark = mark.clone();
        write_one!(self, |connection| story_marks::set(connection, id, &mark))
    }
}
