//! A world with a connected adapter, and the hands to break it.

use cluster::{Kube, Settings};
use domain::id::{ClusterName, RecoveryId};
use domain::step::Answer;
use domain::target::Target;
use domain::world::{ClusterFacts, NodeFacts, OwnerMark, Reading, Sight};
use engine::ports::{Clock, Cluster, Marking};
use jiff::{SignedDuration, Timestamp};
use sandbox::{World, WorldConfig};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

pub struct House {
    pub world: World,
    pub kube: Kube,
    http: reqwest::Client,
}

/// The clock of the world: `t0 + (wall - t0) * speed`.
pub struct WorldClock {
    t0: Timestamp,
    speed: f64,
}

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        let passed = Timestamp::now().duration_since(self.t0).as_secs_f64() * self.speed;
        self.t0 + SignedDuration::from_secs_f64(passed)
    }

    fn speed(&self) -> f64 {
        self.speed
    }
}

pub fn settings(kubeconfig_text: Option<String>) -> Settings {
    Settings {
        kubeconfig_text,
        ..Settings::of(ClusterName::parse("prod").unwrap())
    }
}

pub fn clock(speed: f64) -> Arc<WorldClock> {
    Arc::new(WorldClock {
        t0: Timestamp::now(),
        speed,
    })
}

impl House {
    /// A world at this speed, seen live.
    pub async fn open(speed: f64) -> Self {
        Self::of(WorldConfig {
            speed,
            ..WorldConfig::default()
        })
        .await
    }

    pub async fn of(config: WorldConfig) -> Self {
        let clock = clock(config.speed);
        let config = WorldConfig {
            t0: Some(clock.t0),
            ..config
        };
        let world = World::start(config).await.unwrap();
        let kube = Kube::connect(settings(Some(world.kubeconfig())), clock)
            .await
            .unwrap();
        let house = Self {
            world,
            kube,
            http: reqwest::Client::new(),
        };
        house
            .until("live", |facts| facts.sight == Sight::Live)
            .await;
        house
    }

    /// Waits for the view to be so, woken by its changes; the limit only ends a test that cannot pass.
    pub async fn until(&self, what: &str, so: impl Fn(&ClusterFacts) -> bool) -> ClusterFacts {
        let mut changes = self.kube.changes();
        let wait = async {
            loop {
                changes.mark_unchanged();
                let facts = self.kube.facts();
                if so(&facts) {
                    return facts;
                }
                // Blindness comes by time passing, too.
                let _ = tokio::time::timeout(Duration::from_millis(500), changes.changed()).await;
            }
        };
        let done = tokio::time::timeout(Duration::from_secs(90), wait).await;
        done.unwrap_or_else(|_| {
            panic!(
                "never seen: {what}; the view is {:?}",
                self.kube.facts().sight
            )
        })
    }

    pub async fn act(&self, node: &str, act: &str) {
        let url = format!(
            "{}/sandbox/clusters/prod/nodes/{node}/{act}",
            self.world.control_url()
        );
        self.http
            .post(url)
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
    }

    pub async fn faults(&self, faults: Value) {
        let url = format!("{}/sandbox/faults", self.world.control_url());
        self.http
            .put(url)
            .json(&json!({ "faults": faults }))
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
    }

    /// One fault, in place of whatever was in force.
    pub async fn fault(&self, pattern: &str, what: &str) {
        self.faults(json!([{"match": pattern, "do": what}])).await;
    }

