//! Keystone and Nova over HTTP.

use crate::rig::Rig;
use reqwest::{Method, Response};
use serde_json::{Value, json};

/// A signed-in caller of Nova.
struct Nova<'a> {
    rig: &'a Rig,
    base: String,
    token: String,
}

impl<'a> Nova<'a> {
    async fn sign_in(rig: &'a Rig, user: &str) -> Nova<'a> {
        let answer = rig.sign_in(user, rig.world.openstack_password()).await;
        assert_eq!(answer.status(), 201);
        let token = answer.headers()["x-subject-token"]
            .to_str()
            .expect("text")
            .to_owned();
        let body: Value = answer.json().await.expect("JSON");
        let catalog = body["token"]["catalog"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let compute = catalog
            .iter()
            .find(|service| service["type"] == "compute")
            .expect("in the catalog");
        let base = compute["endpoints"][0]["url"]
            .as_str()
            .expect("an address")
            .to_owned();
        Nova { rig, base, token }
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self
            .rig
            .client
            .request(method, format!("{}{path}", self.base))
            .header("x-auth-token", &self.token);
        let request = request.header("openstack-api-version", "compute 2.90");
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        request.send().await.expect("answered")
    }

    async fn id_of(&self, ip: &str) -> String {
        let list: Value = self
            .call(Method::GET, &format!("/servers/detail?ip=^{ip}$"), None)
            .await
            .json()
            .await
            .expect("JSON");
        assert_eq!(list["servers"].as_array().map(Vec::len), Some(1), "{list}");
        list["servers"][0]["id"].as_str().expect("an id").to_owned()
    }

    async fn server(&self, id: &str) -> Value {
        let body: Value = self
            .call(Method::GET, &format!("/servers/{id}"), None)
            .await
            .json()
            .await
            .expect("JSON");
        body["server"].clone()
    }

    async fn act(&self, id: &str, order: Value) -> u16 {
        self.call(Method::POST, &format!("/servers/{id}/action"), Some(order))
            .await
            .status()
            .as_u16()
    }

    /// Asks again until the status is the wanted one and nothing is under way.
    async fn wait_for(&self, id: &str, status: &str) -> Value {
        loop {
            let server = self.server(id).await;
            if server["status"] == status && server["OS-EXT-STS:task_state"].is_null() {
                return server;
            }
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_wrong_password_or_token_is_unauthorized() {
    let rig = Rig::start(1.0).await;
    let refused = rig.sign_in("uncordon", "wrong").await;
    assert_eq!(refused.status(), 401);
    assert_eq!(
        refused.json::<Value>().await.expect("JSON")["error"]["title"],
        "Unauthorized"
    );
    let mut nova = Nova::sign_in(&rig, "uncordon").await;
    nova.token = "wrong".to_owned();
    assert_eq!(nova.call(Method::GET, "/servers", None).await.status(), 401);
}

#[tokio::test]
async fn the_address_filter_is_a_pattern_without_anchors() {
    let rig = Rig::start(1.0).await;
    let nova = Nova::sign_in(&rig, "uncordon").await;
    let list: Value = nova
        .call(Method::GET, "/servers?ip=10.0.0.1", None)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(list["servers"].as_array().map(Vec::len), Some(10));
    let id = nova.id_of("10\\.0\\.0\\.12").await;
    let node = rig.get("/api/v1/nodes/node-12").await;
    assert_eq!(node["spec"]["providerID"], format!("openstack:///{id}"));
    let server = nova.server(&id).await;
    assert_eq!(
        (&server["status"], &server["OS-EXT-SRV-ATTR:host"]),
        (&json!("ACTIVE"), &json!("host-2"))
    );
}

#[tokio::test]
async fn machines_stop_and_start_and_refuse_what_makes_no_sense() {
    let rig = Rig::start(60.0).await;
    let nova = Nova::sign_in(&rig, "uncordon").await;
    let id = nova.id_of("10\\.0\\.0\\.13").await;
    assert_eq!(nova.act(&id, json!({"os-start": null})).await, 409);
    assert_eq!(nova.act(&id, json!({"os-bogus": null})).await, 400);
    assert_eq!(
        nova.act(
            "00000000-0000-0000-0000-000000000000",
            json!({"os-start": null})
        )
        .await,
        404
    );
    assert_eq!(nova.act(&id, json!({"os-stop": null})).await, 202);
    nova.wait_for(&id, "SHUTOFF").await;
    let reader = Nova::sign_in(&rig, "uncordon-reader").await;
    assert_eq!(reader.act(&id, json!({"os-start": null})).await, 403);
    assert_eq!(nova.act(&id, json!({"os-start": null})).await, 202);
    nova.wait_for(&id, "ACTIVE").await;
    let acts: Value = nova
        .call(
            Method::GET,
            &format!("/servers/{id}/os-instance-actions"),
            None,
        )
        .await
        .json()
        .await
        .expect("JSON");
    let names: Vec<&Value> = acts["instanceActions"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|act| &act["action"])
        .collect();
    assert_eq!(names, ["start", "stop"]);
    let ledger = rig.ledger("cloud").await;
    let accepted: Vec<(&Value, &Value)> = ledger
        .iter()
        .map(|item| (&item["verb"], &item["node"]))
        .collect();
    assert_eq!(
        accepted,
        [
            (&json!("os-stop"), &json!("node-13")),
            (&json!("os-start"), &json!("node-13"))
        ]
    );
}

#[tokio::test]
async fn a_host_that_is_down_takes_its_workers_along_and_their_starts_fail() {
    let rig = Rig::start(60.0).await;
    let nova = Nova::sign_in(&rig, "uncordon").await;
    let down = rig
        .control(
            Method::POST,
            "clusters/prod/nodes/node-12/host-down",
            &json!({}),
        )
        .await;
    assert_eq!(
        down["nodes"],
        json!(["node-12", "node-15", "node-16", "node-18"])
    );
    let id = nova.id_of("10\\.0\\.0\\.15").await;
    assert_eq!(nova.act(&id, json!({"os-start": null})).await, 202);
    let server = nova.wait_for(&id, "ERROR").await;
    assert!(
        server["fault"]["message"]
            .as_str()
            .is_some_and(|text| text.starts_with("No valid host"))
    );
    rig.control(Method::POST, "clusters/prod/nodes/node-15/heal", &json!({}))
        .await;
    nova.wait_for(&id, "ACTIVE").await;
    let again = rig
        .control(
            Method::POST,
            "clusters/prod/nodes/node-12/host-down?mode=vms",
            &json!({}),
        )
        .await;
    assert_eq!(again["nodes"].as_array().map(Vec::len), Some(4));
    assert_eq!(nova.act(&id, json!({"os-start": null})).await, 202);
    nova.wait_for(&id, "ACTIVE").await;
}
