//! REST: what is refused, with which status, and which sentence names the fault.

use super::house::{House, get, post};
use app::error::AppError;
use axum::http::StatusCode;
use domain::access::Role;
use domain::guard::Warning;
use domain::id::RecoveryId;
use serde_json::json;

#[tokio::test]
async fn every_refusal_has_its_status_and_its_kind() {
    let house = House::new().await;
    let token = house.token(Role::Responder).await;
    let text = || "x".to_owned();
    for (error, status, kind) in [
        (AppError::NotAllowed { needs: text() }, 403, "not-allowed"),
        (AppError::NotFound { what: text() }, 404, "not-found"),
        (
            AppError::Invalid {
                field: text(),
                message: text(),
                position: Some(3),
            },
            422,
            "invalid",
        ),
        (
            AppError::AlreadyRecovering {
                recovery: RecoveryId(3),
                by: None,
            },
            409,
            "already-recovering",
        ),
        (
            AppError::AlreadyHealthy { text: text() },
            409,
            "already-healthy",
        ),
        (AppError::Conflict { text: text() }, 409, "conflict"),
        (AppError::Stale { text: text() }, 412, "stale"),
        (AppError::Expired { text: text() }, 412, "expired"),
        (AppError::Held { text: text() }, 423, "held"),
        (
            AppError::ConfirmNeeded {
                node: "node-1".to_owned(),
                warnings: vec![Warning::ControlPlane],
            },
            423,
            "confirm-needed",
        ),
        (AppError::InProgress, 409, "in-progress"),
        (AppError::OtherBody, 422, "other-body"),
        (AppError::Unavailable { text: text() }, 503, "unavailable"),
        (AppError::Ours { id: text() }, 500, "internal"),
        (AppError::SignedOut, 401, "signed-out"),
    ] {
        house.desk.refuse(Some(error.clone()));
        let answer = house
            .send(
                post("/api/v1/clusters/prod/nodes/node-1/start")
                    .bearer(&token)
                    .build(),
            )
            .await;
        assert_eq!(answer.status.as_u16(), status, "{error:?}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
        let problem = answer.json();
        assert_eq!(
            (&problem["type"], &problem["status"]),
            (&json!(format!("/problems/{kind}")), &json!(status))
        );
        match error {
            AppError::AlreadyRecovering { .. } => assert_eq!(problem["recovery_id"], 3),
            AppError::Invalid { .. } => {
                assert_eq!(
                    problem["errors"],
                    json!([{"field": "x", "message": "x", "position": 3}])
                );
            }
            AppError::ConfirmNeeded { .. } => {
                assert_eq!(problem["confirm"], "node-1");
                let detail = problem["detail"].as_str().unwrap_or_default();
                assert!(
                    detail.contains("control plane") && detail.contains("node-1"),
                    "{detail}"
                );
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn broken_json_is_400_with_its_place_and_wrong_content_is_422_with_its_field() {
    let house = House::new().await;
    let token = house.token(Role::Admin).await;
    let send = async |path: &str, body: &str| {
        house
            .send(post(path).bearer(&token).json(body).build())
            .await
    };
    let broken = send("/api/v1/commands", "{\"text\":\n nope}").await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert!(
        broken.json()["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("line 2 column")),
        "{}",
        broken.body
    );
    for (path, body, field) in [
        ("/api/v1/commands", "{}", "text"),
        ("/api/v1/commands", "{\"text\": 5}", "text"),
        (
            "/api/v1/commands",
            "{\"text\": \"who\", \"txet\": 1}",
            "txet",
        ),
        ("/api/v1/commands", "[]", "body"),
        (
            "/api/v1/rules",
            "{\"name\": \"a\", \"pattern\": \"a\", \"mode\": \"armed\"}",
            "mode",
        ),
        (
            "/api/v1/rules",
            "{\"name\": \" a\", \"pattern\": \"a\"}",
            "name",
        ),
        (
            "/api/v1/rules",
            "{\"name\": \"a\", \"pattern\": \"a\", \"position\": -1}",
            "position",
        ),
        (
            "/api/v1/rules",
            "{\"name\": \"a\", \"pattern\": \"a\", \"labels\": {\"a\": 1}}",
            "labels.a",
        ),
        ("/api/v1/rules/try", "{\"pattern\": \"((\"}", "pattern"),
        (
            "/api/v1/rules/try",
            "{\"pattern\": \"a\", \"since\": \"yesterday\"}",
            "since",
        ),
        (
            "/api/v1/recoveries/1/note",
            "{\"text\": \"a\", \"happened_at\": \"now\"}",
            "happened_at",
        ),
        ("/api/v1/recoveries/1/approve", "{\"yes\": true}", "yes"),
        ("/api/v1/recoveries/0/stop", "{}", "id"),
        ("/api/v1/recoveries/abc/stop", "{}", "id"),
    ] {
        let answer = send(path, body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path} {body}: {}",
            answer.body
        );
        assert_eq!(
            answer.json()["errors"][0]["field"],
            field,
            "{path} {body}: {}",
            answer.body
        );
    }
    assert_eq!(house.desk.orders(), Vec::<String>::new());
    let big = format!("{{\"text\": \"{}\"}}", "x".repeat(300_000));
    assert_eq!(
        send("/api/v1/commands", &big).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn parts_of_lists_have_limits_and_unknown_questions_are_refused() {
    let house = House::new().await;
    let token = house.token(Role::Viewer).await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=x", "limit"),
        ("after=0", "after"),
        ("before=3", "before"),
        ("outcome=fine", "outcome"),
    ] {
        let answer = house
            .send(
                get(&format!("/api/v1/recoveries?{query}"))
                    .bearer(&token)
                    .build(),
            )
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{query}: {}",
            answer.body
        );
        assert_eq!(
            answer.json()["errors"][0]["field"],
            field,
            "{query}: {}",
            answer.body
        );
    }
    let list = house
        .send(get("/api/v1/alarms?limit=500").bearer(&token).build())
        .await
        .json();
    assert_eq!(
        (&list["next"], &list["items"][0]["id"]),
        (&json!(500), &json!(7))
    );
    assert_eq!(
        house
            .send(get("/api/v1/alarms").bearer(&token).build())
            .await
            .json()["next"],
        50
    );
}