    /// What the API server answers to a GET.
    pub async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.world.kubernetes_url());
        let request = self
            .http
            .get(url)
            .bearer_auth(self.world.kubernetes_token());
        let answer = request.send().await.unwrap().error_for_status().unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    /// Lets these into the Kubernetes API besides the world's own, and nobody who was let in before.
    pub async fn callers(&self, callers: &Value) {
        let url = format!("{}/sandbox/callers", self.world.control_url());
        let put = self.http.put(url).json(&json!({ "callers": callers }));
        put.send().await.unwrap().error_for_status().unwrap();
    }

    /// What every caller did so far.
    pub async fn callers_now(&self) -> Value {
        let url = format!("{}/sandbox/callers", self.world.control_url());
        self.http
            .get(url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    pub async fn compact(&self) {
        let url = format!("{}/sandbox/compact", self.world.control_url());
        self.http
            .post(url)
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
    }

    /// Creates an object, and its status if it has one, as somebody else.
    pub async fn create(&self, path: &str, object: &Value) {
        let url = format!("{}{path}", self.world.kubernetes_url());
        let request = self.http.post(&url).json(object);
        let request = request.bearer_auth(self.world.kubernetes_token());
        request.send().await.unwrap().error_for_status().unwrap();
        if object["status"].is_object() {
            let name = object["metadata"]["name"].as_str().unwrap();
            let request = self
                .http
                .patch(format!("{url}/{name}/status"))
                .header("content-type", "application/merge-patch+json")
                .bearer_auth(self.world.kubernetes_token())
                .body(json!({"status": object["status"]}).to_string());
            request.send().await.unwrap().error_for_status().unwrap();
        }
    }

    /// Makes the cluster serve kinds that others bring along, named `plural.group/version/Kind`.
    pub async fn serve(&self, kinds: &[&str]) {
        for kind in kinds {
            let [resource, version, kind] = kind.split('/').collect::<Vec<_>>()[..] else {
                panic!("{kind}")
            };
            let (plural, group) = resource.split_once('.').unwrap();
            let definition = json!({
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": {"name": resource},
                "spec": {"group": group, "names": {"plural": plural, "kind": kind}, "versions": [{"name": version, "served": true, "storage": true}]},
            });
            self.create(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                &definition,
            )
            .await;
        }
    }

    /// Patches a node as somebody else.
    pub async fn patch(&self, node: &str, patch: &Value) {
        self.patch_as("somebody", node, patch).await;
    }

    /// Patches a node as this field manager.
    pub async fn patch_as(&self, manager: &str, node: &str, patch: &Value) {
        let url = format!(
            "{}/api/v1/nodes/{node}?fieldManager={manager}",
            self.world.kubernetes_url()
        );
        let request = self
            .http
            .patch(url)
            .bearer_auth(self.world.kubernetes_token());
        let request = request
            .header("content-type", "application/merge-patch+json")
            .body(patch.to_string());
        request.send().await.unwrap().error_for_status().unwrap();
    }

    pub fn target(&self, name: &str) -> Target {
        let nodes = self.kube.nodes();
        Target::of(
            self.kube.name(),
            nodes
                .iter()
                .find(|node| node.name.as_str() == name)
                .unwrap(),
        )
    }

    pub async fn read(&self, target: &Target) -> NodeFacts {
        match self.kube.read_node(target).await {
            Reading::Seen(node) => node,
            other => panic!("{other:?}"),
        }
    }

    /// Cordons as the engine does: read, patch, and again when a kubelet or controller wrote in between.
    pub async fn cordon(&self, target: &Target) -> OwnerMark {
        let mark = OwnerMark {
            recovery: RecoveryId(1042),
            at: Timestamp::UNIX_EPOCH,
        };
        self.done(target, async |version| {
            self.kube.cordon(target, &version, mark).await
        })
        .await;
        mark
    }

    /// Uncordons in the same way.
    pub async fn uncordon(&self, target: &Target) {
        self.done(target, async |version| {
            self.kube.uncordon(target, &version).await
        })
        .await;
    }

    /// Marks in the same way.
    pub async fn mark(&self, target: &Target, mark: &Marking) {
        self.done(target, async |version| {
            self.kube.mark(target, &version, mark).await
        })
        .await;
    }

    async fn done(&self, target: &Target, act: impl AsyncFn(String) -> Answer) {
        loop {
            match act(self.read(target).await.resource_version).await {
                Answer::Done(_) => return,
                Answer::Conflict(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}
