//! Reading and writing objects over the Kubernetes API.

use crate::rig::Rig;
use reqwest::Method;
use serde_json::{Value, json};

const MERGE: &str = "merge-patch+json";

#[tokio::test]
async fn the_cluster_is_the_one_of_the_contract() {
    let rig = Rig::start(1.0).await;
    let nodes = rig.get("/api/v1/nodes").await;
    assert_eq!(nodes["items"].as_array().map(Vec::len), Some(12));
    let node = rig.get("/api/v1/nodes/node-12").await;
    assert_eq!(
        node["status"]["addresses"][0],
        json!({"type": "InternalIP", "address": "10.0.0.12"})
    );
    assert!(
        node["spec"]["providerID"]
            .as_str()
            .is_some_and(|id| id.starts_with("openstack:///"))
    );
    let shared = rig
        .get("/api/v1/nodes?labelSelector=topology.uncordon.dev/host=host-2")
        .await;
    assert_eq!(shared["items"].as_array().map(Vec::len), Some(4));
    assert_eq!(
        rig.get("/apis/apps/v1/daemonsets").await["items"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    assert_eq!(
        rig.get("/apis/storage.k8s.io/v1/csinodes/node-12").await["kind"],
        "CSINode"
    );
    assert!(rig.world.kubeconfig().contains(&rig.world.kubernetes_url()));
}

#[tokio::test]
async fn tokens_decide_who_may_do_what() {
    let rig = Rig::start(1.0).await;
    let url = |path: &str| format!("{}{path}", rig.world.kubernetes_url());
    let status = |token: String, path: &str| {
        let request = rig.client.get(url(path)).bearer_auth(token);
        async move { request.send().await.expect("answered").status().as_u16() }
    };
    assert_eq!(status("wrong".to_owned(), "/api/v1/nodes").await, 401);
    assert_eq!(
        status(rig.world.limited_token(), "/api/v1/nodes").await,
        200
    );
    assert_eq!(status(rig.world.limited_token(), "/api/v1/pods").await, 403);
    assert_eq!(
        status(rig.world.limited_token(), "/api/v1/nodes?watch=1").await,
        403
    );
    assert_eq!(status("wrong".to_owned(), "/readyz").await, 200);
    let review = json!({"spec": {"resourceAttributes": {"verb": "patch", "resource": "nodes"}}});
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let answer = rig
        .client
        .post(url(path))
        .bearer_auth(rig.world.limited_token())
        .json(&review)
        .send()
        .await
        .expect("answered");
    assert_eq!(
        answer.json::<Value>().await.expect("JSON")["status"]["allowed"],
        false
    );
}

#[tokio::test]
async fn pages_join_to_the_whole_list_and_an_old_page_expires() {
    let rig = Rig::start(1.0).await;
    let whole = rig.get("/api/v1/pods").await;
    let mut names = Vec::new();
    let mut token = String::new();
    loop {
        let page = rig
            .get(&format!("/api/v1/pods?limit=10&continue={token}"))
            .await;
        names.extend(
            page["items"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|pod| pod["metadata"]["name"].clone()),
        );
        match page["metadata"]["continue"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    let all: Vec<Value> = whole["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|pod| pod["metadata"]["name"].clone())
        .collect();
    assert_eq!(names, all);
    rig.patch(
        "/api/v1/nodes/node-1",
        MERGE,
        &json!({"metadata": {"labels": {"a": "b"}}}),
    )
    .await;
    let url = format!("{}/sandbox/compact", rig.world.control_url());
    assert_eq!(
        rig.client
            .post(url)
            .send()
            .await
            .expect("answered")
            .status(),
        204
    );
    assert_eq!(
        rig.get(&format!("/api/v1/pods?limit=10&continue={token}"))
            .await["code"],
        410
    );
}

#[tokio::test]
async fn selectors_choose_by_label_and_field() {
    let rig = Rig::start(1.0).await;
    let count = async |query: &str| {
        rig.get(&format!("/api/v1/pods?{query}")).await["items"]
            .as_array()
            .map_or(0, Vec::len)
    };
    assert_eq!(count("labelSelector=app%20in%20(web,mysql)").await, 7);
    assert_eq!(
        count("labelSelector=app,app!=web,app%20notin%20(cni,csi,kube-proxy)").await,
        2
    );
    assert_eq!(count("fieldSelector=spec.nodeName=node-1").await, 3);
    assert_eq!(
        count("fieldSelector=metadata.name=mysql-0,status.phase=Running").await,
        1
    );
    assert_eq!(
        rig.get("/api/v1/pods?fieldSelector=spec.colour=red").await["code"],
        400
    );
}

#[tokio::test]
async fn a_lease_is_taken_by_comparing_and_swapping() {
    let rig = Rig::start(1.0).await;
    let list = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    let lease = json!({"metadata": {"name": "lock"}, "spec": {"holderIdentity": "a", "leaseDurationSeconds": 15}});
    let made = rig
        .kube(Method::POST, list)
        .json(&lease)
        .send()
        .await
        .expect("answered");
    assert_eq!(made.status(), 201);
    let mut held: Value = made.json().await.expect("JSON");
    assert_eq!(
        rig.kube(Method::POST, list)
            .json(&lease)
            .send()
            .await
            .expect("answered")
            .status(),
        409
    );
    held["spec"]["holderIdentity"] = json!("b");
    let swap = |body: Value| {
        rig.kube(Method::PUT, &format!("{list}/lock"))
            .json(&body)
            .send()
    };
    assert_eq!(swap(held.clone()).await.expect("answered").status(), 200);
    held["spec"]["holderIdentity"] = json!("c");
    assert_eq!(swap(held).await.expect("answered").status(), 409);
    assert_eq!(
        rig.get(&format!("{list}/lock")).await["spec"]["holderIdentity"],
        "b"
    );
}

#[tokio::test]
async fn an_eviction_is_refused_when_the_budget_is_used_up() {
    let rig = Rig::start(1.0).await;
    let pods = rig
        .get("/api/v1/namespaces/default/pods?labelSelector=app=web")
        .await;
    let mut statuses = Vec::new();
    for pod in pods["items"].as_array().into_iter().flatten().take(3) {
        let name = pod["metadata"]["name"].as_str().expect("a name");
        let path = format!("/api/v1/namespaces/default/pods/{name}/eviction");
        let body = json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": "default"}});
        let answer = rig
            .kube(Method::POST, &path)
            .json(&body)
            .send()
            .await
            .expect("answered");
        statuses.push((
            answer.status().as_u16(),
            answer.headers().get("retry-after").cloned(),
        ));
    }
    let codes: Vec<u16> = statuses.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, [201, 201, 429]);
    assert_eq!(
        statuses[2].1.as_ref().map(|value| value.as_bytes()),
        Some(b"10".as_slice())
    );
}

#[tokio::test]
async fn objects_are_created_scheduled_and_deleted() {
    let rig = Rig::start(20.0).await;
    let list = "/api/v1/namespaces/default/pods";
    let pod = json!({"metadata": {"generateName": "job-"}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}});
    let made: Value = rig
        .kube(Method::POST, list)
        .json(&pod)
        .send()
        .await
        .expect("answered")
        .json()
        .await
        .expect("JSON");
    let name = made["metadata"]["name"]
        .as_str()
        .expect("a name")
        .to_owned();
    let select = format!("{list}?fieldSelector=metadata.name={name}");
    rig.wait_for(&select, |pod| crate::rig::ready(pod) == "True")
        .await;
    let gone = rig
        .kube(Method::DELETE, &format!("{list}/{name}"))
        .send()
        .await
        .expect("answered");
    assert!(gone.json::<Value>().await.expect("JSON")["metadata"]["deletionTimestamp"].is_string());
    let bare = json!({"metadata": {"name": "bare"}, "spec": {}});
    assert_eq!(
        rig.kube(Method::POST, list)
            .json(&bare)
            .send()
            .await
            .expect("answered")
            .status(),
        422
    );
    let lost = rig
        .kube(Method::POST, "/api/v1/namespaces/nowhere/pods")
        .json(&pod)
        .send()
        .await
        .expect("answered");
    assert_eq!(lost.status(), 404);
}
