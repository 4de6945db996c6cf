//! Remembers: the engine store on SQLite, one file per table.

mod column;
mod fault;
mod open;
mod port;
mod writer;

pub mod accounts;
mod alarms;
mod breakers;
pub mod chats;
mod cluster_seen;
mod command_lines;
mod cordon_acts;
pub mod devices;
mod impact_samples;
mod incidents;
pub mod letters;
mod meta;
mod recoveries;
mod rules;
mod story_marks;
mod switches;
mod troubles;

pub use command_lines::{LINES_KEPT, LineRow, NewLine};
pub use open::OpenError;
pub use recoveries::Followed;

use engine::ports::StoreError;
use fault::{Fault, Step};
use sqlx::pool::PoolConnection;
use sqlx::{SqliteConnection, SqlitePool};
use writer::{Parts, Writer};

/// The store: one file, one writer, some readers. Clones share them.
#[derive(Debug, Clone)]
pub struct Sqlite {
    read: SqlitePool,
    writer: Writer,
}

impl Sqlite {
    /// A connection that only reads.
    async fn reader(&self) -> Result<PoolConnection<sqlx::Sqlite>, StoreError> {
        self.read
            .acquire()
            .await
            .map_err(|error| Fault::from(error).named())
    }

    /// Runs `work` in the next transaction and answers after its commit.
    async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Step<'c, T> + Send + 'static,
    {
        self.writer.call(Parts::Many, work).await
    }

    /// As [`Self::write`], for work that writes at most one statement.
    async fn write_one<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Step<'c, T> + Send + 'static,
    {
        self.writer.call(Parts::One, work).await
    }

    /// Finishes what is queued, then closes the file; later calls fail.
    pub async fn close(&self) {
        self.read.close().await;
        self.writer.stop().await;
    }
}
