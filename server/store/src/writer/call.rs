//! A job with its asker: keeps the outcome until the commit decides.

use crate::fault::{Fault, Step};
use async_trait::async_trait;
use engine::ports::StoreError;
use sqlx::SqliteConnection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use tokio::sync::oneshot;

/// What a job leaves behind when it fails in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// It writes at most one statement, which SQLite undoes by itself: a savepoint would only cost time.
    One,
    /// It writes several, taken back together.
    Many,
}

/// One unit of writing, of any type of answer.
#[async_trait]
pub(super) trait Job: Send {
    /// Whether its part of the transaction needs a savepoint.
    fn parts(&self) -> Parts;
    /// Does the work inside the open transaction; on an error its part of the transaction is taken back.
    async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), Fault>;
    /// Tells the asker, once it is known whether the transaction was committed.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

pub(super) struct Call<T, F> {
    parts: Parts,
    work: Option<F>,
    outcome: Option<Result<T, StoreError>>,
    asker: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Call<T, F> {
    pub fn new(parts: Parts, work: F, asker: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self {
            parts,
            work: Some(work),
            outcome: None,
            asker,
        }
    }
}

#[async_trait]
impl<T, F> Job for Call<T, F>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> Step<'c, T> + Send + 'static,
{
    fn parts(&self) -> Parts {
        self.parts
    }

    async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        let Some(work) = self.work.take() else {
            return Ok(());
        };
        match survived(work, connection).await {
            Ok(value) => {
                self.outcome = Some(Ok(value));
                Ok(())
            }
            Err(fault) => {
                self.outcome = Some(Err(fault.named()));
                Err(fault)
            }
        }
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (self.outcome, committed) {
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(StoreError::Failed("the job did not run".to_owned())),
        };
        // an asker that is gone (its connection was cut) does not undo what is stored.
        self.asker.send(answer).ok();
    }
}

/// Runs the work; a panic in it becomes an error, so that one broken job does not end the writer.
async fn survived<T, F>(work: F, connection: &mut SqliteConnection) -> Result<T, Fault>
where
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> Step<'c, T>,
{
    let broken = |_| Fault::failed("a job of the writer broke");
    let mut step = catch_unwind(AssertUnwindSafe(|| work(connection))).map_err(broken)?;
    std::future::poll_fn(|context| {
        match catch_unwind(AssertUnwindSafe(|| step.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(panic) => Poll::Ready(Err(broken(panic))),
        }
    })
    .await
}
