//! The Job controller: one pod, one try, and a condition that says how it went.

use super::suffix;
use crate::clock::{seconds, secs};
use crate::field::{Condition, condition, number, set_condition, text};
use crate::objects::Owner;
use crate::realm::Realm;
use crate::store::{Key, Kind};
use crate::tick::create_pod;
use crate::tick::pods::dismiss;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

/// Looks at a Job that was written, or whose pod was.
pub fn run(realm: &mut Realm, job: &Arc<Value>, now: Timestamp) {
    let key = Key::of(job);
    if finished(job) {
        realm.work.deadlines.remove(&key);
        return;
    }
    let limit = number(job, "/spec/activeDeadlineSeconds");
    if limit > 0 {
        let until = now + secs(limit);
        realm.work.deadlines.entry(key.clone()).or_insert(until);
    }
    let pods = realm.store.pods_of(text(job, "/metadata/uid"));
    let phase = pods
        .iter()
        .filter_map(|pod| realm.store.get(Kind::Pod, pod))
        .map(|pod| text(pod, "/status/phase").to_owned())
        .next();
    match phase.as_deref() {
        None => begin(realm, job, now),
        Some("Succeeded") => end(realm, &key, ("Complete", "CompletionsReached", ""), now),
        Some("Failed") => {
            let why = "Job has reached the specified backoff limit";
            end(realm, &key, ("Failed", "BackoffLimitExceeded", why), now);
        }
        Some(_) => {}
    }
}

/// Ends the Jobs whose time is over.
pub fn watch_time(realm: &mut Realm, now: Timestamp) {
    let over = realm.work.deadlines.iter().filter(|(_, at)| **at <= now);
    for key in over.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
        realm.work.deadlines.remove(&key);
        let Some(job) = realm.store.get(Kind::Job, &key).map(Arc::clone) else {
            continue;
        };
        for pod in realm.store.pods_of(text(&job, "/metadata/uid")) {
            realm
                .store
                .update(Kind::Pod, &pod, |pod| dismiss(pod, None, now));
        }
        let why = "Job was active longer than specified deadline";
        end(realm, &key, ("Failed", "DeadlineExceeded", why), now);
    }
}

fn begin(realm: &mut Realm, job: &Arc<Value>, now: Timestamp) {
    let name = format!(
        "{}-{}",
        text(job, "/metadata/name"),
        suffix(realm.next_serial())
    );
    let node = text(job, "/spec/template/spec/nodeName");
    let node = (!node.is_empty()).then_some(node);
    let owner = Owner {
        kind: Kind::Job,
        object: job,
    };
    create_pod(realm, &owner, &name, node, now);
    realm.store.update(Kind::Job, &Key::of(job), |job| {
        job["status"] = json!({"active": 1, "startTime": seconds(now)});
    });
}

fn end(realm: &mut Realm, key: &Key, (kind, reason, message): (&str, &str, &str), now: Timestamp) {
    realm.store.update(Kind::Job, key, |job| {
        let status = &mut job["status"];
        status["active"] = json!(0);
        let counted = if kind == "Complete" {
            "succeeded"
        } else {
            "failed"
        };
        status[counted] = json!(1);
        if kind == "Complete" {
            status["completionTime"] = json!(seconds(now));
        }
        let said = Condition {
            kind,
            status: "True",
            reason,
            message,
        };
        set_condition(job, &said, now);
    });
}

fn finished(job: &Value) -> bool {
    ["Complete", "Failed"]
        .iter()
        .any(|kind| condition(job, kind) == "True")
}
