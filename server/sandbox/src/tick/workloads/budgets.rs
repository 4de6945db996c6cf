//! What every disruption budget still allows.

use super::{flag, observe};
use crate::field::{Condition, condition, number, set_condition};
use crate::realm::Realm;
use crate::selector::{all_hold, from_label_selector};
use crate::store::{Key, Kind};
use jiff::Timestamp;
use serde_json::json;

/// Counts again what every disruption budget still allows.
pub fn write(realm: &mut Realm, now: Timestamp) {
    let budgets: Vec<Key> = realm
        .store
        .iter(Kind::PodDisruptionBudget, "", None)
        .map(|(key, _)| key.clone())
        .collect();
    for key in budgets {
        let Some(budget) = realm.store.get(Kind::PodDisruptionBudget, &key) else {
            continue;
        };
        let selector = from_label_selector(&budget["spec"]["selector"]);
        let mut expected = 0_i64;
        let mut healthy = 0_i64;
        for (_, pod) in realm.store.iter(Kind::Pod, &key.namespace, None) {
            if all_hold(&selector, &pod["metadata"]["labels"])
                && !pod["metadata"]["deletionTimestamp"].is_string()
            {
                expected += 1;
                healthy += i64::from(condition(pod, "Ready") == "True");
            }
        }
        let desired = number(budget, "/spec/minAvailable");
        realm
            .store
            .update(Kind::PodDisruptionBudget, &key, |budget| {
                observe(budget);
                let allowed = (healthy - desired).max(0);
                budget["status"]["expectedPods"] = json!(expected);
                budget["status"]["currentHealthy"] = json!(healthy);
                budget["status"]["desiredHealthy"] = json!(desired);
                budget["status"]["disruptionsAllowed"] = json!(allowed);
                let reason = if allowed > 0 {
                    "SufficientPods"
                } else {
                    "InsufficientPods"
                };
                set_condition(
                    budget,
                    &Condition {
                        kind: "DisruptionAllowed",
                        status: flag(allowed > 0),
                        reason,
                        message: "counted from the pods selected",
                    },
                    now,
                );
            });
    }
}
