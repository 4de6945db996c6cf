//! Faults between a caller and the world.

use crate::rig::Rig;
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/nodes/node-14";

async fn cordon(rig: &Rig) -> Result<u16, reqwest::Error> {
    let request = rig
        .kube(Method::PATCH, PATH)
        .header("content-type", "application/merge-patch+json");
    request
        .body(r#"{"spec":{"unschedulable":true}}"#)
        .send()
        .await
        .map(|answer| answer.status().as_u16())
}

async fn is_cordoned(rig: &Rig) -> bool {
    rig.get(PATH).await["spec"]["unschedulable"] == true
}

#[tokio::test]
async fn errors_come_in_the_shape_of_the_face_and_are_used_up() {
    let rig = Rig::start(1.0).await;
    rig.faults(
        json!([{"match": "PATCH /api/v1/nodes/*", "times": 1, "do": "429", "retry_after": 7}]),
    )
    .await;
    let request = rig.kube(Method::PATCH, PATH).body("{}");
    let answer = request.send().await.expect("answered");
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["retry-after"].as_bytes()
        ),
        (429, b"7".as_slice())
    );
    assert_eq!(
        answer.json::<Value>().await.expect("JSON")["kind"],
        "Status"
    );
    assert_eq!(cordon(&rig).await.expect("answered"), 200);
}

#[tokio::test]
async fn a_refused_call_does_nothing_and_a_dropped_answer_hides_what_was_done() {
    let rig = Rig::start(1.0).await;
    rig.faults(json!([{"match": "PATCH *", "times": 1, "do": "refuse"}]))
        .await;
    assert!(cordon(&rig).await.is_err());
    assert!(!is_cordoned(&rig).await);
    rig.faults(json!([{"match": "PATCH *", "times": 1, "do": "drop_after_accept"}]))
        .await;
    assert!(cordon(&rig).await.is_err());
    assert!(is_cordoned(&rig).await);
    assert_eq!(rig.ledger("kubernetes").await.len(), 1);
}

#[tokio::test]
async fn a_start_without_room_is_accepted_and_fails() {
    let rig = Rig::start(60.0).await;
    rig.faults(json!([{"match": "POST /v2.1/servers/*/action", "times": 1, "do": "capacity"}]))
        .await;
    rig.control(
        Method::POST,
        "clusters/prod/nodes/node-14/power-off",
        &json!({}),
    )
    .await;
    let token = rig
        .sign_in("uncordon", rig.world.openstack_password())
        .await
        .headers()["x-subject-token"]
        .clone();
    let node = rig.get(PATH).await;
    let id = node["spec"]["providerID"]
        .as_str()
        .and_then(|id| id.rsplit('/').next())
        .expect("an id")
        .to_owned();
    let server = format!(
        "{}/servers/{id}",
        rig.world.keystone_url().replace("/identity/v3", "/v2.1")
    );
    let start = rig
        .client
        .post(format!("{server}/action"))
        .header("x-auth-token", &token)
        .json(&json!({"os-start": null}));
    assert_eq!(start.send().await.expect("answered").status(), 202);
    loop {
        let answer = rig
            .client
            .get(&server)
            .header("x-auth-token", &token)
            .send()
            .await
            .expect("answered");
        let body: Value = answer.json().await.expect("JSON");
        if body["server"]["status"] == "ERROR" {
            assert_eq!(
                body["server"]["fault"]["message"],
                "No valid host was found. There are not enough hosts available."
            );
            break;
        }
    }
}

#[tokio::test]
async fn faults_that_cannot_be_read_are_explained() {
    let rig = Rig::start(1.0).await;
    let url = format!("{}/sandbox/faults", rig.world.control_url());
    let answer = rig
        .client
        .put(url)
        .json(&json!({"faults": [{"match": "* *", "do": "explode"}]}))
        .send()
        .await
        .expect("answered");
    assert_eq!(answer.status(), 400);
    assert!(
        answer.json::<Value>().await.expect("JSON")["detail"]
            .as_str()
            .is_some_and(|text| text.contains("explode"))
    );
}

#[tokio::test]
async fn a_stopped_world_answers_no_more() {
    let rig = Rig::start(1.0).await;
    let request = rig.kube(Method::GET, "/readyz");
    rig.world.clone().stop().await;
    assert!(request.send().await.is_err());
}
