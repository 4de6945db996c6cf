//! Tries of checks, and what the outside answered: it is stored, whatever else is written meanwhile.

use super::{Drive, STORE_PAUSE};
use crate::ports::StoreError;
use domain::check::{Ask, Tried};
use domain::recovery::{Recovery, Status};
use domain::step::{Facts, Move, StepKind};
use jiff::Timestamp;

impl Drive {
    /// Stores what `judge` makes of an answer, as long as its step stands as it did. A note that came between, or a store that
    /// fails for a while, must not lose the answer: the step would look as if the call was never made, and make it again.
    pub(super) async fn outcome(
        &mut self,
        (step, status): (StepKind, Status),
        judge: impl Fn(&Recovery, Timestamp) -> Move,
    ) -> Result<(), StoreError> {
        while self.recovery.step(step).status == status {
            let next = judge(&self.recovery, self.engine.now());
            match self.follow(next).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Raced { .. }) => {}
                Err(error) => {
                    tracing::error!(recovery.id = %self.recovery.id, %step, %error, "An answer cannot be stored; nothing is done until it can");
                    tokio::time::sleep(STORE_PAUSE).await;
                }
            }
            if !self.reload().await {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Tries a check of the team; one that acts is a call like any other, one that only reads waits for nothing.
    pub(super) async fn try_check(
        &self,
        step: StepKind,
        ask: &Ask,
        facts: &Facts,
    ) -> Result<Result<Tried, Move>, StoreError> {
        let landing = if step.acts() {
            match self.cleared(step, facts, None).await? {
                Ok(landing) => Some(landing),
                Err(held) => return Ok(Err(held)),
            }
        } else {
            None
        };
        let tried = self.engine.try_check(ask).await;
        drop(landing);
        let passed = matches!(tried, Tried::Passed(_));
        tracing::info!(recovery.id = %self.recovery.id, %step, passed, "Check tried");
        Ok(Ok(tried))
    }
}
