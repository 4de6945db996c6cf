//! A node goes down, an alarm arrives, the machine is started, and all is well again.

use crate::rig::{Rig, ready, receiver};
use reqwest::Method;
use sandbox::HookFormat;
use serde_json::{Value, json};

const NODE: &str = "/api/v1/nodes?fieldSelector=metadata.name=node-12";

async fn start_machine(rig: &Rig) {
    let answer = rig
        .sign_in("uncordon", rig.world.openstack_password())
        .await;
    let token = answer.headers()["x-subject-token"]
        .to_str()
        .expect("text")
        .to_owned();
    let node = rig.get("/api/v1/nodes/node-12").await;
    let id = node["spec"]["providerID"]
        .as_str()
        .and_then(|id| id.rsplit('/').next())
        .expect("an id")
        .to_owned();
    let base = rig.world.keystone_url().replace("/identity/v3", "/v2.1");
    let request = rig
        .client
        .post(format!("{base}/servers/{id}/action"))
        .header("x-auth-token", token);
    assert_eq!(
        request
            .json(&json!({"os-start": null}))
            .send()
            .await
            .expect("answered")
            .status(),
        202
    );
}

#[tokio::test]
async fn a_node_that_loses_power_raises_an_alarm_and_returns_with_a_new_boot_id() {
    let rig = Rig::start(60.0).await;
    let (hook, mut alarms) = receiver(HookFormat::Text, &[503]).await;
    rig.world.set_hook(hook);
    let before = rig.get("/api/v1/nodes/node-12").await;
    rig.control(
        Method::POST,
        "clusters/prod/nodes/node-12/power-off",
        &json!({}),
    )
    .await;
    let node = rig.wait_for(NODE, |node| ready(node) == "Unknown").await;
    assert_eq!(node["spec"]["taints"].as_array().map(Vec::len), Some(2));
    let refused = alarms.recv().await.expect("an alarm");
    let alarm = alarms.recv().await.expect("the same alarm again");
    assert_eq!(refused, alarm);
    assert_eq!(
        alarm["text"],
        "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod"
    );
    assert_eq!(
        (&alarm["status"], &alarm["labels"]["node"]),
        (&json!("firing"), &json!("node-12"))
    );
    assert_eq!(alarm["authorization"], "Bearer hook-token");
    start_machine(&rig).await;
    let node = rig
        .wait_for(NODE, |node| {
            ready(node) == "True" && node["spec"].get("taints").is_none()
        })
        .await;
    assert_ne!(
        node["status"]["nodeInfo"]["bootID"],
        before["status"]["nodeInfo"]["bootID"]
    );
    let mysql = "/api/v1/namespaces/default/pods?fieldSelector=metadata.name=mysql-0";
    rig.wait_for(mysql, |pod| {
        ready(pod) == "True" && pod["status"]["containerStatuses"][0]["restartCount"] == 1
    })
    .await;
    let resolved = alarms.recv().await.expect("the end of the alarm");
    assert_eq!(
        (&resolved["status"], &resolved["starts_at"]),
        (&json!("resolved"), &alarm["starts_at"])
    );
}

async fn listed(rig: &Rig) -> Value {
    let url = format!("{}/api/v2/alerts", rig.world.alertmanager_url());
    let answer = rig.client.get(url).send().await.expect("answered");
    answer.json().await.expect("JSON")
}

async fn post(rig: &Rig, alerts: &Value) -> u16 {
    let url = format!("{}/api/v2/alerts", rig.world.alertmanager_url());
    let answer = rig.client.post(url).json(alerts).send().await;
    answer.expect("answered").status().as_u16()
}

#[tokio::test]
async fn an_alarm_is_closed_through_alertmanagers_api() {
    let rig = Rig::start(60.0).await;
    let (hook, mut alarms) = receiver(HookFormat::Alertmanager, &[]).await;
    rig.world.set_hook(hook);
    let off = "clusters/prod/nodes/node-12/power-off";
    rig.control(Method::POST, off, &json!({})).await;
    let group = alarms.recv().await.expect("an alarm");
    assert_eq!(
        (&group["version"], &group["status"]),
        (&json!("4"), &json!("firing"))
    );
    let alert = &group["alerts"][0];
    assert_eq!(listed(&rig).await[0]["labels"], alert["labels"]);
    let now = rig.world.now().to_string();
    let close = json!([{"labels": alert["labels"], "startsAt": alert["startsAt"], "endsAt": now}]);
    assert_eq!(post(&rig, &close).await, 200);
    assert_eq!(listed(&rig).await, json!([]));
    let resolved = alarms.recv().await.expect("the end of the alarm");
    assert_eq!(resolved["alerts"][0]["status"], "resolved");
    let ledger = rig.ledger("monitoring").await;
    let closed: Vec<&Value> = ledger
        .iter()
        .filter(|item| item["verb"] == "close")
        .collect();
    assert_eq!(closed.len(), 1, "{ledger:?}");
    assert_eq!(closed[0]["node"], "node-12");
    assert_eq!(post(&rig, &json!([{"labels": {}}])).await, 400);
}

#[tokio::test]
async fn a_hanging_node_is_not_ready_while_its_machine_is_on_and_heals_without_a_boot() {
    let rig = Rig::start(60.0).await;
    let before = rig.get("/api/v1/nodes/node-12").await;
    rig.control(Method::POST, "clusters/prod/nodes/node-12/hang", &json!({}))
        .await;
    rig.wait_for(NODE, |node| ready(node) == "Unknown").await;
    let world = rig.control(Method::GET, "world", &Value::Null).await;
    let machine = world["machines"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|machine| machine["node"] == "node-12")
        .cloned();
    assert_eq!(machine.expect("there")["power"], "On");
    rig.control(Method::POST, "clusters/prod/nodes/node-12/heal", &json!({}))
        .await;
    let node = rig.wait_for(NODE, |node| ready(node) == "True").await;
    assert_eq!(
        node["status"]["nodeInfo"]["bootID"],
        before["status"]["nodeInfo"]["bootID"]
    );
    let unknown = format!(
        "{}/sandbox/clusters/prod/nodes/nobody/heal",
        rig.world.control_url()
    );
    assert_eq!(
        rig.client
            .post(unknown)
            .send()
            .await
            .expect("answered")
            .status(),
        404
    );
}

#[tokio::test]
async fn the_lease_of_a_silent_node_stops_and_others_go_on() {
    let rig = Rig::start(60.0).await;
    let lease = |node: &str| {
        format!("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{node}")
    };
    rig.control(
        Method::POST,
        "clusters/prod/nodes/node-12/power-off",
        &json!({}),
    )
    .await;
    let silent = rig.get(&lease("node-12")).await;
    let other = rig.get(&lease("node-13")).await["spec"]["renewTime"].clone();
    let list = "/apis/coordination.k8s.io/v1/leases?fieldSelector=metadata.name=node-13";
    rig.wait_for(list, |lease| lease["spec"]["renewTime"] != other)
        .await;
    assert_eq!(rig.get(&lease("node-12")).await, silent);
}
