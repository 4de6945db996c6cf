//! Which recoveries a program asks for: the same filters as on the page of the past.

use crate::web::api::moment;
use crate::web::input::named;
use crate::web::problem::Problem;
use app::desk::views::RecoveryFilter;
use domain::id::{ClusterName, NodeName, RuleId};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Which recoveries.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only numbers below this one.
    pub after: Option<u64>,
    /// At most so many; 50 if nobody says.
    #[param(minimum = 1, maximum = 500, default = 50)]
    pub limit: Option<u32>,
    /// Of this cluster.
    pub cluster: Option<String>,
    /// Of this node.
    pub node: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// In which this person did something.
    pub person: Option<String>,
    /// Begun by this rule.
    pub rule: Option<u64>,
    /// `true`: begun by a rule; `false`: begun by a person.
    pub automatic: Option<bool>,
    /// With this text in its names, alarm, reasons or notes.
    pub text: Option<String>,
    /// Begun then or later.
    pub since: Option<String>,
    /// Begun before then.
    pub until: Option<String>,
}

impl Which {
    /// The filter, or which field is wrong.
    pub fn filter(&self) -> Result<RecoveryFilter, Problem> {
        let time = |field: &str, text: &Option<String>| {
            text.as_deref()
                .map(|text| moment::read(field, text))
                .transpose()
        };
        Ok(RecoveryFilter {
            cluster: named(
                "cluster",
                self.cluster.as_deref().map(ClusterName::parse).transpose(),
            )?,
            node: named(
                "node",
                self.node.as_deref().map(NodeName::parse).transpose(),
            )?,
            active: None,
            outcome: word("outcome", "an outcome", self.outcome.as_deref())?,
            state: word("state", "a state", self.state.as_deref())?,
            person: self.person.clone(),
            rule: self.rule.map(RuleId),
            automatic: self.automatic,
            text: self.text.clone(),
            since: time("since", &self.since)?,
            until: time("until", &self.until)?,
        })
    }
}

fn word<T: DeserializeOwned>(
    field: &str,
    what: &str,
    word: Option<&str>,
) -> Result<Option<T>, Problem> {
    let read = |word: &str| {
        serde_json::from_value(word.into())
            .map_err(|_| Problem::field(field, &format!("{word:?} is not {what}")))
    };
    word.map(read).transpose()
}
