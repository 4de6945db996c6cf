//! Asks Prometheus and compares what it answers.

use crate::fill::fill;
use crate::prometheus::{NoSamples, Prometheus, Sample};
use async_trait::async_trait;
use domain::check::{Ask, Seen, Tried};
use engine::ports::Check;

/// Series that are listed at the most.
const LISTED: usize = 20;

/// A query with the range its values must lie in. Without a range the query itself decides: it must answer something.
pub struct Promql {
    /// Where it is asked.
    pub prometheus: Prometheus,
    /// The query; `{node}`, `{ip}` and `{cluster}` stand for the node that came back.
    pub query: String,
    /// No value may be less.
    pub min: Option<f64>,
    /// No value may be more.
    pub max: Option<f64>,
}

#[async_trait]
impl Check for Promql {
    async fn try_once(&self, ask: &Ask) -> Tried {
        let query = match fill(&self.query, &ask.target) {
            Ok(query) => query,
            Err(why) => return Tried::Refused(why),
        };
        match self.prometheus.ask(&query, None).await {
            Ok(samples) => self.judge(&query, &samples),
            Err(NoSamples::Refused(why)) => {
                Tried::Refused(format!("Prometheus refuses {query}: {why}"))
            }
            Err(NoSamples::Unanswered(why)) => {
                Tried::NotYet(Seen::new(&format!("Prometheus: {why}")))
            }
        }
    }

    async fn ready(&self) -> Result<(), String> {
        self.prometheus.way.ready()
    }
}

impl Promql {
    fn judge(&self, query: &str, samples: &[Sample]) -> Tried {
        let wanted = self.wanted();
        let Some(first) = samples.first() else {
            return Tried::NotYet(Seen::new(&format!("{query}: nothing, expected {wanted}")));
        };
        let bad = samples.iter().find(|one| !self.fits(one.value));
        let shown = bad.unwrap_or(first);
        let more = match samples.len() {
            1 => String::new(),
            many => format!(" ({many} series)"),
        };
        let said = format!("{query}: {}{more}, expected {wanted}", shown.value);
        let lines: Vec<String> = samples
            .iter()
            .take(LISTED)
            .map(|one| format!("{} {{{}}}", one.value, one.labels))
            .collect();
        let seen = Seen::new(&said).with_output(lines.join("\n").as_bytes());
        match bad {
            Some(_) => Tried::NotYet(seen),
            None => Tried::Passed(seen),
        }
    }

    /// NaN lies in no range.
    fn fits(&self, value: f64) -> bool {
        let ranged = self.min.is_some() || self.max.is_some();
        !ranged
            || (self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max))
    }

    fn wanted(&self) -> String {
        match (self.min, self.max) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (Some(min), None) => format!("at least {min}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => "something".to_owned(),
        }
    }
}
