//! Sentinels in the place of every secret: none may show through any door.

use crate::house::{House, quoted, until};
use reqwest::Method;
use serde_json::Value;

const ENV: [(&str, &str); 2] = [
    ("UNCORDON_TEST_KEY_ID", "SENTINEL-key-id"),
    ("UNCORDON_TEST_KEY", "SENTINEL-key"),
];

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Every kind of source, cloud, cluster and channel, each with its secrets.
fn everything(house: &House) -> String {
    let secret = |name: &str| quoted(&house.file(name, &format!("SENTINEL-{name}\n")));
    let data = house.folder.path().join("data");
    let kubeconfig = std::fs::read_to_string(data.join("kubeconfig.yaml")).unwrap();
    let token = kubeconfig
        .split("token: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    let kubeconfig = quoted(&house.file("kube.yaml", &kubeconfig.replace(token, "SENTINEL-kube")));
    let keystone = house.facts["cloud"].as_str().unwrap();
    let mut text = format!(
        r#"
[[alarm_source]]
name = "am"
kind = "alertmanager"
token_file = {hook}
basic_user = "am"
basic_password_file = {basic}
api_url = "http://am:SENTINEL-url-password@127.0.0.1:9"
api_token_file = {api}
callback_url = "{NOWHERE}/SENTINEL-callback"
pagerduty_key_file = {pager}
pagerduty_url = "{NOWHERE}/enqueue"

[[alarm_source]]
name = "signed"
kind = "grafana"
signature_file = {sign}

[[notify.webhook]]
name = "chat"
url = "{NOWHERE}/services/SENTINEL-webhook-path"
token_file = {webhook}

[[cloud]]
name = "os"
kind = "openstack"
auth_url = "{keystone}"
username = "uncordon"
password_file = {os}
project = "prod"

[[cloud]]
name = "aws"
kind = "ec2"
region = "eu-central-1"
endpoint = "{NOWHERE}"
credentials = "keys"
access_key_id_env = "UNCORDON_TEST_KEY_ID"
secret_access_key_env = "UNCORDON_TEST_KEY"

[[cloud]]
name = "rack"
kind = "redfish"
machines = {{ node-13 = "{NOWHERE}/redfish/v1/Systems/1" }}
username = "ops"
password_file = {rack}

[[cloud]]
name = "web"
kind = "http"
template = "hetzner"
base = "{NOWHERE}/v1"
token_file = {web}
"#,
        hook = secret("hook"),
        basic = secret("basic"),
        api = secret("api"),
        pager = secret("pager"),
        sign = secret("sign"),
        webhook = secret("webhook"),
        os = secret("os"),
        rack = secret("rack"),
        web = secret("web"),
    );
    for cloud in ["os", "aws", "rack", "web"] {
        text += &format!(
            "\n[[cluster]]\nname = \"c-{cloud}\"\nkubeconfig = {kubeconfig}\ncloud = \"{cloud}\"\n"
        );
        // Seen nodes, so that its cloud is asked for their machines.
        let seen = quoted(&data.join("kubeconfig.yaml"));
        text += &format!(
            "\n[[cluster]]\nname = \"s-{cloud}\"\nkubeconfig = {seen}\ncloud = \"{cloud}\"\n"
        );
    }
    text
}

#[tokio::test]
async fn no_secret_shows_on_a_page_in_rest_in_the_log_in_the_database_or_from_the_doctor() {
    let mut house = House::new(20, everything);
    house.serve(&ENV).await;
    let mut said: Vec<(String, String)> = Vec::new();
    until("the nodes are seen", || async {
        house.json("/api/v1/clusters/s-web/nodes").await["items"]
            .as_array()
            .is_some_and(|all| all.len() == 12)
    })
    .await;

    // Alarms come in, by those who may and those who may not; one leads to a recovery in a cloud that cannot be reached.
    for secret in ["SENTINEL-hook", "SENTINEL-wrong"] {
        let body = serde_json::json!({"version": "4", "groupKey": "g", "receiver": "r", "status": "firing", "alerts": [
            {"status": "firing", "labels": {"alertname": "a"}, "annotations": {"summary": "HOST 10.0.0.13 down, IP: 10.0.0.13 Cluster s-web"},
             "startsAt": "2026-01-02T03:04:05Z", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "f", "generatorURL": ""}]});
        let sent = house
            .ask(Method::POST, "/hooks/am")
            .bearer_auth(secret)
            .header("content-type", "application/json");
        let answer = sent.body(body.to_string()).send().await.unwrap();
        said.push((format!("hook {secret:.3}"), answer.text().await.unwrap()));
    }
    let wrong = house
        .ask(Method::POST, "/hooks/signed")
        .header("x-grafana-alerting-signature", "SENTINEL-sign");
    said.push((
        "signed".into(),
        wrong.body("{}").send().await.unwrap().text().await.unwrap(),
    ));

    let cookie = house.sign_in().await;
    for path in [
        "/",
        "/clusters",
        "/clusters/prod",
        "/clusters/c-os",
        "/clusters/s-aws",
        "/clusters/s-web/nodes/node-13",
        "/command",
        "/timeline",
        "/rules",
        "/rules/1",
        "/storms",
        "/cordons",
        "/settings",
        "/settings/config",
        "/settings/devices",
    ] {
        let page = house
            .ask(Method::GET, path)
            .header("cookie", &cookie)
            .send()
            .await
            .unwrap();
        assert!(page.status().is_success(), "{path}: {}", page.status());
        said.push((path.into(), page.text().await.unwrap()));
    }
    let openapi: Value = {
        let answer = house
            .ask(Method::GET, "/api/openapi.json")
            .send()
            .await
            .unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    };
    said.push(("openapi".into(), openapi.to_string()));
    for (path, of) in openapi["paths"].as_object().unwrap() {
        let stream = path.ends_with("/events");
        if of.get("get").is_some() && !stream {
            let path = path
                .replace("{c}", "s-rack")
                .replace("{n}", "node-13")
                .replace("{id}", "1");
            let answer = house.rest(Method::GET, &path).send().await.unwrap();
            said.push((path, answer.text().await.unwrap()));
        }
    }
    let test = house
        .rest(Method::POST, "/api/v1/webhooks/chat/test")
        .send()
        .await
        .unwrap();
    said.push(("webhook test".into(), test.text().await.unwrap()));

    for cluster in ["s-os", "s-aws", "s-rack", "s-web", "c-os"] {
        let path = format!("/api/v1/clusters/{cluster}/nodes/node-13/start");
        let order = house
            .rest(Method::POST, &path)
            .header("content-type", "application/json");
        let answer = order.body("{}").send().await.unwrap();
        said.push((path, answer.text().await.unwrap()));
    }

    // A password where none may be, in a config that is not taken.
    let good = house.text();
    let with =
        |line: &str| good.replace("username = \"ops\"", &format!("username = \"ops\"\n{line}"));
    // No TOML at all: such an error is shown with its line, unless somebody sees to it.
    house.write(&with("password = SENTINEL-bare"));
    said.push(("check of no config".into(), house.run(&["check"], &ENV)));
    house.write(&with("password = \"SENTINEL-inline\""));
    said.push(("check of a bad config".into(), house.run(&["check"], &ENV)));
    house.hang_up();
    until("it is told of", || async {
        !house.json("/api/v1/config").await["error"].is_null()
    })
    .await;
    said.push((
        "config".into(),
        house.json("/api/v1/config").await.to_string(),
    ));
    house.write(&good);
    said.push(("check".into(), house.run(&["check"], &ENV)));

    let delivered = || async {
        std::fs::read_to_string(house.log())
            .unwrap()
            .contains("webhook")
    };
    until("the webhook was tried", delivered).await;
    house.stop();
    let log = std::fs::read(house.log()).unwrap();
    said.push(("log".into(), String::from_utf8_lossy(&log).into_owned()));
    for name in ["uncordon.db", "uncordon.db-wal"] {
        let bytes = std::fs::read(house.folder.path().join("data").join(name)).unwrap_or_default();
        said.push((name.into(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    let of = |name: &str| &said.iter().find(|(one, _)| one == name).unwrap().1;
    assert!(
        of("/settings/config").contains("variable UNCORDON_TEST_KEY_ID"),
        "the page names the source"
    );
    for name in ["check of a bad config", "check of no config"] {
        assert!(of(name).contains("password"), "{}", of(name));
    }
    assert!(
        of("uncordon.db").contains("10.0.0.13") || of("uncordon.db-wal").contains("10.0.0.13"),
        "the alarm is stored"
    );
    for (name, text) in &said {
        let Some(at) = text.find("SENTINEL") else {
            continue;
        };
        let near = text[..at]
            .char_indices()
            .rev()
            .nth(200)
            .map_or(0, |(index, _)| index);
        panic!(
            "{name} shows a secret: {}",
            text[near..].chars().take(400).collect::<String>()
        );
    }
}
