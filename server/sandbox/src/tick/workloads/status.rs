//! The statuses of workloads, counted from the pods below them.

use super::{flag, observe, sets_of};
use crate::field::{Condition, condition, number, set_condition, text};
use crate::realm::Realm;
use crate::store::{Key, Kind};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Pods below a controller: all that count, and those that are ready.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    present: i64,
    ready: i64,
}

/// Writes the status of one controller.
pub fn write(realm: &mut Realm, kind: Kind, key: &Key, now: Timestamp) {
    let Some(owner) = realm.store.get(kind, key) else {
        return;
    };
    let tally = match kind {
        Kind::Deployment => sets_of(realm, owner)
            .iter()
            .fold(Tally::default(), |sum, set| {
                let below = count(realm, set);
                Tally {
                    present: sum.present + below.present,
                    ready: sum.ready + below.ready,
                }
            }),
        _ => count(realm, owner),
    };
    let nodes = i64::try_from(realm.machines.len()).unwrap_or(i64::MAX);
    realm.store.update(kind, key, |object| {
        observe(object);
        match kind {
            Kind::Deployment => deployment(object, tally, now),
            Kind::DaemonSet => daemon_set(object, tally, nodes),
            Kind::StatefulSet => stateful_set(object, tally),
            _ => replicas(object, tally),
        }
    });
}

fn count(realm: &Realm, owner: &Value) -> Tally {
    let mut tally = Tally::default();
    for pod in realm
        .store
        .pods_of(text(owner, "/metadata/uid"))
        .iter()
        .filter_map(|key| realm.store.get(Kind::Pod, key))
    {
        if !pod["metadata"]["deletionTimestamp"].is_string() {
            tally.present += 1;
            tally.ready += i64::from(condition(pod, "Ready") == "True");
        }
    }
    tally
}

fn replicas(object: &mut Value, tally: Tally) {
    let status = &mut object["status"];
    status["replicas"] = json!(tally.present);
    status["readyReplicas"] = json!(tally.ready);
    status["availableReplicas"] = json!(tally.ready);
}

fn stateful_set(object: &mut Value, tally: Tally) {
    replicas(object, tally);
    object["status"]["currentReplicas"] = json!(tally.present);
    object["status"]["updatedReplicas"] = json!(tally.present);
}

fn deployment(object: &mut Value, tally: Tally, now: Timestamp) {
    let wanted = number(object, "/spec/replicas");
    replicas(object, tally);
    object["status"]["updatedReplicas"] = json!(tally.present);
    object["status"]["unavailableReplicas"] = json!((wanted - tally.ready).max(0));
    let enough = tally.ready >= wanted - wanted / 4;
    let (reason, message) = match enough {
        true => (
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
        ),
        false => (
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
        ),
    };
    set_condition(
        object,
        &Condition {
            kind: "Available",
            status: flag(enough),
            reason,
            message,
        },
        now,
    );
    let progress = Condition {
        kind: "Progressing",
        status: "True",
        reason: "NewReplicaSetAvailable",
        message: "",
    };
    set_condition(object, &progress, now);
}

fn daemon_set(object: &mut Value, tally: Tally, nodes: i64) {
    let status = &mut object["status"];
    status["desiredNumberScheduled"] = json!(nodes);
    status["currentNumberScheduled"] = json!(tally.present);
    status["updatedNumberScheduled"] = json!(tally.present);
    status["numberMisscheduled"] = json!(0);
    status["numberReady"] = json!(tally.ready);
    status["numberAvailable"] = json!(tally.ready);
    status["numberUnavailable"] = json!((nodes - tally.ready).max(0));
}
