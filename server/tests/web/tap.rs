//! Power acts: a key with an end, facts that must still hold, and what becomes of a tap whose answer was lost.

use super::house::{Answer, Ask, House, get, name, post};
use app::error::AppError;
use axum::http::StatusCode;
use domain::access::Role;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const FIELDS: &str = "cluster=prod&node=node-12&facts=nab.moff";
const START: &str = "/do/start_node";
const FRESH: &str = "/clusters/prod/nodes/node-12/start";

fn tap(cookie: &str, key: &str, fields: &str) -> Ask {
    post(&format!("{START}?intent={key}"))
        .cookie(cookie)
        .on_page()
        .form(fields)
}

/// Status, and where it leads.
fn led(answer: &Answer) -> (StatusCode, &str) {
    (answer.status, answer.header("location").unwrap_or_default())
}

async fn ask(house: &House, cookie: &str, key: &str) -> serde_json::Value {
    let request = get(&format!("/intents/{key}"))
        .cookie(cookie)
        .header("accept", "application/json");
    house.send(request.build()).await.json()
}

async fn void(house: &House, cookie: &str, key: &str) -> serde_json::Value {
    let request = post("/do/void_intent")
        .cookie(cookie)
        .header("sec-fetch-site", "same-origin")
        .header("accept", "application/json")
        .form(&format!("key={key}"));
    house.send(request.build()).await.json()
}

/// What the next page says about the last act.
async fn said(house: &House, cookie: &str, answer: &Answer) -> String {
    let flash = answer.cookie("flash").expect("a word for the next page");
    let both = format!("{cookie}; {flash}");
    house.send(get("/").cookie(&both).build()).await.body
}

#[tokio::test]
async fn a_tap_in_time_starts_once_however_often_it_comes() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let key = house.state.taps.key();
    for _ in 0..3 {
        let answer = house.send(tap(&cookie, &key, FIELDS).build()).await;
        assert_eq!(led(&answer), (StatusCode::SEE_OTHER, "/recoveries/1"));
    }
    assert_eq!(house.desk.orders(), ["rosa starts node-12"]);
    let other = "cluster=prod&node=node-13&facts=nab.moff";
    let other = house.send(tap(&cookie, &key, other).build()).await;
    assert!(
        said(&house, &cookie, &other)
            .await
            .contains("used for another request")
    );
    assert_eq!(house.desk.orders().len(), 1);
}

#[tokio::test]
async fn after_its_time_a_tap_is_refused_whoever_repeats_it_and_a_forged_end_is_no_end() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let other = house.sign_in("kato", Role::Responder).await;
    let past = Timestamp::now() - SignedDuration::from_secs(2);
    let late = house.state.taps.key_until(past);
    let forged = late.replace(
        &past.as_second().to_string(),
        &(past.as_second() + 90).to_string(),
    );
    let tampered = format!("{FIELDS}&not_after=2099-01-01T00:00:00Z");
    for (cookie, key, fields) in [
        (&cookie, late.as_str(), FIELDS),
        (&other, late.as_str(), FIELDS),
        (&cookie, forged.as_str(), FIELDS),
        (&cookie, "tap-1", FIELDS),
        (&other, forged.as_str(), tampered.as_str()),
    ] {
        let answer = house.send(tap(cookie, key, fields).build()).await;
        assert_eq!(led(&answer), (StatusCode::SEE_OTHER, FRESH), "{key}");
        let page = said(&house, cookie, &answer).await;
        assert!(page.contains("Nothing was started."), "{key}: {page}");
    }
    let brought_forward = format!("{FIELDS}&not_after=2020-01-01T00:00:00Z");
    let key = house.state.taps.key();
    house
        .send(tap(&cookie, &key, &brought_forward).build())
        .await;
    assert_eq!(house.desk.orders(), Vec::<String>::new());
    let told = ask(&house, &cookie, &late).await;
    assert_eq!(told["state"], "refused", "{told}");
}

#[tokio::test]
async fn a_power_act_must_say_what_was_seen() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    for (act, fields) in [
        (START, "cluster=prod&node=node-12"),
        ("/do/approve", "id=1"),
        ("/do/retry", "id=1&facts="),
    ] {
        let key = house.state.taps.key();
        let request = post(&format!("{act}?intent={key}"))
            .cookie(&cookie)
            .on_page();
        let answer = house.send(request.form(fields).build()).await;
        let page = said(&house, &cookie, &answer).await;
        assert!(page.contains("does not say what was seen"), "{act}");
    }
    assert_eq!(house.desk.orders(), Vec::<String>::new());
}

