//! What a node and its machine looked like right before power was used: evidence that a start destroys.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest console log kept, in bytes, counted from its end.
pub const CONSOLE_MAX: usize = 16 * 1024;
/// Most node events kept, newest first.
pub const EVENTS_MAX: usize = 30;

/// One condition of a node, as the API server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// Type, such as `Ready` or `DiskPressure`.
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// Reason and message in the cluster's own words.
    pub text: String,
    /// Last transition.
    pub since: Option<Timestamp>,
}

/// One Kubernetes event about the node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeEvent {
    /// When it was last seen.
    pub at: Option<Timestamp>,
    /// Reason and message in the cluster's own words.
    pub text: String,
    /// How often.
    pub count: u32,
}

/// What the cluster knows of a node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRecord {
    /// All conditions.
    pub conditions: Vec<Condition>,
    /// Newest renewal of the lease.
    pub lease_renewed: Option<Timestamp>,
    /// Newest first, at most [`EVENTS_MAX`].
    pub events: Vec<NodeEvent>,
    /// Pods bound to the node: `namespace/name phase`, with a reason if there is one.
    pub pods: Vec<String>,
    /// What of the above could not be read, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// The whole record; what could not be read is named, never left out in silence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The node's side.
    pub node: NodeRecord,
    /// End of the machine's console log, at most [`CONSOLE_MAX`] bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
    /// What could not be read, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

impl Snapshot {
    /// One sentence for the timeline.
    pub fn text(&self) -> String {
        let count = |of: usize, one: &str| format!("{of} {one}{}", if of == 1 { "" } else { "s" });
        let mut parts = vec![
            count(self.node.conditions.len(), "condition"),
            count(self.node.events.len(), "event"),
            count(self.node.pods.len(), "pod"),
        ];
        if let Some(console) = &self.console {
            parts.push(count(console.lines().count(), "console line"));
        }
        let mut text = format!("kept before power is used: {}", parts.join(", "));
        if !self.missing.is_empty() {
            text.push_str("; not read: ");
            text.push_str(&self.missing.join("; "));
        }
        text
    }
}
