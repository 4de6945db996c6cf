//! A new config on SIGHUP, and secrets that are exchanged, while a recovery runs.

use crate::house::{House, quoted, until};
use reqwest::{Method, StatusCode};
use serde_json::Value;

async fn config(house: &House) -> Value {
    house.json("/api/v1/config").await
}

async fn clusters(house: &House) -> Vec<String> {
    let all = house.json("/api/v1/clusters").await;
    let names = all["items"].as_array().unwrap().iter();
    names
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect()
}

async fn start(house: &House, cluster: &str) -> StatusCode {
    let path = format!("/api/v1/clusters/{cluster}/nodes/node-12/start");
    let order = house
        .rest(Method::POST, &path)
        .header("content-type", "application/json");
    order.body("{}").send().await.unwrap().status()
}

async fn recovery(house: &House) -> Value {
    house.json("/api/v1/recoveries").await["items"][0].clone()
}

#[tokio::test]
async fn a_config_that_changes_under_a_recovery_drops_nothing_and_a_bad_one_changes_nothing() {
    let mut house = House::new(5, |_| String::new());
    house.serve(&[]).await;
    let good = house.text();
    assert_eq!(config(&house).await["loaded_by"], "the start");
    house.act("node-12", "power-off").await;
    until("a start is taken", || async {
        start(&house, "prod").await == StatusCode::ACCEPTED
    })
    .await;
    until("a recovery runs", || async {
        recovery(&house).await["state"] == "running"
    })
    .await;

    house.write(&good.replace("soak_s = 10", "soak_s = \"hunter2\""));
    house.hang_up();
    until("the bad one is told of", || async {
        !config(&house).await["error"].is_null()
    })
    .await;
    let seen = config(&house).await;
    let line = 1 + good.lines().position(|line| line == "soak_s = 10").unwrap();
    let message = seen["error"]["message"].as_str().unwrap();
    assert!(
        message.contains(&format!("line {line}")) && message.contains("soak_s"),
        "{message}"
    );
    assert!(!message.contains("hunter2"), "{message}");
    assert_eq!(seen["error"]["by"], "SIGHUP");
    assert_eq!(seen["loaded_by"], "the start", "the old one is in force");

    let second = good.replacen("name = \"prod\"", "name = \"second\"", 1);
    house.write(&second.replacen("listen = \"127.0.0.1:", "listen = \"127.0.0.9:", 1));
    house.hang_up();
    until("the new one is in force", || async {
        config(&house).await["loaded_by"] == "SIGHUP"
    })
    .await;
    let seen = config(&house).await;
    assert!(seen["error"].is_null(), "{seen}");
    assert_eq!(seen["restart"], serde_json::json!(["server.listen"]));
    assert_eq!(clusters(&house).await, ["second"]);
    assert_eq!(
        seen["leaving"],
        serde_json::json!(["prod"]),
        "its recovery is at work"
    );

    until("the recovery has ended", || async {
        !recovery(&house).await["ended_at"].is_null()
    })
    .await;
    let ended = recovery(&house).await;
    assert_eq!(
        (&ended["state"], &ended["cluster"]),
        (&"recovered".into(), &"prod".into()),
        "{ended}"
    );
    until("the cluster is let go", || async {
        config(&house).await["leaving"] == serde_json::json!([])
    })
    .await;
    until("the new cluster is seen", || async {
        house.json("/api/v1/clusters").await["items"][0]["nodes"]["total"] == 12
    })
    .await;
}

#[tokio::test]
async fn what_a_source_must_show_is_exchanged_without_a_restart_and_without_a_signal() {
    let mut house = House::new(1, |house| {
        let token = house.file("token", "token-one\n");
        let password = house.file("password", "password-one\n");
        let signature = house.file("signature", "signature-one\n");
        let kind = |name: &str, keys: String| {
            format!("\n[[alarm_source]]\nname = \"{name}\"\nkind = \"text\"\n{keys}\n")
        };
        kind("bearer", format!("token_file = {}", quoted(&token)))
            + &kind(
                "basic",
                format!(
                    "basic_user = \"am\"\nbasic_password_file = {}",
                    quoted(&password)
                ),
            )
            + &kind("signed", format!("signature_file = {}", quoted(&signature)))
    });
    house.serve(&[]).await;
    let bearer = |secret: &str| {
        house
            .ask(Method::POST, "/hooks/bearer")
            .bearer_auth(secret.to_owned())
    };
    let basic = |secret: &str| {
        house
            .ask(Method::POST, "/hooks/basic")
            .basic_auth("am", Some(secret.to_owned()))
    };
    let signed = |secret: &str| {
        use hmac::{Hmac, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(b"a disk is full");
        let hex: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        house
            .ask(Method::POST, "/hooks/signed")
            .header("x-grafana-alerting-signature", hex)
    };
    let status = |request: reqwest::RequestBuilder| async {
        let request = request
            .header("content-type", "text/plain")
            .body("a disk is full");
        request.send().await.unwrap().status()
    };
    let (taken, refused) = (StatusCode::ACCEPTED, StatusCode::UNAUTHORIZED);
    for (file, name) in [
        ("token", "token"),
        ("password", "password"),
        ("signature", "signature"),
    ] {
        let (one, two) = (format!("{name}-one"), format!("{name}-two"));
        let ask = |secret: &str| match name {
            "token" => bearer(secret),
            "password" => basic(secret),
            _ => signed(secret),
        };
        assert_eq!(status(ask(&one)).await, taken, "{name}");
        house.file(file, &two);
        assert_eq!(status(ask(&one)).await, refused, "{name}: the old one");
        assert_eq!(status(ask(&two)).await, taken, "{name}: the new one");
        std::fs::remove_file(house.folder.path().join(file)).unwrap();
        assert_eq!(
            status(ask(&two)).await,
            StatusCode::SERVICE_UNAVAILABLE,
            "{name}: gone for a moment"
        );
    }
    house.file("token", "token-three\ntoken-four\n");
    for token in ["token-three", "token-four"] {
        assert_eq!(
            status(bearer(token)).await,
            taken,
            "both while the senders change over"
        );
    }
}
