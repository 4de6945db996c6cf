//! What counts: once, in time, in order, signed; and the same from two people is one recovery.

use crate::{Place, SIGNING, event, place, sign, ts};
use domain::access::Role;
use jiff::{SignedDuration, Timestamp};

const START: &str = "10.0.0.12 startup";

async fn ready() -> Place {
    let place = place().await;
    place.world.power_off();
    place.linked("ops", "U1", "Kato", Role::Responder).await;
    place
}

#[tokio::test]
async fn a_start_is_one_message_and_stands_in_the_timeline_with_its_id() {
    let place = ready().await;
    let now = Timestamp::now();
    let stamp = ts(now);
    assert_eq!(place.slack("U1", START, now, &stamp).await, 200);
    let answer = place.heard().await;
    assert!(
        answer.starts_with("Starting node-12 (10.0.0.12) in prod: recovery #1."),
        "{answer}"
    );
    assert!(
        answer.ends_with("https://uncordon.test/recoveries/1"),
        "{answer}"
    );
    let id = place.engine.running()[0].id;
    let said = place.said_events(id).await;
    assert_eq!(said, [(START.to_owned(), format!("msg:C1:{stamp}"))]);
}

#[tokio::test]
async fn what_comes_again_is_not_done_again() {
    let place = ready().await;
    let now = Timestamp::now();
    let stamp = ts(now);
    for _ in 0..4 {
        assert_eq!(place.slack("U1", START, now, &stamp).await, 200);
    }
    place.says("U1", "who").await;
    assert!(place.heard().await.starts_with("Starting"));
    // Nothing was said in between: the three others were not answered either.
    assert_eq!(place.heard().await, "You are Kato, responder.");
    assert_eq!(place.recoveries(), 1);
}

#[tokio::test]
async fn what_comes_late_is_not_done_and_says_so() {
    let place = ready().await;
    let now = Timestamp::now();
    let then = now - SignedDuration::from_secs(120);
    assert_eq!(place.slack("U1", START, now, &ts(then)).await, 200);
    let answer = place.heard().await;
    assert!(
        answer.contains("Nothing was done. Say it again"),
        "{answer}"
    );
    assert_eq!(place.recoveries(), 0);
    // A read is answered however late it comes.
    assert_eq!(place.slack("U1", "who", now, &ts(then)).await, 200);
    assert_eq!(place.heard().await, "You are Kato, responder.");
}

#[tokio::test]
async fn what_comes_in_the_wrong_order_is_not_done_and_says_so() {
    let place = ready().await;
    let now = Timestamp::now();
    let before = now - SignedDuration::from_secs(20);
    assert_eq!(
        place
            .slack("U1", "pause the wrong rack", now, &ts(now))
            .await,
        200
    );
    assert!(place.heard().await.contains("on pause"));
    assert_eq!(place.slack("U1", START, now, &ts(before)).await, 200);
    assert!(
        place
            .heard()
            .await
            .contains("was said before your last command")
    );
    assert_eq!(place.recoveries(), 0);
}

#[tokio::test]
async fn what_is_forged_is_turned_away_and_never_answered() {
    let place = ready().await;
    let now = Timestamp::now();
    let body = event("U1", START, &ts(now));
    assert_eq!(
        place.signed(&body, &sign("another", &body, now), now).await,
        401
    );
    let other = event("U1", START, &ts(now));
    assert_eq!(
        place.signed(&other, &sign(SIGNING, &body, now), now).await,
        401
    );
    let old = now - SignedDuration::from_mins(6);
    assert_eq!(
        place.signed(&body, &sign(SIGNING, &body, old), old).await,
        401
    );
    place.says("U1", "who").await;
    assert_eq!(place.heard().await, "You are Kato, responder.");
    assert_eq!(place.recoveries(), 0);
}

#[tokio::test]
async fn the_same_command_from_two_people_at_once_is_one_recovery() {
    let place = ready().await;
    place.linked("ops", "U2", "Rosa", Role::Responder).await;
    tokio::join!(place.says("U1", START), place.says("U2", START));
    let mut answers = [place.heard().await, place.heard().await];
    answers.sort();
    assert!(answers[0].contains("You join recovery #1."), "{answers:?}");
    assert!(answers[1].starts_with("Starting"), "{answers:?}");
    assert_eq!(place.recoveries(), 1);
    assert_eq!(
        place.said_events(place.engine.running()[0].id).await.len(),
        2
    );
}

#[tokio::test]
async fn talk_between_people_is_none_of_our_business() {
    let place = ready().await;
    place.says("U1", "has anybody seen my coffee").await;
    place.says("U1", "who").await;
    assert_eq!(place.heard().await, "You are Kato, responder.");
}
