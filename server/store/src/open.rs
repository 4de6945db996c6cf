//! Opening the file: only with a SQLite that is known to be safe, and with every write forced to the disk.

use crate::Sqlite;
use crate::writer::Writer;
use engine::ports::StoreError;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the store does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Older versions may lose committed data when the write-ahead log is reset.
    #[error(
        "SQLite {found} is too old: 3.51.3 or newer is needed, older ones can corrupt the file when the log is reset"
    )]
    TooOld {
        /// The version that is linked.
        found: String,
    },
    /// The file or its folder cannot be used.
    #[error("{path} cannot be opened as a database")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
    /// The file was made by another version, or a change of its form failed.
    #[error("{path} cannot be brought to the form this version needs")]
    Migration {
        /// The file.
        path: PathBuf,
        /// Why.
        source: MigrateError,
    },
    /// The lists of an older version could not be written anew from the logs.
    #[error("the lists in {path} cannot be written anew")]
    List {
        /// The file.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
}

const OLDEST: (u32, u32, u32) = (3, 51, 3);
const READERS: u32 = 4;
static MIGRATOR: Migrator = sqlx::migrate!("../../migrations/sqlite");

impl Sqlite {
    /// Opens or creates the file and brings it to today's form. Needs a running tokio.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Unusable {
            path: path.to_owned(),
            source,
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .statement_cache_capacity(200)
            .disable_statement_logging();
        let mut connection = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // the writer does it itself: an automatic checkpoint hides a failed fsync.
            .pragma("wal_autocheckpoint", "0")
            .connect()
            .await
            .map_err(unusable)?;
        assert_version(&mut connection, path).await?;
        MIGRATOR
            .run(&mut connection)
            .await
            .map_err(|source| OpenError::Migration {
                path: path.to_owned(),
                source,
            })?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options.read_only(true))
            .await
            .map_err(unusable)?;
        let store = Self {
            read,
            writer: Writer::start(connection),
        };
        store
            .complete_projection()
            .await
            .map_err(|source| OpenError::List {
                path: path.to_owned(),
                source,
            })?;
        Ok(store)
    }
}

async fn assert_version(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let found: String = sqlx::query_scalar("select sqlite_version()")
        .fetch_one(connection)
        .await
        .map_err(|source| OpenError::Unusable {
            path: path.to_owned(),
            source,
        })?;
    if safe(&found) {
        Ok(())
    } else {
        Err(OpenError::TooOld { found })
    }
}

fn safe(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next()) >= OLDEST
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]
mod tests {
    use super::{OpenError, safe};
    use crate::Sqlite;

    #[test]
    fn versions_with_the_log_reset_bug_are_refused() {
        for old in ["3.51.2", "3.51.0", "3.46.1", "3.7.0", "2.8.17", ""] {
            assert!(!safe(old), "{old}");
        }
        for good in ["3.51.3", "3.52.0", "3.100.0", "4.0.0"] {
            assert!(safe(good), "{good}");
        }
        let words = OpenError::TooOld {
            found: "3.46.1".to_owned(),
        };
        assert!(
            words
                .to_string()
                .starts_with("SQLite 3.46.1 is too old: 3.51.3 or newer is needed")
        );
    }

    #[tokio::test]
    async fn the_writer_forces_every_commit_to_the_disk_and_the_readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(&folder.path().join("store.db")).await.unwrap();
        let kept = |sql: &'static str| {
            store.write::<String, _>(move |connection| {
                Box::pin(async move { Ok(sqlx::query_scalar(sql).fetch_one(connection).await?) })
            })
        };
        for (sql, value) in [
            (
                "select cast(synchronous as text) from pragma_synchronous",
                "2",
            ),
            ("select journal_mode from pragma_journal_mode", "wal"),
            (
                "select cast(foreign_keys as text) from pragma_foreign_keys",
                "1",
            ),
            (
                "select cast(timeout as text) from pragma_busy_timeout",
                "5000",
            ),
        ] {
            assert_eq!(kept(sql).await, Ok(value.to_owned()), "{sql}");
        }
        let mut reader = store.reader().await.unwrap();
        let refused = sqlx::query("delete from meta").execute(&mut *reader).await;
        let words = refused.unwrap_err().to_string();
        assert!(words.contains("readonly"), "{words}");
    }
}
