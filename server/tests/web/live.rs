//! Streams of changes.

use super::house::{FIRST, House, get, name};
use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode};
use domain::access::Role;
use domain::id::{AlarmId, RecoveryId};
use futures::StreamExt;
use server::web::live::Change;
use tower::ServiceExt;

struct Reader {
    body: BodyDataStream,
    read: String,
}

impl Reader {
    async fn open(house: &House, request: Request<Body>) -> Self {
        let response = house
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("never fails");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            body: response.into_body().into_data_stream(),
            read: String::new(),
        }
    }

    /// The next event, comments and beats left out; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        loop {
            let event = self.any().await?;
            if !event.contains("event: beat") {
                return Some(event);
            }
        }
    }

    /// The next event, comments left out; `None` at the end.
    async fn any(&mut self) -> Option<String> {
        loop {
            while let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                if !event.starts_with(':') {
                    return Some(event);
                }
            }
            let chunk = self.body.next().await?.ok()?;
            self.read
                .push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    }
}

async fn listening(house: &House) {
    listeners(house, 1).await;
}

/// Waits until so many streams listen: what is told before is not for them.
async fn listeners(house: &House, count: usize) {
    while house.state.live.listeners() < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_change_is_told_with_its_number_and_its_object() {
    let house = House::new().await;
    let token = house.token(Role::Viewer).await;
    let mut reader = Reader::open(&house, get("/api/v1/events").bearer(&token).build()).await;
    listening(&house).await;
    for change in [
        Change::Recovery(RecoveryId(1)),
        Change::Alarm(AlarmId(7)),
        Change::Health(super::things::prod()),
        Change::Switch,
    ] {
        house.state.live.publish(change);
    }
    for (n, (kind, part)) in [
        ("recovery", "\"events\":["),
        ("alarm", "\"id\":7"),
        ("health", "\"verdict\""),
        ("switch", "\"mode\""),
    ]
    .into_iter()
    .enumerate()
    {
        let event = reader.next().await.expect("an event");
        assert!(
            event.contains(&format!("id: {}", FIRST + n as u64)),
            "{event}"
        );
        assert!(
            event.contains(&format!("event: {kind}")) && event.contains(part),
            "{event}"
        );
    }
}

#[tokio::test]
async fn a_reader_that_comes_back_gets_what_it_missed_or_is_told_to_begin_anew() {
    let house = House::new().await;
    let token = house.token(Role::Viewer).await;
    for _ in 0..3 {
        house.state.live.publish(Change::Switch);
    }
    let open = |last: u64| {
        get("/api/v1/events")
            .bearer(&token)
            .header("last-event-id", &last.to_string())
            .build()
    };
    let mut reader = Reader::open(&house, open(FIRST)).await;
    for missed in [FIRST + 1, FIRST + 2] {
        assert!(
            reader
                .next()
                .await
                .expect("an event")
                .contains(&format!("id: {missed}"))
        );
    }
    for gone in [1, FIRST + 3] {
        let mut reader = Reader::open(&house, open(gone)).await;
        assert!(
            reader
                .next()
                .await
                .expect("an event")
                .contains("event: reset")
        );
    }
}

#[tokio::test]
async fn pages_are_told_the_kind_only() {
    let house = House::new().await;
    let cookie = house.sign_in("vera", Role::Viewer).await;
    let mut reader = Reader::open(&house, get("/live").cookie(&cookie).build()).await;
    listening(&house).await;
    house.state.live.publish(Change::Recovery(RecoveryId(1)));
    let event = reader.next().await.expect("an event");
    assert!(
        event.contains("event: recovery") && event.contains("data: recovery"),
        "{event}"
    );
}

#[tokio::test]
async fn a_page_is_told_the_time_at_once_and_a_program_is_not() {
    let house = House::new().await;
    let cookie = house.sign_in("vera", Role::Viewer).await;
    let token = house.token(Role::Viewer).await;
    let mut page = Reader::open(&house, get("/live").cookie(&cookie).build()).await;
    let beat = page.any().await.expect("an event");
    let time = beat.split("data: ").nth(1).expect("a time").trim();
    assert!(
        beat.contains("event: beat") && time.parse::<jiff::Timestamp>().is_ok(),
        "{beat}"
    );
    let mut program = Reader::open(&house, get("/api/v1/events").bearer(&token).build()).await;
    listeners(&house, 2).await;
    house.state.live.publish(Change::Switch);
    let event = program.any().await.expect("an event");
    assert!(event.contains("event: switch"), "{event}");
}

#[tokio::test]
async fn a_stream_ends_when_its_token_session_or_person_is_gone() {
    let house = House::new().await;
    let token = house.token(Role::Viewer).await;
    let (vera, rosa) = (
        house.sign_in("vera", Role::Viewer).await,
        house.sign_in("rosa", Role::Viewer).await,
    );
    let mut readers = vec![
        Reader::open(&house, get("/api/v1/events").bearer(&token).build()).await,
        Reader::open(&house, get("/live").cookie(&vera).build()).await,
        Reader::open(&house, get("/live").cookie(&rosa).build()).await,
    ];
    listening(&house).await;
    let tokens = house.store.tokens().await.expect("read");
    house
        .store
        .revoke_token(tokens[0].id, jiff::Timestamp::now())
        .await
        .expect("revoked");
    house
        .store
        .end_sessions(&name("vera"))
        .await
        .expect("ended");
    house
        .store
        .remove_person(&name("rosa"))
        .await
        .expect("removed");
    for reader in &mut readers {
        assert_eq!(reader.next().await, None);
    }
}

#[tokio::test]
async fn all_streams_end_when_the_server_stops() {
    let house = House::new().await;
    let token = house.token(Role::Viewer).await;
    let mut reader = Reader::open(&house, get("/api/v1/events").bearer(&token).build()).await;
    listening(&house).await;
    house.state.live.close();
    assert_eq!(reader.next().await, None);
}
