//! A caller who hangs up cuts nothing in two: what had begun runs to its end.

use super::house::{Ask, House, post};
use axum::http::StatusCode;
use domain::access::Role;

const START: &str = "/api/v1/clusters/prod/nodes/node-12/start";

/// Sends a start, hangs up while it is under way, and says whether it was brought to its end.
async fn cut(house: &House, ask: Ask) -> bool {
    let before = house.desk.starting();
    let closed = house.desk.gate.acquire_many(100).await.expect("open");
    let mut call = Box::pin(house.send(ask.build()));
    while house.desk.starting() == before {
        assert!(futures::poll!(call.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    drop(call);
    drop(closed);
    for _ in 0..1000 {
        if !house.desk.orders().is_empty() {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

#[tokio::test]
async fn a_start_whose_caller_hangs_up_runs_to_its_end_by_every_door() {
    for keyed in [false, true] {
        let house = House::new().await;
        let token = house.token(Role::Responder).await;
        let ask = post(START).bearer(&token).json("{}");
        let ask = if keyed {
            ask.header("idempotency-key", "k")
        } else {
            ask
        };
        assert!(cut(&house, ask).await, "REST, with a key: {keyed}");

        let house = House::new().await;
        let cookie = house.sign_in("rosa", Role::Responder).await;
        let path = format!("/do/start_node?intent={}", house.state.taps.key());
        let form = post(&path).cookie(&cookie).on_page();
        let form = form.form("cluster=prod&node=node-12&facts=nab.moff");
        assert!(cut(&house, form).await, "page");
    }
}

#[tokio::test]
async fn a_key_whose_caller_hung_up_is_not_under_way_for_ever() {
    let house = House::new().await;
    let token = house.token(Role::Responder).await;
    let start = || {
        let ask = post(START).bearer(&token).json("{}");
        ask.header("idempotency-key", "k").build()
    };
    // Hung up at each turn of its way to the desk.
    for turns in 0..200 {
        let mut call = Box::pin(house.send(start()));
        for _ in 0..turns {
            if futures::poll!(call.as_mut()).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(call);
    }
    let mut last = house.send(start()).await;
    for _ in 0..1000 {
        if last.status == StatusCode::ACCEPTED {
            break;
        }
        tokio::task::yield_now().await;
        last = house.send(start()).await;
    }
    assert_eq!(last.status, StatusCode::ACCEPTED, "{}", last.body);
    assert_eq!(house.desk.orders().len(), 1);
}
