//! Cordon, uncordon and mark: one patch each, bound to the version that was decided on.

use crate::ask::{self, Trouble};
use crate::kind::Kind;
use crate::wire::node::Node;
use domain::step::Answer;
use domain::world::{OWNER_ANNOTATION, OwnerMark};
use engine::ports::Marking;
use kube::Client;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

/// Who we are in an object's managed fields.
pub const FIELD_MANAGER: &str = "uncordon";

/// The patch that keeps new pods off a node and says whose doing it is.
pub fn cordoned(resource_version: &str, mark: OwnerMark) -> Value {
    json!({
        "metadata": {"resourceVersion": resource_version, "annotations": {OWNER_ANNOTATION: mark.to_string()}},
        "spec": {"unschedulable": true},
    })
}

/// The patch that takes both off again.
pub fn uncordoned(resource_version: &str) -> Value {
    json!({
        "metadata": {"resourceVersion": resource_version, "annotations": {OWNER_ANNOTATION: null}},
        "spec": {"unschedulable": null},
    })
}

/// The patch that says whose a cordon is from now on, and touches nothing else.
pub fn marked(resource_version: &str, mark: &Marking) -> Value {
    let owner = match mark {
        Marking::Recovery(mark) => Some(mark.to_string()),
        Marking::Person(mark) => Some(mark.to_string()),
        Marking::Nobody => None,
    };
    json!({
        "metadata": {"resourceVersion": resource_version, "annotations": {OWNER_ANNOTATION: owner}},
    })
}

/// Patches one node within 8 s.
pub async fn node(client: &Client, name: &str, patch: Value) -> Result<Node, Trouble> {
    let params = PatchParams {
        field_manager: Some(FIELD_MANAGER.to_owned()),
        ..PatchParams::default()
    };
    let request = kube::core::Request::new(Node::PATH)
        .patch(name, &params, &Patch::Merge(patch))
        .map_err(|error| ask::unasked(&error))?;
    let body = ask::in_time(ask::send(client, request)).await?;
    ask::parse("a node", &body)
}

/// The class of what came back. Whether a 401 passes is decided by who can renew the credentials.
pub fn answer(done: Result<Node, Trouble>) -> Answer {
    let trouble = match done {
        Ok(node) => {
            return Answer::Done(format!(
                "resourceVersion {}",
                node.metadata.resource_version
            ));
        }
        Err(trouble) => trouble,
    };
    let told = trouble.to_string();
    match trouble {
        Trouble::Unusable(_) | Trouble::NotSent(_) => Answer::Retryable(told),
        // After a 2xx an unreadable body tells nothing about the patch; the next read does.
        Trouble::Lost(_) | Trouble::Silent(_) | Trouble::Garbled { .. } => Answer::Unknown(told),
        Trouble::Status { code: 409, .. } => Answer::Conflict(told),
        Trouble::Status { code: 401, .. } => Answer::Denied(format!(
            "{told}; renew the token or the certificate of our user"
        )),
        Trouble::Status { code: 403, .. } => {
            Answer::Denied(format!("{told}; give our user the right to patch nodes"))
        }
        Trouble::Status { code: 404, .. } => Answer::NotFound(told),
        Trouble::Status {
            code: 429,
            retry_after,
            ..
        } => Answer::Throttled(told, retry_after),
        // The API server gave up waiting for its own store: it may have been written.
        Trouble::Status { code: 504, .. } => Answer::Unknown(told),
        Trouble::Status { code: 500.., .. } => Answer::Retryable(told),
        Trouble::Status { .. } => Answer::Refused(told),
    }
}

#[cfg(test)]
mod tests;
