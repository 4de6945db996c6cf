//! Events: what the controllers say about an object.

use super::object;
use crate::clock::seconds;
use crate::field::text;
use crate::store::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};

/// What an event says.
pub struct About<'a> {
    /// `Normal` or `Warning`.
    pub level: &'a str,
    /// The CamelCase reason.
    pub reason: &'a str,
    /// The sentence.
    pub message: &'a str,
    /// The component that speaks.
    pub from: &'a str,
}

/// An event about `subject`, numbered so that its name is unique.
pub fn event(kind: Kind, subject: &Value, about: &About<'_>, serial: u64, now: Timestamp) -> Value {
    let name = text(subject, "/metadata/name");
    let namespace = match text(subject, "/metadata/namespace") {
        "" => "default",
        namespace => namespace,
    };
    let mut event = object(
        Kind::Event,
        namespace,
        &format!("{name}.{serial:016x}"),
        now,
    );
    event["involvedObject"] = json!({
        "apiVersion": kind.api_version(), "kind": kind.name(), "name": name, "uid": subject["metadata"]["uid"],
    });
    if kind.namespaced() {
        event["involvedObject"]["namespace"] = json!(namespace);
    }
    event["type"] = json!(about.level);
    event["reason"] = json!(about.reason);
    event["message"] = json!(about.message);
    event["source"] = json!({"component": about.from});
    event["reportingComponent"] = json!(about.from);
    event["reportingInstance"] = json!("");
    event["count"] = json!(1);
    event["firstTimestamp"] = json!(seconds(now));
    event["lastTimestamp"] = json!(seconds(now));
    event
}
