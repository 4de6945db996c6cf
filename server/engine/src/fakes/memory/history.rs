//! The memory store looking back.

use super::{MemoryStore, row};
use crate::ports::{History, RecoveryFilter, RecoveryRow, StoreError, Totals};
use async_trait::async_trait;
use domain::event::Event;
use domain::id::{ClusterName, RecoveryId};
use domain::impact::Sample;
use domain::recovery::{Outcome, State};
use domain::timeline::{Listing, StoryMark};

impl MemoryStore {
    fn rows(&self, filter: &RecoveryFilter) -> Vec<RecoveryRow> {
        let data = self.data();
        let rows = data.events.keys().rev().filter_map(|id| row(*id, &data));
        rows.filter(|row| row.passes(filter)).collect()
    }
}

fn seconds(row: &RecoveryRow) -> Option<u32> {
    let took = row.ended_at?.duration_since(row.started_at).as_secs();
    u32::try_from(took).ok()
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[async_trait]
impl History for MemoryStore {
    async fn totals(&self, filter: &RecoveryFilter) -> Result<Totals, StoreError> {
        let rows = self.rows(filter);
        let all = self.rows(&RecoveryFilter::default());
        let needed = rows.iter().filter(|row| row.state == State::NeedsHuman);
        let automatic = rows.iter().filter(|row| row.listing.trigger.automatic());
        let well = |row: &&RecoveryRow| row.outcome == Some(Outcome::Recovered);
        let mut times: Vec<u32> = rows.iter().filter(well).filter_map(seconds).collect();
        times.sort_unstable();
        let middle = |at: usize| times.get(at).copied();
        let last = times.len().saturating_sub(1);
        Ok(Totals {
            found: count(rows.len()),
            all: count(all.len()),
            failed: count(needed.count()),
            automatic: count(automatic.count()),
            median_s: middle(last / 2)
                .zip(middle(last.div_ceil(2)))
                .map(|(low, high)| low.midpoint(high)),
            newest: all.iter().map(|row| row.started_at).max(),
        })
    }

    async fn went_well(
        &self,
        cluster: &ClusterName,
        limit: u32,
    ) -> Result<Vec<(Listing, u32)>, StoreError> {
        let filter = RecoveryFilter {
            cluster: Some(cluster.clone()),
            outcome: Some(Outcome::Recovered),
            ..RecoveryFilter::default()
        };
        let rows = self.rows(&filter).into_iter().take(limit as usize);
        Ok(rows
            .filter_map(|row| seconds(&row).map(|took| (row.listing, took)))
            .collect())
    }

    async fn logs(&self, ids: &[RecoveryId]) -> Result<Vec<(RecoveryId, Vec<Event>)>, StoreError> {
        let data = self.data();
        let of = |id: &RecoveryId| data.events.get(&id.0).map(|events| (*id, events.clone()));
        Ok(ids.iter().filter_map(of).collect())
    }

    async fn readable(&self, id: RecoveryId) -> Result<(Vec<(u32, Event)>, u32), StoreError> {
        let data = self.data();
        let events = data.events.get(&id.0).cloned().unwrap_or_default();
        Ok(((1..).zip(events).collect(), 0))
    }

    async fn story_marks(&self, id: RecoveryId) -> Result<Vec<StoryMark>, StoreError> {
        let data = self.data();
        let of = data
            .marks
            .iter()
            .filter(|((recovery, _), _)| *recovery == id.0);
        Ok(of.map(|(_, mark)| mark.clone()).collect())
    }

    async fn samples(&self, id: RecoveryId) -> Result<Vec<Sample>, StoreError> {
        let data = self.data();
        let of = data.samples.range((id.0, 0)..=(id.0, u32::MAX));
        Ok(of.map(|(_, sample)| sample.clone()).collect())
    }

    async fn keep_sample(&self, id: RecoveryId, sample: &Sample) -> Result<(), StoreError> {
        let key = (id.0, sample.moment.n);
        self.data().samples.entry(key).or_insert(sample.clone());
        Ok(())
    }

    async fn mark_story(&self, id: RecoveryId, mark: &StoryMark) -> Result<(), StoreError> {
        self.data().marks.insert((id.0, mark.n), mark.clone());
        Ok(())
    }
}
