//! Event as it comes over the wire, old shape and new.

use super::or_default;
use jiff::Timestamp;
use serde::Deserialize;

/// `v1 Event`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    #[serde(deserialize_with = "or_default")]
    pub reason: String,
    #[serde(deserialize_with = "or_default")]
    pub message: String,
    pub count: Option<u32>,
    pub first_timestamp: Option<Timestamp>,
    pub last_timestamp: Option<Timestamp>,
    pub event_time: Option<Timestamp>,
    pub series: Option<Series>,
}

/// How often a newer recorder saw it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Series {
    pub count: u32,
    pub last_observed_time: Option<Timestamp>,
}

impl Event {
    /// When it was last seen, wherever its recorder wrote that.
    pub fn seen(&self) -> Option<Timestamp> {
        let series = self.series.as_ref().and_then(|one| one.last_observed_time);
        series
            .or(self.last_timestamp)
            .or(self.event_time)
            .or(self.first_timestamp)
    }

    /// How often; one that does not say was seen once.
    pub fn times(&self) -> u32 {
        let series = self.series.as_ref().map(|one| one.count);
        series.or(self.count).unwrap_or(1).max(1)
    }
}
