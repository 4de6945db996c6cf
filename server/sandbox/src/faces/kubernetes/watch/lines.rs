//! The lines of a watch.

use crate::faces::kubernetes::wanted::Shape;
use crate::store::Kind;
use serde_json::json;

/// Adds one event.
pub fn line(lines: &mut Vec<u8>, word: &str, object: &[u8]) {
    lines.extend_from_slice(format!("{{\"type\":\"{word}\",\"object\":").as_bytes());
    lines.extend_from_slice(object);
    lines.extend_from_slice(b"}\n");
}

/// A bookmark; `initial_end` marks the end of a streamed list.
pub fn bookmark(kind: Kind, shape: Shape, version: u64, initial_end: bool) -> Vec<u8> {
    let mut metadata = json!({"resourceVersion": version.to_string(), "creationTimestamp": null});
    if initial_end {
        metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
    }
    shape.write(
        &json!({"kind": kind.name(), "apiVersion": kind.api_version(), "metadata": metadata}),
    )
}
