//! What an open watch has to say, and for how long it has nothing to say.

use super::lines::line;
use super::{Feed, Phase};
use crate::faces::kubernetes::failure::Failure;
use crate::realm::lock;
use crate::store::{Change, Expired, Happened};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

const SOONEST_CUT: Duration = Duration::from_millis(5);

impl Feed {
    /// What happened since the caller was last told.
    pub(super) fn collect(&mut self) -> Vec<u8> {
        let (changes, version) = self.shared.with(|realm, _| {
            (
                realm.store.changes_after(self.kind, self.told),
                realm.store.version(),
            )
        });
        let mut lines = Vec::new();
        match changes {
            Ok(changes) => {
                for change in changes {
                    self.tell(&mut lines, &change);
                }
                self.told = self.told.max(version);
            }
            Err(Expired) => {
                let failure = Failure::expired(format!(
                    "too old resource version: {} ({version})",
                    self.told
                ));
                line(
                    &mut lines,
                    "ERROR",
                    failure.to_status().to_string().as_bytes(),
                );
                self.phase = Phase::Over;
            }
        }
        lines
    }

    /// A change as this caller sees it: an object may enter or leave the selection.
    fn tell(&self, lines: &mut Vec<u8>, change: &Change) {
        let was = change
            .before
            .as_ref()
            .is_some_and(|before| self.filter.fits(before));
        let is = change.happened != Happened::Deleted && self.filter.fits(&change.object);
        let word = match (was, is) {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            (false, false) => return,
        };
        line(lines, word, &self.shape.write(&change.object));
    }

    /// Whether a fault ends the watch now.
    pub(super) fn is_cut(&mut self) -> bool {
        let faults = lock(&self.shared.faults);
        let renewed =
            std::mem::replace(&mut self.fault_list, faults.generation) != faults.generation;
        self.cut_at.is_some_and(|at| at <= Instant::now()) || (renewed && faults.cuts(&self.path))
    }

    /// Starts the clock of a cut; not before the head of the answer can have left.
    pub(super) fn arm_cut(&mut self) {
        if let Some(cut) = self.cut.take() {
            self.cut_at = Some(Instant::now() + cut.max(SOONEST_CUT));
        }
    }

    /// Waits until there may be something to say.
    pub(super) async fn rest(&mut self) {
        let mut until = self.ends_at.min(self.next_bookmark);
        if let Some(cut) = self.cut_at {
            until = until.min(cut);
        }
        tokio::select! {
            _ = self.latest.changed() => {}
            () = sleep_until(until) => {}
        }
    }
}
