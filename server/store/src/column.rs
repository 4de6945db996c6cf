//! How our types become columns, and come back.

use crate::fault::Fault;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Reading of typed columns.
pub(crate) trait Columns {
    /// A time.
    fn at(&self, column: &str) -> Result<Timestamp, Fault>;
    /// A time, if there is one.
    fn at_opt(&self, column: &str) -> Result<Option<Timestamp>, Fault>;
    /// A name or an enum stored as its word.
    fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T, Fault>;
    /// A name or an enum, if there is one.
    fn word_opt<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, Fault>;
    /// Anything stored as JSON.
    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, Fault>;
    /// A number of ours.
    fn id(&self, column: &str) -> Result<u64, Fault>;
    /// A count.
    fn count(&self, column: &str) -> Result<u32, Fault>;
}

impl Columns for SqliteRow {
    fn at(&self, column: &str) -> Result<Timestamp, Fault> {
        time(self.try_get(column)?)
    }

    fn at_opt(&self, column: &str) -> Result<Option<Timestamp>, Fault> {
        self.try_get::<Option<i64>, _>(column)?
            .map(time)
            .transpose()
    }

    fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T, Fault> {
        let text: String = self.try_get(column)?;
        serde_json::from_value(Value::String(text)).map_err(|error| broken(column, &error))
    }

    fn word_opt<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, Fault> {
        match self.try_get::<Option<String>, _>(column)? {
            Some(_) => self.word(column).map(Some),
            None => Ok(None),
        }
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, Fault> {
        let text: String = self.try_get(column)?;
        serde_json::from_str(&text).map_err(|error| broken(column, &error))
    }

    fn id(&self, column: &str) -> Result<u64, Fault> {
        Ok(self.try_get::<i64, _>(column)?.cast_unsigned())
    }

    fn count(&self, column: &str) -> Result<u32, Fault> {
        let count: i64 = self.try_get(column)?;
        u32::try_from(count).map_err(|error| broken(column, &error))
    }
}

/// The column of a time.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The time of a column.
pub(crate) fn time(micros: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_microsecond(micros).map_err(|error| broken("time", &error))
}

/// The column of a value that serialises to one word.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String, Fault> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(_) => Err(Fault::failed("a value that is not a word was to be stored")),
        Err(error) => Err(broken("word", &error)),
    }
}

/// The column of a value stored as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| broken("json", &error))
}

/// The column of a number of ours; none ever reaches the sign bit.
pub(crate) fn key(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn broken(column: &str, error: &dyn std::error::Error) -> Fault {
    Fault::failed(format!(
        "a stored {column} cannot be read or written: {error}"
    ))
}
