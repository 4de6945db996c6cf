//! Acts as forms and as calls.

use super::house::{Answer, Ask, House, get, post};
use app::error::AppError;
use axum::http::StatusCode;
use domain::access::Role;
use domain::id::RecoveryId;

const STOP: &str = "/do/stop";

fn form(cookie: &str, path: &str, fields: &str) -> Ask {
    let referer = "http://uncordon.test/recoveries/1?x=y";
    post(path)
        .cookie(cookie)
        .on_page()
        .header("referer", referer)
        .form(fields)
}

fn call(cookie: &str, path: &str, fields: &str) -> Ask {
    post(path)
        .cookie(cookie)
        .header("sec-fetch-site", "same-origin")
        .header("accept", "application/json")
        .form(fields)
}

fn led(answer: &Answer) -> (StatusCode, Option<&str>) {
    (answer.status, answer.header("location"))
}

#[tokio::test]
async fn a_form_is_led_to_a_page_and_a_refusal_is_shown_there_once() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let done = house.send(form(&cookie, STOP, "id=1").build()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(house.desk.orders(), ["rosa stops #1"]);

    house.desk.refuse(Some(AppError::Held {
        text: "The switch is on freeze.".to_owned(),
    }));
    let refused = house.send(form(&cookie, STOP, "id=1").build()).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert!(
        !refused
            .header("location")
            .unwrap_or_default()
            .contains("__err")
    );
    let line = refused.header("set-cookie").expect("a flash");
    assert!(
        line.contains("HttpOnly") && line.contains("SameSite=Strict"),
        "{line}"
    );
    let both = format!("{cookie}; {}", refused.cookie("flash").expect("a flash"));
    let page = house.send(get("/recoveries/1").cookie(&both).build()).await;
    assert!(
        page.body.contains("The switch is on freeze."),
        "{}",
        page.body
    );
    let again = house.send(get("/recoveries/1").cookie(&both).build()).await;
    assert!(!again.body.contains("The switch is on freeze."));
}

#[tokio::test]
async fn a_page_that_reads_itself_anew_leaves_the_word_for_the_person() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    house.desk.refuse(Some(AppError::Held {
        text: "The switch is on freeze.".to_owned(),
    }));
    let refused = house.send(form(&cookie, STOP, "id=1").build()).await;
    let both = format!("{cookie}; {}", refused.cookie("flash").expect("a flash"));
    let read = |dest| {
        let asked = get("/recoveries/1")
            .cookie(&both)
            .header("sec-fetch-dest", dest);
        house.send(asked.build())
    };
    let fetched = read("empty").await;
    assert!(!fetched.body.contains("The switch is on freeze."));
    assert_eq!(
        fetched.cookie("flash"),
        None,
        "the browser keeps its cookie"
    );
    let opened = read("document").await;
    assert!(
        opened.body.contains("The switch is on freeze."),
        "{}",
        opened.body
    );
    assert_eq!(opened.cookie("flash").as_deref(), Some("flash="));
}

#[tokio::test]
async fn a_refused_form_goes_back_to_its_own_page_and_never_to_another_site() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    house.desk.refuse(Some(AppError::SignedOut));
    let back = house
        .send(form(&cookie, "/do/acknowledge_alarm", "id=7").build())
        .await;
    assert_eq!(
        led(&back),
        (StatusCode::SEE_OTHER, Some("/recoveries/1?x=y"))
    );
    for referer in ["http://evil.test/x", "//evil.test/", "not a url"] {
        let form = post("/do/acknowledge_alarm")
            .cookie(&cookie)
            .on_page()
            .header("referer", referer)
            .form("id=7");
        assert_eq!(
            house.send(form.build()).await.header("location"),
            Some("/"),
            "{referer}"
        );
    }
}

#[tokio::test]
async fn a_call_gets_the_status_of_its_refusal() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let text = || "x".to_owned();
    for (error, status) in [
        (AppError::NotAllowed { needs: text() }, 403),
        (AppError::NotFound { what: text() }, 404),
        (
            AppError::AlreadyRecovering {
                recovery: RecoveryId(3),
                by: None,
            },
            409,
        ),
        (AppError::Stale { text: text() }, 412),
        (
            AppError::Invalid {
                field: text(),
                message: text(),
                position: None,
            },
            422,
        ),
        (AppError::Held { text: text() }, 423),
        (
            AppError::ConfirmNeeded {
                node: text(),
                warnings: Vec::new(),
            },
            423,
        ),
    ] {
        house.desk.refuse(Some(error.clone()));
        let answer = house.send(call(&cookie, STOP, "id=1").build()).await;
        assert_eq!(answer.status.as_u16(), status, "{error:?}");
        assert_eq!(
            serde_json::from_str::<AppError>(&answer.body).expect("an error"),
            error
        );
        assert!(answer.header("location").is_none());
    }
    house.desk.refuse(None);
    for fields in ["", "id=abc"] {
        let answer = house.send(call(&cookie, STOP, fields).build()).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{fields:?}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn two_taps_with_one_intent_are_one_act() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let path = "/do/add_note?intent=tap-1";
    let first = house
        .send(form(&cookie, path, "id=1&text=hello").build())
        .await;
    let again = house
        .send(form(&cookie, path, "id=1&text=hello").build())
        .await;
    assert_eq!(led(&first), led(&again));
    assert_eq!(house.desk.orders().len(), 1);
    let other = house
        .send(call(&cookie, path, "id=1&text=other").build())
        .await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.desk.orders().len(), 1);
}

#[tokio::test]
async fn a_role_that_is_too_low_is_told_on_the_page() {
    let house = House::new().await;
    let cookie = house.sign_in("vera", Role::Viewer).await;
    let refused = house.send(form(&cookie, STOP, "id=1").build()).await;
    assert_eq!(
        led(&refused),
        (StatusCode::SEE_OTHER, Some("/recoveries/1?x=y"))
    );
    let both = format!("{cookie}; {}", refused.cookie("flash").expect("a flash"));
    let page = house.send(get("/").cookie(&both).build()).await;
    assert!(
        page.body.contains("This needs the role responder."),
        "{}",
        page.body
    );
    assert_eq!(house.desk.orders(), Vec::<String>::new());
    let stranger = house.send(post(STOP).on_page().form("id=1").build()).await;
    assert_eq!(led(&stranger), (StatusCode::SEE_OTHER, Some("/sign-in")));
}
