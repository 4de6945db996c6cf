//! Evictions: a pod is asked to leave unless a disruption budget forbids it.

use super::Call;
use super::failure::Failure;
use super::write::{Keep, note, respond};
use crate::field::{number, text};
use crate::realm::Realm;
use crate::selector::{all_hold, from_label_selector};
use crate::store::{Key, Kind};
use crate::tick::dismiss;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

const COME_BACK: u16 = 10;

/// `POST` on `/eviction`.
pub fn evict(call: &Call, name: &str) -> Result<Response, Failure> {
    let sent: Value = serde_json::from_slice(&call.body)
        .map_err(|error| Failure::bad_request(error.to_string()))?;
    let keep = match sent["deleteOptions"]["dryRun"][0].as_str() {
        Some("All") => Keep::Discarded,
        Some(_) | None => Keep::wanted(call)?,
    };
    let key = Key::new(&call.target.namespace, name);
    call.shared.with(|realm, now| {
        let budgets = allow(realm, &key);
        if keep == Keep::Stored {
            note(
                realm,
                call,
                "evict",
                budgets.as_ref().map_or_else(Failure::code, |_| 201),
                sent.clone(),
                now,
            );
        }
        let budgets = budgets?;
        if keep == Keep::Stored {
            for budget in budgets {
                realm
                    .store
                    .update(Kind::PodDisruptionBudget, &budget, |budget| {
                        budget["status"]["disruptionsAllowed"] =
                            json!(number(budget, "/status/disruptionsAllowed") - 1);
                    });
            }
            realm.store.update(Kind::Pod, &key, |pod| {
                dismiss(
                    pod,
                    sent["deleteOptions"]["gracePeriodSeconds"].as_i64(),
                    now,
                );
            });
        }
        Ok(())
    })?;
    let done = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201});
    Ok(respond(call, StatusCode::CREATED, &done))
}

/// The budgets the eviction is charged to, when they allow it.
fn allow(realm: &Realm, key: &Key) -> Result<Vec<Key>, Failure> {
    let pod = realm
        .store
        .get(Kind::Pod, key)
        .ok_or_else(|| Failure::not_found(Kind::Pod, &key.name))?;
    if pod["metadata"]["deletionTimestamp"].is_string() || text(pod, "/status/phase") == "Pending" {
        return Ok(Vec::new());
    }
    let mut charged = Vec::new();
    for (name, budget) in realm
        .store
        .iter(Kind::PodDisruptionBudget, &key.namespace, None)
    {
        if !all_hold(
            &from_label_selector(&budget["spec"]["selector"]),
            &pod["metadata"]["labels"],
        ) {
            continue;
        }
        if number(budget, "/status/disruptionsAllowed") <= 0 {
            let healthy = number(budget, "/status/currentHealthy");
            let desired = number(budget, "/status/desiredHealthy");
            let cause = format!(
                "The disruption budget {} needs {desired} healthy pods and has {healthy} currently",
                name.name
            );
            let details = json!({"causes": [{"reason": "DisruptionBudget", "message": cause}]});
            let message = "Cannot evict pod as it would violate the pod's disruption budget.";
            return Err(Failure::too_many(message, details, COME_BACK));
        }
        charged.push(name.clone());
    }
    Ok(charged)
}
