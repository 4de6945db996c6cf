//! The same request sent again gets the first answer and acts once.

use super::house::{Ask, House, post};
use app::error::AppError;
use axum::http::StatusCode;
use domain::access::Role;

const START: &str = "/api/v1/clusters/prod/nodes/node-12/start";

fn start(token: &str, key: &str) -> Ask {
    post(START).bearer(token).header("idempotency-key", key)
}

#[tokio::test]
async fn a_repeated_start_starts_once_and_answers_the_same() {
    let house = House::new().await;
    let token = house.token(Role::Responder).await;
    let first = house.send(start(&token, "k1").json("{}").build()).await;
    assert_eq!(
        (first.status, first.header("idempotency-replayed")),
        (StatusCode::ACCEPTED, None)
    );
    for _ in 0..3 {
        let again = house.send(start(&token, "k1").json("{}").build()).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
    }
    assert_eq!(house.desk.orders().len(), 1);
    let other = house.send(start(&token, "k2").json("{}").build()).await;
    assert_eq!(
        (other.status, house.desk.orders().len()),
        (StatusCode::ACCEPTED, 2)
    );
}

#[tokio::test]
async fn a_key_with_another_body_or_path_is_422() {
    let house = House::new().await;
    let token = house.token(Role::Responder).await;
    house.send(start(&token, "k").json("{}").build()).await;
    for request in [
        start(&token, "k").json("{\"reason\": \"x\"}"),
        post("/api/v1/recoveries/1/stop")
            .bearer(&token)
            .header("idempotency-key", "k")
            .json("{}"),
    ] {
        let answer = house.send(request.build()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json()["type"], "/problems/other-body");
    }
}

#[tokio::test]
async fn keys_belong_to_one_person() {
    let house = House::new().await;
    let (one, other) = (
        house.token(Role::Responder).await,
        house.token(Role::Admin).await,
    );
    house.send(start(&one, "k").json("{}").build()).await;
    house.send(start(&other, "k").json("{}").build()).await;
    assert_eq!(house.desk.orders().len(), 2);
}

#[tokio::test]
async fn fifty_at_the_same_time_are_one_act_and_the_others_are_told_so() {
    let house = House::new().await;
    let token = house.token(Role::Responder).await;
    let closed = house.desk.gate.acquire_many(100).await.expect("open");
    let mut first = Box::pin(house.send(start(&token, "k").json("{}").build()));
    while house.desk.starting() == 0 {
        assert!(futures::poll!(first.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    let second = house.send(start(&token, "k").json("{}").build()).await;
    assert_eq!(
        (second.status, second.json()["type"].as_str()),
        (StatusCode::CONFLICT, Some("/problems/in-progress"))
    );
    let many = futures::future::join_all(
        (0..50).map(|_| house.send(start(&token, "k").json("{}").build())),
    )
    .await;
    assert!(
        many.iter()
            .all(|answer| answer.status == StatusCode::CONFLICT)
    );
    drop(closed);
    assert_eq!(first.await.status, StatusCode::ACCEPTED);
    assert_eq!(house.desk.orders().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_kept_and_a_failure_of_ours_is_not() {
    let house = House::new().await;
    let token = house.token(Role::Responder).await;
    house.desk.refuse(Some(AppError::Unavailable {
        text: "busy".to_owned(),
    }));
    assert_eq!(
        house.send(start(&token, "k").build()).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    house.desk.refuse(Some(AppError::AlreadyHealthy {
        text: "node-12 is Ready".to_owned(),
    }));
    assert_eq!(
        house.send(start(&token, "k").build()).await.status,
        StatusCode::CONFLICT
    );
    house.desk.refuse(None);
    let again = house.send(start(&token, "k").build()).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(
        again.header("content-type"),
        Some("application/problem+json")
    );
}

#[tokio::test]
async fn a_key_must_be_a_key() {
    let house = House::new().await;
    let token = house.token(Role::Responder).await;
    for key in ["", &"k".repeat(256)] {
        let answer = house.send(start(&token, key).json("{}").build()).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            key.len()
        );
    }
    assert_eq!(house.desk.orders(), Vec::<String>::new());
}
