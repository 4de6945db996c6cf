//! Label selectors as Kubernetes means them.

use crate::wire::{Requirement, or_default};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `metav1.LabelSelector`: all of it must hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LabelSelector {
    #[serde(deserialize_with = "or_default")]
    match_labels: BTreeMap<String, String>,
    #[serde(deserialize_with = "or_default")]
    match_expressions: Vec<Requirement>,
}

impl LabelSelector {
    /// Nothing is asked for. What that means is up to whoever reads it.
    pub fn is_empty(&self) -> bool {
        self.match_labels.is_empty() && self.match_expressions.is_empty()
    }

    /// Whether these labels fit; an empty selector fits all.
    pub fn fits(&self, labels: &BTreeMap<String, String>) -> bool {
        let equal = self
            .match_labels
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value));
        equal && self.match_expressions.iter().all(|one| holds(one, labels))
    }
}

fn holds(one: &Requirement, labels: &BTreeMap<String, String>) -> bool {
    let value = labels.get(&one.key);
    let listed = value.is_some_and(|value| one.values.contains(value));
    match one.operator.as_str() {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        // Whoever invented it may mean this node.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn fits(selector: Value, labels: &[(&str, &str)]) -> bool {
        let selector: LabelSelector = serde_json::from_value(selector).expect("a selector");
        let labels = labels
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        selector.fits(&labels)
    }

    #[test]
    fn labels_and_expressions_must_all_hold() {
        let has = |operator: &str, values: &[&str]| json!({"matchExpressions": [{"key": "pool", "operator": operator, "values": values}]});
        let web = [("pool", "web"), ("zone", "a")];
        assert!(fits(json!({"matchLabels": {"pool": "web"}}), &web));
        assert!(!fits(json!({"matchLabels": {"pool": "db"}}), &web));
        assert!(!fits(
            json!({"matchLabels": {"pool": "web", "zone": "b"}}),
            &web
        ));
        assert!(fits(has("In", &["db", "web"]), &web));
        assert!(!fits(has("In", &["db"]), &web));
        assert!(!fits(has("NotIn", &["web"]), &web));
        assert!(fits(has("NotIn", &["web"]), &[]), "as Kubernetes has it");
        assert!(fits(has("Exists", &[]), &web));
        assert!(!fits(has("DoesNotExist", &[]), &web));
        assert!(fits(has("DoesNotExist", &[]), &[]));
        assert!(fits(json!({}), &web));
        assert!(fits(json!({"matchLabels": null}), &web));
    }
}
