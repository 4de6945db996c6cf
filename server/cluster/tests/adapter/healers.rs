//! Who else heals a node, read over the wire from what healers leave in a cluster.

use crate::house::House;
use domain::world::{Healer, Healers};
use engine::ports::Cluster;
use serde_json::{Value, json};

pub const CAPI: [&str; 2] = [
    "machines.cluster.x-k8s.io/v1beta2/Machine",
    "machinehealthchecks.cluster.x-k8s.io/v1beta2/MachineHealthCheck",
];
pub const OPENSHIFT: [&str; 2] = [
    "machines.machine.openshift.io/v1beta1/Machine",
    "machinehealthchecks.machine.openshift.io/v1beta1/MachineHealthCheck",
];
pub const MEDIK8S: [&str; 2] = [
    "nodehealthchecks.remediation.medik8s.io/v1alpha1/NodeHealthCheck",
    "selfnoderemediations.self-node-remediation.medik8s.io/v1alpha1/SelfNodeRemediation",
];
pub const KARPENTER: [&str; 1] = ["nodeclaims.karpenter.sh/v1/NodeClaim"];
const CHECKS: &str = "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/machinehealthchecks";
const NODE_CHECKS: &str = "/apis/remediation.medik8s.io/v1alpha1/nodehealthchecks";

async fn healers(house: &House, node: &str) -> Healers {
    house.kube.healers(&house.target(node), &[]).await
}

/// Which healers have node-12, all of it seen.
async fn have(house: &House) -> Vec<Healer> {
    let found = healers(house, "node-12").await;
    assert!(found.unseen.is_empty(), "{:?}", found.unseen);
    found.claims.iter().map(|one| one.healer).collect()
}

async fn label(house: &House, key: &str, value: Value) {
    let mut labels = json!({});
    labels[key] = value;
    house
        .patch("node-12", &json!({"metadata": {"labels": labels}}))
        .await;
}

/// A Machine of node-12, as Cluster API or OpenShift writes it.
async fn machine(house: &House, group: &str, note: Option<&str>) {
    let mut annotations = json!({});
    if let Some(note) = note {
        annotations[note] = json!("");
    }
    house
        .create(
            &format!("/apis/{group}/namespaces/default/machines"),
            &json!({
                "metadata": {"name": "workers-x", "labels": {"pool": "workers"}, "annotations": annotations},
                "spec": {"clusterName": "prod"}, "status": {"nodeRef": {"name": "node-12"}},
            }),
        )
        .await;
}

fn check(name: &str, selector: &Value) -> Value {
    json!({"metadata": {"name": name}, "spec": {"clusterName": "prod", "selector": selector}})
}

fn pool(name: &str) -> Value {
    json!({"matchLabels": {"pool": name}})
}

#[tokio::test]
async fn a_node_that_nobody_else_heals_is_said_to_be_so() {
    let house = House::open(1.0).await;
    assert_eq!(healers(&house, "node-12").await, Healers::default());
    // Served, and without an object that has it.
    for kinds in [&CAPI[..], &OPENSHIFT, &MEDIK8S, &KARPENTER] {
        house.serve(kinds).await;
    }
    assert_eq!(healers(&house, "node-12").await, Healers::default());
}

#[tokio::test]
async fn every_label_of_a_healer_is_evidence() {
    let house = House::open(1.0).await;
    for (key, value, healer) in [
        ("karpenter.sh/nodepool", "web", Healer::Karpenter),
        ("karpenter.sh/provisioner-name", "web", Healer::Karpenter),
        ("cloud.google.com/gke-nodepool", "pool-1", Healer::Gke),
        ("eks.amazonaws.com/nodegroup", "workers", Healer::Eks),
        ("eks.amazonaws.com/compute-type", "auto", Healer::Eks),
        ("kubernetes.azure.com/agentpool", "nodepool1", Healer::Aks),
        ("kubernetes.azure.com/cluster", "MC_rg_prod", Healer::Aks),
    ] {
        label(&house, key, json!(value)).await;
        let found = healers(&house, "node-12").await;
        let [claim] = &found.claims[..] else {
            panic!("{key}: {found:?}")
        };
        assert_eq!(claim.healer, healer, "{key}");
        assert!(
            claim
                .evidence
                .starts_with(&format!("its label {key} is {value}")),
            "{claim:?}"
        );
        assert_eq!(
            house
                .kube
                .healers(&house.target("node-12"), &[healer])
                .await,
            Healers::default()
        );
        label(&house, key, Value::Null).await;
    }
    // EKS on Fargate has no machine that anybody could start, and is not Auto Mode.
    label(&house, "eks.amazonaws.com/compute-type", json!("fargate")).await;
    assert_eq!(have(&house).await, []);
}

