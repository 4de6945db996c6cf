//! The template of a Job, and the Job that is made from it for one attempt.

use domain::check::Ask;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The annotation with which we know our own Job again.
pub const KEY: &str = "uncordon.dev/key";
/// A Job stays for people to look at for so long after the step's own limit.
const KEPT_S: u64 = 3600;

/// A `batch/v1` Job as the team wrote it.
#[derive(Debug, Clone)]
pub struct Template {
    job: Value,
    namespace: String,
    on_node: bool,
}

/// A text that is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is no template of a Job: {0}")]
pub struct BadTemplate(String);

impl Template {
    /// Reads YAML or JSON. `on_node` binds its pods to the node that came back, cordoned or not.
    pub fn read(text: &str, on_node: bool) -> Result<Self, BadTemplate> {
        let job: Value =
            serde_saphyr::from_str(text).map_err(|why| BadTemplate(why.to_string()))?;
        let wrong = |what: &str| Err(BadTemplate(what.to_owned()));
        if job["apiVersion"] != "batch/v1" || job["kind"] != "Job" {
            return wrong("expected apiVersion: batch/v1 and kind: Job");
        }
        let pod = &job["spec"]["template"]["spec"];
        let containers = pod["containers"].as_array();
        if containers.is_none_or(|all| all.is_empty() || !all.iter().all(Value::is_object)) {
            return wrong("expected containers in spec.template.spec");
        }
        let namespace = match &job["metadata"]["namespace"] {
            Value::Null => "default".to_owned(),
            Value::String(name) if plain(name) => name.clone(),
            _ => return wrong("expected the name of a namespace in metadata.namespace"),
        };
        Ok(Self {
            job,
            namespace,
            on_node,
        })
    }

    /// Its namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Where its Jobs are.
    pub(super) fn path(&self) -> String {
        format!("/apis/batch/v1/namespaces/{}/jobs", self.namespace)
    }

    /// The Job of one attempt: one run, ended by Kubernetes itself when its time is over.
    pub(super) fn job(&self, name: &str, ask: &Ask, limit: Duration, timeout: Duration) -> Value {
        let mut job = self.job.clone();
        let meta = object(&mut job["metadata"]);
        meta.insert("name".to_owned(), json!(name));
        meta.remove("generateName");
        object(meta.entry("annotations").or_insert(Value::Null))
            .insert(KEY.to_owned(), json!(ask.key));
        let label = |at: &mut Value| {
            let labels = object(&mut at["labels"]);
            labels.insert("uncordon.dev/check".to_owned(), json!(ask.check.as_str()));
            labels.insert(
                "uncordon.dev/recovery".to_owned(),
                json!(ask.recovery.0.to_string()),
            );
        };
        label(&mut job["metadata"]);
        label(&mut job["spec"]["template"]["metadata"]);
        let spec = object(&mut job["spec"]);
        // Trying again is ours: a run is an attempt of its own in the timeline.
        spec.insert("backoffLimit".to_owned(), json!(0));
        spec.insert(
            "activeDeadlineSeconds".to_owned(),
            json!(timeout.as_secs().max(1)),
        );
        spec.insert(
            "ttlSecondsAfterFinished".to_owned(),
            json!(limit.as_secs() + KEPT_S),
        );
        let pod = object(&mut job["spec"]["template"]["spec"]);
        pod.insert("restartPolicy".to_owned(), json!("Never"));
        if self.on_node {
            pod.insert("nodeName".to_owned(), json!(ask.target.node.as_str()));
        }
        for kind in ["initContainers", "containers"] {
            let containers = pod.get_mut(kind).and_then(Value::as_array_mut);
            containers
                .into_iter()
                .flatten()
                .for_each(|one| tell(one, ask));
        }
        job
    }
}

/// Puts what the attempt is about into a container's environment.
fn tell(container: &mut Value, ask: &Ask) {
    let variables = ask.variables();
    let told = variables
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}));
    let env = &mut container["env"];
    let mut all: Vec<Value> = env.as_array_mut().map(std::mem::take).unwrap_or_default();
    all.retain(|one| variables.iter().all(|(name, _)| one["name"] != *name));
    all.extend(told);
    *env = Value::Array(all);
}

/// The object at a place, made if it is not one.
fn object(at: &mut Value) -> &mut Map<String, Value> {
    if !at.is_object() {
        *at = Value::Object(Map::new());
    }
    at.as_object_mut().expect("it was just made one")
}

fn plain(name: &str) -> bool {
    let letter = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    !name.is_empty() && name.len() <= 63 && name.bytes().all(letter)
}