#[tokio::test]
async fn changed_facts_lead_to_the_fresh_page_with_what_changed() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    house.desk.refuse(Some(AppError::Stale {
        text: "Its machine was off, it is running now. Nothing was started.".to_owned(),
    }));
    let key = house.state.taps.key();
    let answer = house.send(tap(&cookie, &key, FIELDS).build()).await;
    assert_eq!(led(&answer), (StatusCode::SEE_OTHER, FRESH));
    let both = format!("{cookie}; {}", answer.cookie("flash").expect("a flash"));
    let page = house.send(get(FRESH).cookie(&both).build()).await.body;
    assert!(
        page.contains("Its machine was off, it is running now."),
        "{page}"
    );
    assert!(page.contains("name=\"facts\" value=\"nab.moff\""), "{page}");
    assert!(!page.contains(&key), "the new form has a key of its own");
}

#[tokio::test]
async fn whoever_comes_second_joins_and_is_told_who_came_first() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    house.desk.refuse(Some(AppError::AlreadyRecovering {
        recovery: domain::id::RecoveryId(7),
        by: Some("Already requested by Kato 12 s ago.".to_owned()),
    }));
    let key = house.state.taps.key();
    let answer = house.send(tap(&cookie, &key, FIELDS).build()).await;
    assert_eq!(led(&answer), (StatusCode::SEE_OTHER, "/recoveries/7"));
    let page = said(&house, &cookie, &answer).await;
    assert!(
        page.contains("Already requested by Kato 12 s ago. Your tap joins it."),
        "{page}"
    );
}

#[tokio::test]
async fn a_lost_answer_can_be_asked_for_and_a_tap_that_has_not_arrived_can_be_taken_back() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let key = house.state.taps.key();
    let told = ask(&house, &cookie, &key).await;
    assert_eq!(
        (&told["state"], &told["goto"]),
        (&json!("never"), &json!(null))
    );
    assert!(
        told["text"]
            .as_str()
            .is_some_and(|text| text.contains("on its way until"))
    );
    house.send(tap(&cookie, &key, FIELDS).build()).await;
    let told = ask(&house, &cookie, &key).await;
    assert_eq!(
        (&told["state"], &told["goto"]),
        (&json!("arrived"), &json!("/recoveries/1"))
    );
    let page = get(&format!("/intents/{key}")).cookie(&cookie).on_page();
    assert_eq!(
        led(&house.send(page.build()).await),
        (StatusCode::SEE_OTHER, "/recoveries/1")
    );
    // What has arrived is not taken back by this: its recovery has a Cancel of its own.
    assert_eq!(void(&house, &cookie, &key).await["state"], "arrived");

    let lost = house.state.taps.key();
    assert_eq!(void(&house, &cookie, &lost).await["state"], "void");
    let copy = house.send(tap(&cookie, &lost, FIELDS).build()).await;
    let page = said(&house, &cookie, &copy).await;
    assert!(
        page.contains("It was taken back before it arrived. Nothing was started."),
        "{page}"
    );
    assert_eq!(house.desk.orders(), ["rosa starts node-12"]);
    assert_eq!(ask(&house, &cookie, &lost).await["state"], "void");
    // A process that dies and comes back still knows.
    house
        .store
        .drop_unfinished_requests()
        .await
        .expect("a store");
    assert_eq!(ask(&house, &cookie, &lost).await["state"], "void");
    let other = house.sign_in("kato", Role::Responder).await;
    assert_eq!(
        ask(&house, &other, &lost).await["state"],
        "never",
        "keys belong to one person"
    );
}