#[tokio::test]
async fn a_machine_health_check_counts_where_its_selector_fits_the_machine_of_the_node() {
    let house = House::open(1.0).await;
    house.serve(&CAPI).await;
    machine(&house, "cluster.x-k8s.io/v1beta2", None).await;
    house.create(CHECKS, &check("others", &pool("db"))).await;
    house.create(CHECKS, &check("nothing", &json!({}))).await;
    let mut paused = check("paused", &pool("workers"));
    paused["metadata"]["annotations"] = json!({"cluster.x-k8s.io/paused": ""});
    house.create(CHECKS, &paused).await;
    let mut elsewhere = check("elsewhere", &pool("workers"));
    elsewhere["spec"]["clusterName"] = json!("staging");
    house.create(CHECKS, &elsewhere).await;
    assert_eq!(have(&house).await, []);
    house
        .create(CHECKS, &check("workers", &pool("workers")))
        .await;
    let found = healers(&house, "node-12").await;
    assert_eq!(
        found.claims[0].evidence,
        "the MachineHealthCheck default/workers selects its machine default/workers-x"
    );
    assert_eq!(healers(&house, "node-13").await, Healers::default());
}

#[tokio::test]
async fn a_machine_that_is_to_be_skipped_is_nobodys() {
    for note in [
        "cluster.x-k8s.io/skip-remediation",
        "cluster.x-k8s.io/paused",
    ] {
        let house = House::open(1.0).await;
        house.serve(&CAPI).await;
        machine(&house, "cluster.x-k8s.io/v1beta2", Some(note)).await;
        house
            .create(CHECKS, &check("workers", &pool("workers")))
            .await;
        assert_eq!(have(&house).await, [], "{note}");
        // On the node it means nothing to Cluster API.
    }
}

#[tokio::test]
async fn a_node_whose_machine_lives_in_another_cluster_is_left_alone() {
    let house = House::open(1.0).await;
    let notes = json!({
        "cluster.x-k8s.io/machine": "workers-x", "cluster.x-k8s.io/cluster-namespace": "default",
        "cluster.x-k8s.io/skip-remediation": "",
    });
    house
        .patch("node-12", &json!({"metadata": {"annotations": notes}}))
        .await;
    assert_eq!(have(&house).await, [Healer::ClusterApi]);
    // Where its Machine can be seen, what is said there counts.
    house.serve(&CAPI).await;
    machine(&house, "cluster.x-k8s.io/v1beta2", None).await;
    assert_eq!(have(&house).await, []);
    house
        .create(CHECKS, &check("workers", &pool("workers")))
        .await;
    assert_eq!(have(&house).await, [Healer::ClusterApi]);
}

#[tokio::test]
async fn an_empty_selector_of_openshift_means_every_machine() {
    let house = House::open(1.0).await;
    house.serve(&OPENSHIFT).await;
    machine(&house, "machine.openshift.io/v1beta1", None).await;
    assert_eq!(have(&house).await, []);
    let checks = "/apis/machine.openshift.io/v1beta1/namespaces/default/machinehealthchecks";
    house.create(checks, &check("all", &json!({}))).await;
    assert_eq!(have(&house).await, [Healer::ClusterApi]);
}

