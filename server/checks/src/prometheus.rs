//! One instant query to a Prometheus, and the samples of its answer.

use crate::Way;
use jiff::Timestamp;
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Where queries go.
#[derive(Debug, Clone)]
pub struct Prometheus {
    /// Its base, without `/api`.
    pub url: Url,
    /// How it is asked.
    pub way: Way,
}

/// Why there are no samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoSamples {
    /// This query can never be answered.
    Refused(String),
    /// It could not be answered now.
    Unanswered(String),
}

/// One series at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its labels in words, `job="web"`; empty for a plain number.
    pub labels: String,
    /// Its value; may be NaN.
    pub value: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status: String,
    data: Option<Data>,
    error_type: Option<String>,
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: String,
    result: Value,
}

#[derive(Deserialize)]
struct Series {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    value: (Value, String),
}

impl Prometheus {
    /// Evaluates a query now, or as it was at a moment.
    pub async fn ask(&self, query: &str, at: Option<Timestamp>) -> Result<Vec<Sample>, NoSamples> {
        let got = self
            .way
            .get(self.address(query, at))
            .await
            .map_err(NoSamples::Unanswered)?;
        let parsed = serde_json::from_slice::<Answer>(&got.body);
        match parsed {
            Ok(answer) if answer.status == "success" => samples(answer.data),
            Ok(answer) => {
                let why = answer.error.unwrap_or_default();
                // Any other error may pass: the query is well.
                if answer.error_type.as_deref() == Some("bad_data") {
                    Err(NoSamples::Refused(why))
                } else {
                    Err(NoSamples::Unanswered(format!("{}: {why}", got.status)))
                }
            }
            Err(why) if (200..300).contains(&got.status) => {
                let text = format!("its answer cannot be read: {why}");
                Err(NoSamples::Unanswered(text))
            }
            Err(_) => Err(NoSamples::Unanswered(format!("it answered {}", got.status))),
        }
    }

    fn address(&self, query: &str, at: Option<Timestamp>) -> Url {
        let mut url = self.url.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/api/v1/query"));
        let limit = format!("{}ms", self.way.timeout.as_millis());
        let mut pairs = url.query_pairs_mut();
        pairs.clear();
        pairs.append_pair("query", query);
        pairs.append_pair("timeout", &limit);
        if let Some(at) = at {
            pairs.append_pair("time", &format!("{at:.3}"));
        }
        drop(pairs);
        url
    }
}

fn samples(data: Option<Data>) -> Result<Vec<Sample>, NoSamples> {
    let data = data.ok_or_else(|| NoSamples::Unanswered("its answer holds nothing".to_owned()))?;
    let garbled =
        |why: serde_json::Error| NoSamples::Unanswered(format!("its answer cannot be read: {why}"));
    match data.result_type.as_str() {
        "vector" => {
            let all: Vec<Series> = serde_json::from_value(data.result).map_err(garbled)?;
            all.into_iter()
                .map(|one| sample(labels(&one.metric), &one.value.1))
                .collect()
        }
        "scalar" => {
            let (_, text): (Value, String) =
                serde_json::from_value(data.result).map_err(garbled)?;
            Ok(vec![sample(String::new(), &text)?])
        }
        other => Err(NoSamples::Refused(format!(
            "the query answers a {other}; expected one value per series at one moment"
        ))),
    }
}

fn sample(labels: String, text: &str) -> Result<Sample, NoSamples> {
    let value = match text {
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        text => text
            .parse()
            .map_err(|_| NoSamples::Unanswered(format!("{text:?} is no number")))?,
    };
    Ok(Sample { labels, value })
}

fn labels(metric: &BTreeMap<String, String>) -> String {
    let pairs = metric.iter().filter(|(name, _)| *name != "__name__");
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    pairs.join(", ")
}
