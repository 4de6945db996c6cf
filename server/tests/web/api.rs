//! REST: objects as callers get them, and the acts they may ask for.

use super::house::{House, ask, get, post};
use super::things::HOSTILE;
use axum::http::StatusCode;
use domain::access::Role;
use serde_json::{Value, json};

#[tokio::test]
async fn a_recovery_is_shown_with_its_events_and_its_receipt() {
    let house = House::new().await;
    let token = house.token(Role::Viewer).await;
    let one = house
        .send(get("/api/v1/recoveries/1").bearer(&token).build())
        .await
        .json();
    assert_eq!(
        one["trigger"],
        json!({"kind": "alarm", "actor": "rule #1", "alarm_id": 7, "rule_id": 1})
    );
    assert_eq!(one["started_at"], "2026-01-31T09:12:00.123Z");
    assert_eq!(
        (&one["state"], &one["outcome"], &one["node"]),
        (&json!("recovered"), &json!("recovered"), &json!("node-12"))
    );
    let event = json!({"n": 1, "at": "2026-01-31T09:12:00.123Z", "kind": "step_started", "step": "cordon",
        "actor": "uncordon", "detail": "attempt 1"});
    assert_eq!(one["events"][0], event);
    assert_eq!(one["events"][2]["kind"], "finished");
    assert_eq!(
        (
            &one["receipt"]["boot_id_changed"],
            &one["receipt"]["baseline"]
        ),
        (&json!(true), &json!("no baseline"))
    );
    let list = house
        .send(get("/api/v1/recoveries").bearer(&token).build())
        .await
        .json();
    // What people felt and what was said in chats is told of a single recovery only.
    let mut listed = one.clone();
    let only = |listed: &mut Value, key| listed.as_object_mut().and_then(|one| one.remove(key));
    assert_eq!(only(&mut listed, "impact"), Some(json!([])));
    let words = only(&mut listed, "words").unwrap_or_default();
    assert_eq!(words[0]["message"], HOSTILE);
    assert_eq!(list["items"][0], listed);
    assert_eq!(
        house
            .send(get("/api/v1/recoveries/99").bearer(&token).build())
            .await
            .status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_rule_may_be_sent_back_as_it_came_and_an_old_version_is_409() {
    let house = House::new().await;
    let token = house.token(Role::Admin).await;
    let rule = house
        .send(get("/api/v1/rules/1").bearer(&token).build())
        .await;
    let put = async |body: &str| {
        house
            .send(
                ask("PUT", "/api/v1/rules/1")
                    .bearer(&token)
                    .json(body)
                    .build(),
            )
            .await
    };
    let changed = put(&rule.body).await;
    assert_eq!(
        (changed.status, &changed.json()["version"]),
        (StatusCode::OK, &json!(2))
    );
    let old = put(&rule.body).await;
    assert_eq!(
        (old.status, &old.json()["type"]),
        (StatusCode::CONFLICT, &json!("/problems/conflict"))
    );
    let unversioned = put("{\"name\": \"a\", \"pattern\": \"a\"}").await;
    assert_eq!(unversioned.json()["errors"][0]["field"], "version");
    let new = house
        .send(
            post("/api/v1/rules")
                .bearer(&token)
                .json("{\"name\": \"b\", \"pattern\": \"b\"}")
                .build(),
        )
        .await;
    assert_eq!(
        (new.status, new.header("location")),
        (StatusCode::CREATED, Some("/api/v1/rules/2"))
    );
    assert_eq!(
        (
            &new.json()["mode"],
            &new.json()["enabled"],
            &new.json()["position"]
        ),
        (&json!("observe"), &json!(true), &json!(2))
    );
    let gone = house
        .send(ask("DELETE", "/api/v1/rules/1").bearer(&token).build())
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn acts_are_taken_with_and_without_a_body() {
    let house = House::new().await;
    let token = house.token(Role::Responder).await;
    for (path, body, status, id) in [
        ("clusters/prod/nodes/node-12/start", "", 202, 1),
        (
            "clusters/prod/nodes/node-12/start",
            "{\"confirm\": \"node-12\", \"reason\": \"x\"}",
            202,
            1,
        ),
        ("recoveries/1/approve", "", 202, 1),
        ("recoveries/1/stop", "{\"reason\": \"x\"}", 202, 1),
        ("recoveries/1/retry", "{}", 202, 2),
    ] {
        let answer = house
            .send(
                post(&format!("/api/v1/{path}"))
                    .bearer(&token)
                    .json(body)
                    .build(),
            )
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (status, json!({"recovery_id": id})),
            "{path}"
        );
    }
    let note = "{\"text\": \"a\", \"happened_at\": \"2026-01-31T10:00:00+01:00\"}";
    let noted = house
        .send(
            post("/api/v1/recoveries/1/note")
                .bearer(&token)
                .json(note)
                .build(),
        )
        .await;
    assert_eq!(noted.status, StatusCode::CREATED);
    assert!(
        house
            .desk
            .orders()
            .last()
            .is_some_and(|order| order.contains("2026-01-31T09:00:00Z"))
    );
    let reply = house
        .send(
            post("/api/v1/commands")
                .bearer(&token)
                .json("{\"text\": \"who\"}")
                .build(),
        )
        .await;
    assert_eq!(reply.json(), json!({"reply": "done"}));
    let switch = house
        .send(
            ask("PUT", "/api/v1/switch")
                .bearer(&token)
                .json("{\"mode\": \"pause\"}")
                .build(),
        )
        .await;
    assert_eq!(
        (switch.status, &switch.json()["mode"]),
        (StatusCode::OK, &json!("run"))
    );
}

#[tokio::test]
async fn the_description_names_every_call() {
    let house = House::new().await;
    let description = house.send(get("/api/openapi.json").build()).await.json();
    let doors = server::web::doors();
    let calls = doors
        .list()
        .iter()
        .filter(|(_, path)| path.starts_with("/api/v1/"));
    let missing: Vec<_> = calls
        .filter(|(method, path)| {
            description["paths"][path][method.as_str().to_lowercase()].is_null()
        })
        .collect();
    assert!(missing.is_empty(), "not described: {missing:?}");
}

#[tokio::test]
async fn machines_are_told_whether_we_live_and_how_much_there_is() {
    let house = House::new().await;
    assert_eq!(
        house.send(get("/healthz").build()).await.status,
        StatusCode::OK
    );
    assert_eq!(
        house.send(get("/readyz").build()).await.status,
        StatusCode::OK
    );
    let token = house.token(Role::Viewer).await;
    let metrics = house.send(get("/metrics").bearer(&token).build()).await;
    assert!(
        metrics.body.contains("uncordon_recoveries_running 1\n"),
        "{}",
        metrics.body
    );
    let cookie = house.sign_in("rosa", Role::Admin).await;
    assert_eq!(
        house
            .send(get("/metrics").cookie(&cookie).build())
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
}
