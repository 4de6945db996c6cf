//! The rules an object must keep before it is stored.

mod names;

use super::failure::Failure;
use crate::field::{list, text};
use crate::store::Kind;
use names::{is_label, is_label_key, is_subdomain};
use serde_json::Value;

/// Refuses an object that breaks a rule, naming the field.
pub fn validate(kind: Kind, object: &Value) -> Result<(), Failure> {
    let name = text(object, "/metadata/name");
    let refuse = |field: &str, why: &str| Err(Failure::invalid(kind, name, field, why));
    metadata(kind, object, name)?;
    for field in ["spec", "status"] {
        if !object[field].is_null() && !object[field].is_object() {
            return refuse(field, "Invalid value: must be an object");
        }
    }
    match kind {
        Kind::Node => node(object, name),
        Kind::Pod => pod(object, name),
        Kind::Lease
            if !object["spec"]["leaseDurationSeconds"].is_null()
                && object["spec"]["leaseDurationSeconds"]
                    .as_i64()
                    .is_none_or(|seconds| seconds <= 0) =>
        {
            refuse(
                "spec.leaseDurationSeconds",
                "Invalid value: must be greater than 0",
            )
        }
        Kind::Deployment | Kind::StatefulSet | Kind::ReplicaSet
            if object["spec"]["replicas"]
                .as_i64()
                .is_some_and(|count| count < 0) =>
        {
            refuse(
                "spec.replicas",
                "Invalid value: must be greater than or equal to 0",
            )
        }
        Kind::Job
            if list(object, "/spec/template/spec/containers").is_empty()
                || !["Never", "OnFailure"]
                    .contains(&text(object, "/spec/template/spec/restartPolicy")) =>
        {
            refuse(
                "spec.template.spec",
                "Required value: containers, and a restartPolicy of \"Never\" or \"OnFailure\"",
            )
        }
        Kind::Lease
        | Kind::Job
        | Kind::Deployment
        | Kind::StatefulSet
        | Kind::ReplicaSet
        | Kind::DaemonSet
        | Kind::Namespace
        | Kind::Event
        | Kind::PersistentVolume
        | Kind::PersistentVolumeClaim
        | Kind::ConfigMap
        | Kind::PodDisruptionBudget
        | Kind::CsiNode
        | Kind::Definition
        | Kind::Custom(_)
        | Kind::VolumeAttachment => Ok(()),
    }
}

fn metadata(kind: Kind, object: &Value, name: &str) -> Result<(), Failure> {
    let refuse = |field: &str, why: &str| Err(Failure::invalid(kind, name, field, why));
    if !is_subdomain(name) {
        return refuse(
            "metadata.name",
            "Invalid value: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
        );
    }
    for field in ["labels", "annotations"] {
        let present = &object["metadata"][field];
        if !present.is_null()
            && !present
                .as_object()
                .is_some_and(|map| map.values().all(Value::is_string))
        {
            return refuse(
                &format!("metadata.{field}"),
                "Invalid value: must be a map of strings to strings",
            );
        }
    }
    for (key, value) in object["metadata"]["labels"]
        .as_object()
        .into_iter()
        .flatten()
    {
        if !is_label(value.as_str().unwrap_or("")) || !is_label_key(key) {
            return refuse(
                "metadata.labels",
                &format!("Invalid value: {key}={value} is not a valid label"),
            );
        }
    }
    Ok(())
}

fn node(object: &Value, name: &str) -> Result<(), Failure> {
    let refuse = |field: &str, why: &str| Err(Failure::invalid(Kind::Node, name, field, why));
    if !object["spec"]["unschedulable"].is_null() && !object["spec"]["unschedulable"].is_boolean() {
        return refuse("spec.unschedulable", "Invalid value: must be true or false");
    }
    if !object["spec"]["taints"].is_null() && !object["spec"]["taints"].is_array() {
        return refuse("spec.taints", "Invalid value: must be a list");
    }
    for (index, taint) in list(object, "/spec/taints").iter().enumerate() {
        if !is_label_key(text(taint, "/key")) {
            return refuse(
                &format!("spec.taints[{index}].key"),
                "Invalid value: name part must be non-empty",
            );
        }
        if !["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&text(taint, "/effect")) {
            return refuse(
                &format!("spec.taints[{index}].effect"),
                "Unsupported value: supported values: \"NoExecute\", \"NoSchedule\", \"PreferNoSchedule\"",
            );
        }
    }
    Ok(())
}

fn pod(object: &Value, name: &str) -> Result<(), Failure> {
    let refuse = |field: &str, why: &str| Err(Failure::invalid(Kind::Pod, name, field, why));
    let containers = list(object, "/spec/containers");
    if containers.is_empty() {
        return refuse("spec.containers", "Required value");
    }
    for (index, container) in containers.iter().enumerate() {
        if !is_label(text(container, "/name")) || text(container, "/name").is_empty() {
            return refuse(&format!("spec.containers[{index}].name"), "Required value");
        }
        if text(container, "/image").is_empty() {
            return refuse(&format!("spec.containers[{index}].image"), "Required value");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