#[tokio::test]
async fn a_form_that_comes_again_while_the_first_is_at_work_gets_its_outcome() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let key = house.state.taps.key();
    let closed = house.desk.gate.acquire_many(100).await.expect("open");
    let mut first = Box::pin(house.send(tap(&cookie, &key, FIELDS).build()));
    while house.desk.starting() == 0 {
        assert!(futures::poll!(first.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    assert_eq!(ask(&house, &cookie, &key).await["state"], "under_way");
    let mut second = Box::pin(house.send(tap(&cookie, &key, FIELDS).build()));
    assert!(futures::poll!(second.as_mut()).is_pending());
    drop(closed);
    let both = futures::join!(first, second);
    assert_eq!(led(&both.0), (StatusCode::SEE_OTHER, "/recoveries/1"));
    assert_eq!(led(&both.1), (StatusCode::SEE_OTHER, "/recoveries/1"));
    assert_eq!(house.desk.orders().len(), 1);
}

#[tokio::test]
async fn a_script_is_told_where_to_go_in_place_of_being_led() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let key = house.state.taps.key();
    let sent = tap(&cookie, &key, FIELDS).header("x-act", "script");
    let answer = house.send(sent.build()).await;
    assert_eq!(
        (
            answer.status,
            answer.header("x-goto"),
            answer.header("location")
        ),
        (StatusCode::OK, Some("/recoveries/1"), None)
    );
}

#[tokio::test]
async fn the_page_of_a_lost_answer_needs_nobody_and_names_nobody() {
    let house = House::new().await;
    let page = house.send(get("/unconfirmed?intent=a.1.b").build()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("href=\"/intents/a.1.b\""),
        "{}",
        page.body
    );
    assert!(page.body.contains("It may not have left your phone."));
    let hostile = "/unconfirmed?intent=%22%3E%3Cscript%3E";
    let page = house.send(get(hostile).build()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/intents/"), "{}", page.body);
}

#[tokio::test]
async fn a_program_may_set_facts_and_an_end_of_its_own() {
    let house = House::new().await;
    let token = house.token(Role::Responder).await;
    let path = "/api/v1/clusters/prod/nodes/node-12";
    let node = house.send(get(path).bearer(&token).build()).await.json();
    assert_eq!(
        (&node["facts"], &node["offer"]),
        (&json!("nab.moff"), &json!("start"))
    );
    for (path, status) in [
        (format!("{path}/start"), 412),
        ("/api/v1/recoveries/1/approve".to_owned(), 412),
        ("/api/v1/recoveries/1/retry".to_owned(), 412),
    ] {
        let late = post(&path)
            .bearer(&token)
            .json("{\"not_after\": \"2020-01-01T00:00:00Z\"}");
        let answer = house.send(late.build()).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert_eq!(answer.json()["type"], "/problems/expired");
        let wrong = post(&path).bearer(&token).json("{\"not_after\": \"soon\"}");
        assert_eq!(house.send(wrong.build()).await.status, 422);
    }
    assert_eq!(house.desk.orders(), Vec::<String>::new());
    let ahead = post(&format!("{path}/start"))
        .bearer(&token)
        .json("{\"facts\": \"nab.moff\", \"not_after\": \"2099-01-01T00:00:00Z\"}");
    assert_eq!(house.send(ahead.build()).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_person_says_how_to_confirm_on_the_page_and_through_rest() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let page = house.send(get("/").cookie(&cookie).build()).await.body;
    assert!(!page.contains("Hold to start"), "one tap is the default");
    let form = post("/do/set_preference?intent=x")
        .cookie(&cookie)
        .on_page();
    let saved = house.send(form.form("hold=0.8&vibrate=on").build()).await;
    assert_eq!(led(&saved), (StatusCode::SEE_OTHER, "/settings#confirm"));
    let node = "/clusters/prod/nodes/node-12";
    let page = house.send(get(node).cookie(&cookie).build()).await.body;
    assert!(page.contains("data-hold=\"800\""), "{page}");
    assert!(page.contains("Start without holding"));
    let token = house.token(Role::Viewer).await;
    let rest = "/api/v1/preferences";
    let put = |body| super::house::ask("PUT", rest).bearer(&token).json(body);
    let set = house.send(put("{\"hold\": \"1.5\"}").build()).await;
    assert_eq!(set.json(), json!({"hold": "1.5", "vibrate": "on"}));
    assert_eq!(house.send(put("{\"hold\": 2}").build()).await.status, 422);
}

#[tokio::test]
async fn choices_belong_to_one_person_and_last() {
    let house = House::new().await;
    let (rosa, kato, now) = (name("rosa"), name("kato"), Timestamp::now());
    for word in ["0.5", "0.8"] {
        let set = house.store.set_preference(&rosa, "hold", word, now).await;
        set.expect("a store");
    }
    let mine = house.store.preferences(&rosa).await.expect("a store");
    assert_eq!(mine, [("hold".to_owned(), "0.8".to_owned())]);
    let theirs = house.store.preferences(&kato).await.expect("a store");
    assert_eq!(theirs, []);
}
