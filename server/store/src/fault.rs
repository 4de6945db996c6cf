//! What can go wrong inside a job, and what callers hear of it.

use engine::ports::StoreError;
use std::pin::Pin;

/// A job's future, bound to the connection it works on.
pub(crate) type Step<'c, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'c>>;

/// A job failed: because of SQLite, or for a reason with a name.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Named(#[from] StoreError),
}

const BUSY: i32 = 5;
const FULL: i32 = 13;
const CONSTRAINT: i32 = 19;
const IOERR_FSYNC: i32 = 1034;
const IOERR_DIR_FSYNC: i32 = 1290;

impl Fault {
    /// A failure in words.
    pub fn failed(words: impl Into<String>) -> Self {
        Self::Named(StoreError::Failed(words.into()))
    }

    /// A row that is not there.
    pub fn absent(what: impl Into<String>) -> Self {
        Self::Named(StoreError::Absent(what.into()))
    }

    /// The error of the port.
    pub fn named(&self) -> StoreError {
        match self {
            Self::Named(error) => error.clone(),
            Self::Sql(error) => StoreError::Failed(match self.code().map(|code| code & 0xff) {
                Some(FULL) => "the disk is full".to_owned(),
                Some(BUSY) => "the database is busy".to_owned(),
                Some(_) | None => error.to_string(),
            }),
        }
    }

    /// Whether nothing more may be believed of the file: after a failed fsync a second one may answer "well" although
    /// the pages are lost, and without its thread the connection never answers again.
    pub fn deadly(&self) -> bool {
        matches!(self.code(), Some(IOERR_FSYNC | IOERR_DIR_FSYNC))
            || matches!(self, Self::Sql(sqlx::Error::WorkerCrashed))
    }

    /// Whether a row broke a rule of the tables.
    pub fn constraint(&self) -> bool {
        self.code().map(|code| code & 0xff) == Some(CONSTRAINT)
    }

    fn code(&self) -> Option<i32> {
        match self {
            Self::Sql(error) => error.as_database_error()?.code()?.parse().ok(),
            Self::Named(_) => None,
        }
    }
}
