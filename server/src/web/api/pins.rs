//! Pins of a rule as REST shows and takes them.

use crate::web::problem::Problem;
use domain::rule::{Must, Pin as Pinned};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A text that a rule must match, or must not; checked whenever the rule is saved.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// `match` or `not_match`.
    #[schema(example = "match")]
    pub must: String,
    /// The alarm's text; rules look at its first 8 KiB.
    pub text: String,
    /// Labels it came with.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

impl From<Pinned> for Pin {
    fn from(pin: Pinned) -> Self {
        Self {
            must: pin.must.word().to_owned(),
            text: pin.text,
            labels: pin.labels,
        }
    }
}

/// The pins of a body.
pub fn read(pins: Vec<Pin>) -> Result<Vec<Pinned>, Problem> {
    let one = |pin: Pin| {
        let must = Must::parse(&pin.must).ok_or_else(|| {
            let wrong = format!("must is match or not_match, not {:?}", pin.must);
            Problem::field("pins", &wrong)
        })?;
        Ok(Pinned::new(must, &pin.text, pin.labels))
    };
    pins.into_iter().map(one).collect()
}
