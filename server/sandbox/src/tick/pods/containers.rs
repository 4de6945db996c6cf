//! Containers: started, crashed, stopped with their machine.

use super::ending::FAILS;
use crate::clock::seconds;
use crate::field::{Condition, number, set_condition};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A pod whose template carries this annotation never becomes ready.
pub const BROKEN: &str = "sandbox.uncordon.dev/broken";

/// The machine went down under them.
pub fn stop_containers(pod: &mut Value, now: Timestamp) {
    for status in statuses(pod) {
        if status["state"]["running"].is_object() {
            let ended = json!({"exitCode": 255, "reason": "Unknown", "finishedAt": seconds(now)});
            status["lastState"] = json!({"terminated": ended});
        }
        status["restartCount"] = json!(number(status, "/restartCount") + 1);
        status["ready"] = json!(false);
        status["started"] = json!(false);
        status["state"] = json!({"waiting": {"reason": "ContainerCreating"}});
    }
    unready(pod, now);
}

/// They run, or crash again if they are made to.
pub fn run_containers(pod: &mut Value, now: Timestamp) {
    pod["status"]["phase"] = json!("Running");
    if let Some(reason) = pod["metadata"]["annotations"].get(BROKEN).cloned() {
        for status in statuses(pod) {
            status["restartCount"] = json!(number(status, "/restartCount").max(811) + 1);
            status["state"] = json!({"waiting": {
                "reason": reason, "message": "back-off 5m0s restarting failed container",
            }});
            status["lastState"] = json!({"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": seconds(now)}});
        }
        return unready(pod, now);
    }
    for status in statuses(pod) {
        status["ready"] = json!(true);
        status["started"] = json!(true);
        if !status["state"]["running"].is_object() {
            status["state"] = json!({"running": {"startedAt": seconds(now)}});
        }
    }
    for kind in ["ContainersReady", "Ready"] {
        set_condition(
            pod,
            &Condition {
                kind,
                status: "True",
                reason: "",
                message: "",
            },
            now,
        );
    }
}

/// They have done what they were made for, or have failed in it.
pub fn end_containers(pod: &mut Value, now: Timestamp) {
    let code = pod["metadata"]["annotations"][FAILS].as_str();
    let code: u8 = code.and_then(|text| text.parse().ok()).unwrap_or(0);
    let (phase, reason) = match code {
        0 => ("Succeeded", "Completed"),
        _ => ("Failed", "Error"),
    };
    pod["status"]["phase"] = json!(phase);
    for status in statuses(pod) {
        status["ready"] = json!(false);
        status["started"] = json!(false);
        status["state"] = json!({"terminated": {
            "exitCode": code, "reason": reason, "finishedAt": seconds(now),
        }});
    }
    unready(pod, now);
}

/// The pod is not ready.
pub fn unready(pod: &mut Value, now: Timestamp) {
    for kind in ["ContainersReady", "Ready"] {
        let message = "containers with unready status";
        set_condition(
            pod,
            &Condition {
                kind,
                status: "False",
                reason: "ContainersNotReady",
                message,
            },
            now,
        );
    }
}

fn statuses(pod: &mut Value) -> impl Iterator<Item = &mut Value> {
    let found = pod
        .pointer_mut("/status/containerStatuses")
        .and_then(Value::as_array_mut);
    found.into_iter().flatten()
}
