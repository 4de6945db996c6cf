//! The one writer: takes all that is queued into one transaction, commits, then answers.

mod batch;
mod call;

use crate::fault::{Fault, Step};
use call::{Call, Job};

pub(crate) use call::Parts;
use engine::ports::StoreError;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tracing::{error, warn};

/// Most jobs in one transaction.
const BATCH: usize = 256;
/// Most jobs that wait; beyond it callers hear at once that there is no room.
const QUEUE: usize = 1024;
/// Part of the queue that a flood of alarms may not fill, so that recoveries go on.
const KEPT_FREE: usize = 256;
/// Jobs after which the log is folded into the file when nobody waits, and when somebody does.
const CHECKPOINT_IDLE: usize = 1000;
const CHECKPOINT_BUSY: usize = 4000;
/// Exit code of a process that cannot trust its disk (`EX_SOFTWARE`).
const DEAD: i32 = 70;

enum Message {
    Work(Box<dyn Job>),
    Stop(oneshot::Sender<()>),
}

/// The way to the writer.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
}

impl Writer {
    /// Gives the connection to a task of its own.
    pub fn start(connection: SqliteConnection) -> Self {
        let (queue, messages) = mpsc::channel(QUEUE);
        tokio::spawn(serve(connection, messages));
        Self { queue }
    }

    /// Queues a job and answers after its commit.
    pub async fn call<T, F>(&self, parts: Parts, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Step<'c, T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Message::Work(Box::new(Call::new(parts, work, answer)));
        self.queue.try_send(job).map_err(|refused| {
            StoreError::Failed(match refused {
                mpsc::error::TrySendError::Full(_) => "overloaded".to_owned(),
                mpsc::error::TrySendError::Closed(_) => "the store is closed".to_owned(),
            })
        })?;
        answered
            .await
            .unwrap_or_else(|_| Err(StoreError::Failed("the writer is gone".to_owned())))
    }

    /// Refuses when only the room kept for recoveries is left.
    pub fn room_for_alarms(&self) -> Result<(), StoreError> {
        if self.queue.capacity() <= KEPT_FREE {
            Err(StoreError::Failed("overloaded".to_owned()))
        } else {
            Ok(())
        }
    }

    /// Finishes what is queued and closes the connection.
    pub async fn stop(&self) {
        let (answer, answered) = oneshot::channel();
        if self.queue.send(Message::Stop(answer)).await.is_ok() {
            // an error means that somebody else has stopped it at the same time.
            answered.await.ok();
        }
    }
}

async fn serve(mut connection: SqliteConnection, mut messages: mpsc::Receiver<Message>) {
    let mut taken = Vec::with_capacity(BATCH);
    let mut stops = Vec::new();
    let mut unfolded = 0;
    while messages.recv_many(&mut taken, BATCH).await > 0 {
        let mut jobs = Vec::with_capacity(taken.len());
        for message in taken.drain(..) {
            match message {
                Message::Work(job) => jobs.push(job),
                Message::Stop(answer) => {
                    messages.close();
                    stops.push(answer);
                }
            }
        }
        unfolded += jobs.len();
        batch::commit(&mut connection, jobs).await;
        let enough = if messages.is_empty() {
            CHECKPOINT_IDLE
        } else {
            CHECKPOINT_BUSY
        };
        if unfolded >= enough {
            fold(&mut connection).await;
            unfolded = 0;
        }
    }
    if let Err(error) = connection.close().await {
        warn!(%error, "The store did not close cleanly; its log is folded in at the next start");
    }
    for answer in stops {
        answer.send(()).ok();
    }
}

/// Moves the write-ahead log into the file; readers go on meanwhile.
async fn fold(connection: &mut SqliteConnection) {
    let folded = sqlx::query("pragma wal_checkpoint(passive)")
        .execute(connection)
        .await;
    if let Err(error) = folded {
        let fault = Fault::from(error);
        die_if_deadly(&fault);
        warn!(error = %fault, "The write-ahead log could not be folded into the file; tried again later");
    }
}

/// Ends the process when going on would mean to answer "stored" for what is lost.
fn die_if_deadly(fault: &Fault) {
    if fault.deadly() {
        error!(error = %fault, "The disk did not confirm a write: this process ends, the next one reads what is really stored");
        std::process::exit(DEAD);
    }
}
