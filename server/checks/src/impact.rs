//! The gauge of the impact: one query that answers one value.

use crate::prometheus::{NoSamples, Prometheus};
use async_trait::async_trait;
use engine::ports::Gauge;
use jiff::Timestamp;

/// A query to a Prometheus.
pub struct Impact {
    /// Where it is asked.
    pub prometheus: Prometheus,
    /// The query.
    pub query: String,
}

#[async_trait]
impl Gauge for Impact {
    async fn read(&self, at: Timestamp) -> Result<f64, String> {
        match self.prometheus.ask(&self.query, Some(at)).await {
            Ok(samples) => match samples.as_slice() {
                [one] => Ok(one.value),
                [] => Err("the query answers nothing".to_owned()),
                many => Err(format!(
                    "the query answers {} series, expected one",
                    many.len()
                )),
            },
            Err(NoSamples::Refused(why)) => Err(format!("Prometheus refuses the query: {why}")),
            Err(NoSamples::Unanswered(why)) => Err(format!("Prometheus: {why}")),
        }
    }
}
