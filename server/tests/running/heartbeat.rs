//! The outgoing heartbeat of the real process (G47): who listens outside hears nothing more once it is dead, held or blind.

use crate::house::{House, until};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone, Default)]
struct Heard(Arc<AtomicUsize>);

impl Heard {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Waits for one more beat.
    async fn another(&self, what: &str) {
        let before = self.count();
        until(what, || async { self.count() > before }).await;
    }
}

/// Listens outside; answers where, and what it hears.
async fn outside() -> (String, Heard) {
    async fn beat(State(heard): State<Heard>) {
        heard.0.fetch_add(1, Ordering::SeqCst);
    }
    let heard = Heard::default();
    let router = Router::new()
        .route("/ping", post(beat))
        .with_state(heard.clone());
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ping", socket.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(socket, router).await });
    (url, heard)
}

async fn served() -> (House, Heard) {
    let (url, heard) = outside().await;
    let mut house = House::new(20, |_| {
        format!("\n[notify.heartbeat]\nurl = \"{url}\"\nevery_s = 10\n")
    });
    house.serve(&[]).await;
    heard.another("it beats while all is well").await;
    (house, heard)
}

#[tokio::test]
async fn a_process_that_is_held_or_killed_is_not_heard_any_more() {
    let ((mut house, heard), (_other, theirs)) = tokio::join!(served(), served());
    // Another one that beats as often tells that the time of a beat has passed; the first round takes what was under way.
    let silent = || async {
        theirs.another("the other one beats").await;
        let before = heard.count();
        theirs.another("the other one beats again").await;
        heard.count() == before
    };
    house.hold();
    assert!(silent().await, "not while it is held");
    house.let_go();
    heard.another("it beats again when it goes on").await;
    house.stop();
    assert!(silent().await, "not once it is dead");
}

#[tokio::test]
async fn a_process_that_cannot_see_its_cluster_stops_beating_and_says_why() {
    let (house, heard) = served().await;
    house.hold_world();
    until("it stops because it is blind", || async {
        house.logged("No heartbeat goes out: cannot see prod")
    })
    .await;
    let blind = heard.count();
    house.let_world_go();
    until("it says that it beats again", || async {
        house.logged("The heartbeat goes out again")
    })
    .await;
    assert_eq!(heard.count(), blind + 1, "the first one since it was blind");
}