#[tokio::test]
async fn a_node_health_check_counts_where_it_selects_the_node_or_has_begun() {
    let house = House::open(1.0).await;
    house.serve(&MEDIK8S).await;
    let of = |name: &str, operator: &str| {
        json!({"metadata": {"name": name}, "spec": {"selector": {"matchExpressions": [
            {"key": "node-role.kubernetes.io/control-plane", "operator": operator}]}}})
    };
    house.create(NODE_CHECKS, &of("masters", "Exists")).await;
    let mut paused = of("paused", "DoesNotExist");
    paused["spec"]["pauseRequests"] = json!(["upgrade"]);
    house.create(NODE_CHECKS, &paused).await;
    assert_eq!(have(&house).await, []);
    house
        .create(NODE_CHECKS, &of("workers", "DoesNotExist"))
        .await;
    let found = healers(&house, "node-12").await;
    assert_eq!(
        found.claims[0].evidence,
        "the NodeHealthCheck workers selects it"
    );

    // What was begun goes on while it is paused.
    let house = House::open(1.0).await;
    house.serve(&MEDIK8S).await;
    paused["status"] = json!({"unhealthyNodes": [{"name": "node-12", "remediations": [{}]}]});
    house.create(NODE_CHECKS, &paused).await;
    let found = healers(&house, "node-12").await;
    assert_eq!(
        found.claims[0].evidence,
        "the NodeHealthCheck paused has a remediation of it under way"
    );
    assert_eq!(healers(&house, "node-13").await, Healers::default());
}

#[tokio::test]
async fn a_remediation_that_is_under_way_has_its_node_by_name_or_by_annotation() {
    let house = House::open(1.0).await;
    house.serve(&MEDIK8S).await;
    let path =
        "/apis/self-node-remediation.medik8s.io/v1alpha1/namespaces/default/selfnoderemediations";
    house
        .create(path, &json!({"metadata": {"name": "node-13"}}))
        .await;
    assert_eq!(have(&house).await, []);
    let annotations = json!({"remediation.medik8s.io/node-name": "node-12"});
    house
        .create(
            path,
            &json!({"metadata": {"name": "node-14-x7", "annotations": annotations}}),
        )
        .await;
    let found = healers(&house, "node-12").await;
    assert_eq!(
        found.claims[0].evidence,
        "the SelfNodeRemediation default/node-14-x7 is under way"
    );
}

#[tokio::test]
async fn a_node_claim_has_the_node_it_names() {
    let house = House::open(1.0).await;
    house.serve(&KARPENTER).await;
    let path = "/apis/karpenter.sh/v1/nodeclaims";
    let claim =
        |name: &str, node: &str| json!({"metadata": {"name": name}, "status": {"nodeName": node}});
    house.create(path, &claim("web-1", "node-13")).await;
    assert_eq!(have(&house).await, []);
    house.create(path, &claim("web-2", "node-12")).await;
    assert_eq!(have(&house).await, [Healer::Karpenter]);
}

#[tokio::test]
async fn what_may_not_or_cannot_be_read_is_named_and_never_taken_for_nothing() {
    let house = House::open(1.0).await;
    for kinds in [&CAPI[..], &MEDIK8S, &KARPENTER] {
        house.serve(kinds).await;
    }
    house
        .faults(json!([
            {"match": "GET /apis/cluster.x-k8s.io/*/machines", "do": "403"},
            {"match": "GET /apis/remediation.medik8s.io/*/nodehealthchecks", "do": "503"},
        ]))
        .await;
    let found = healers(&house, "node-12").await;
    let told: Vec<_> = found
        .unseen
        .iter()
        .map(|one| (one.of.clone(), one.denied))
        .collect();
    assert_eq!(
        told,
        [
            (vec![Healer::ClusterApi], true),
            (vec![Healer::Medik8s], false)
        ],
        "{found:?}"
    );
    assert!(
        found.unseen[0]
            .why
            .starts_with("machines.cluster.x-k8s.io: "),
        "{found:?}"
    );
    // The doctor says the same, and whoever gave the nodes to us is not asked.
    let doctor = house.kube.check_healers(&[]).await;
    assert_eq!(doctor.unseen, found.unseen);
    let own = [Healer::ClusterApi, Healer::Medik8s];
    assert_eq!(house.kube.check_healers(&own).await, Healers::default());
    house
        .faults(json!([{"match": "GET /apis", "do": "500"}]))
        .await;
    let found = healers(&house, "node-12").await;
    assert_eq!(found.unseen.len(), 1);
    assert_eq!(
        found.unseen[0].of,
        [Healer::ClusterApi, Healer::Medik8s, Healer::Karpenter]
    );
    house
        .faults(json!([{"match": "GET /api/v1/nodes/node-12", "do": "500"}]))
        .await;
    assert_eq!(healers(&house, "node-12").await.unseen.len(), 1);
}
