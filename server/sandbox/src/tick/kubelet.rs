//! What kubelets do: renew leases, post status, and begin anew after a boot.

use super::pods;
use crate::clock::{micros, secs};
use crate::field::hash;
use crate::objects::{About, post_status};
use crate::realm::Realm;
use crate::store::{Key, Kind};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const RENEW: SignedDuration = secs(10);
const POST: SignedDuration = secs(300);

/// How a kubelet came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    /// After a boot: every container starts anew.
    Rebooted,
    /// After a silence: the containers never stopped.
    Resumed,
}

/// Lets power changes take effect and every speaking kubelet do its rounds.
pub fn run(realm: &mut Realm, now: Timestamp) {
    let mut back = Vec::new();
    let mut renew = Vec::new();
    let mut post = Vec::new();
    for machine in realm.machines.values_mut() {
        machine.advance(now);
        if !machine.speaks() {
            machine.silent_since.get_or_insert(now);
            continue;
        }
        let rebooted = machine.boot_id != machine.reported_boot;
        let returned = machine.silent_since.take().is_some() || rebooted;
        if returned {
            machine.reported_boot.clone_from(&machine.boot_id);
            // A kubelet that starts anew takes its node for open until it has looked.
            machine.told_cordoned &= !rebooted;
            back.push((
                machine.name.clone(),
                if rebooted {
                    Return::Rebooted
                } else {
                    Return::Resumed
                },
            ));
        }
        if let Some(next) = round(machine.renewed_at, RENEW, returned, &machine.name, now) {
            machine.renewed_at = Some(next);
            renew.push(machine.name.clone());
        }
        if let Some(next) = round(machine.posted_at, POST, returned, &machine.name, now) {
            machine.posted_at = Some(next);
            post.push(machine.name.clone());
        }
    }
    for name in renew {
        let renewed = json!(micros(now));
        realm
            .store
            .update(Kind::Lease, &Key::new("kube-node-lease", &name), |lease| {
                lease["spec"]["renewTime"] = renewed;
            });
    }
    for name in post {
        let Realm {
            store, machines, ..
        } = realm;
        let Some(machine) = machines.get(&name) else {
            continue;
        };
        store.update(Kind::Node, &Key::cluster(&name), |node| {
            post_status(node, machine, now);
        });
    }
    for (name, how) in back {
        come_back(realm, &name, how, now);
    }
}

/// A speaking kubelet tells when its node was closed to new pods, and when it was opened again.
pub fn tell_cordon(realm: &mut Realm, name: &str, now: Timestamp) {
    let Realm {
        store, machines, ..
    } = realm;
    let (Some(node), Some(machine)) = (
        store.get(Kind::Node, &Key::cluster(name)),
        machines.get_mut(name),
    ) else {
        return;
    };
    let cordoned = node["spec"]["unschedulable"] == true;
    if !machine.speaks() || machine.told_cordoned == cordoned {
        return;
    }
    machine.told_cordoned = cordoned;
    let node = Value::clone(node);
    let reason = if cordoned {
        "NodeNotSchedulable"
    } else {
        "NodeSchedulable"
    };
    let about = About {
        level: "Normal",
        reason,
        message: &format!("Node {name} status is now: {reason}"),
        from: "kubelet",
    };
    realm.tell(Kind::Node, &node, &about, now);
}

/// Whether a round is due, and from when the next one counts: machines that begin together soon go out of step.
fn round(
    last: Option<Timestamp>,
    every: SignedDuration,
    returned: bool,
    name: &str,
    now: Timestamp,
) -> Option<Timestamp> {
    match last {
        Some(last) if last + every > now => returned.then_some(now),
        Some(last) if last + every + every > now => Some(last + every),
        Some(_) | None => {
            let share = i64::try_from(hash(name) % 1000).unwrap_or(0);
            Some(now - every * i32::try_from(share).unwrap_or(0) / 1000)
        }
    }
}

fn come_back(realm: &mut Realm, name: &str, how: Return, now: Timestamp) {
    let Some(node) = realm
        .store
        .get(Kind::Node, &Key::cluster(name))
        .map(|node| Value::clone(node))
    else {
        return;
    };
    if how == Return::Rebooted {
        let boot = node["status"]["nodeInfo"]["bootID"].as_str().unwrap_or("");
        let message = format!("Node {name} has been rebooted, boot id: {boot}");
        realm.tell(
            Kind::Node,
            &node,
            &About {
                level: "Warning",
                reason: "Rebooted",
                message: &message,
                from: "kubelet",
            },
            now,
        );
    }
    let message = format!("Node {name} status is now: NodeReady");
    realm.tell(
        Kind::Node,
        &node,
        &About {
            level: "Normal",
            reason: "NodeReady",
            message: &message,
            from: "kubelet",
        },
        now,
    );
    pods::begin_anew(realm, name, how, now);
}
