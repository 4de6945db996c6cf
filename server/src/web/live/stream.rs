//! Server-sent events: one task per open stream; it ends when its reader leaves or loses the right to read.

use crate::web::AppState;
use crate::web::api::events::object;
use crate::web::guard::{Signed, still_holds};
use crate::web::live::{Change, LiveEvent, Start};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

/// A comment keeps the line open.
const BREATH: Duration = Duration::from_secs(15);
/// How often a page is told that the server is there, and which time it is: less than half of what a page calls live.
const BEAT: Duration = Duration::from_secs(10);
/// How often the right to read is asked again.
const ASK: Duration = Duration::from_secs(3);

/// What a stream says of a change.
#[derive(Debug, Clone, Copy)]
enum Detail {
    /// The REST object.
    Object,
    /// Only its kind: the page fetches itself again.
    Kind,
}

impl Detail {
    /// Programs have the comments.
    const fn beats(self) -> bool {
        matches!(self, Self::Kind)
    }
}

/// `GET /api/v1/events`.
pub async fn api(
    State(state): State<AppState>,
    signed: Signed,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    open(state, signed, &headers, Detail::Object)
}

/// `GET /live`.
pub async fn page(
    State(state): State<AppState>,
    signed: Signed,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    open(state, signed, &headers, Detail::Kind)
}

fn open(
    state: AppState,
    signed: Signed,
    headers: &HeaderMap,
    detail: Detail,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    // A number that cannot be read is one we never gave: the reader begins anew.
    let last = last.map(|id| id.trim().parse().unwrap_or(u64::MAX));
    let (sender, receiver) = mpsc::channel(64);
    tokio::spawn(feed(state, signed, last, detail, sender));
    let events = ReceiverStream::new(receiver).map(Ok);
    Sse::new(events).keep_alive(KeepAlive::new().interval(BREATH).text("still here"))
}

async fn feed(
    state: AppState,
    signed: Signed,
    last: Option<u64>,
    detail: Detail,
    out: mpsc::Sender<Event>,
) {
    let (start, mut news) = state.live.read(last);
    let mut closed = state.live.closed();
    let missed = match start {
        Start::From(events) => events,
        Start::Reset => {
            if out.send(reset()).await.is_err() {
                return;
            }
            Vec::new()
        }
    };
    for event in missed {
        if !tell(&state, &signed, detail, event, &out).await {
            return;
        }
    }
    let (mut ask, mut beat) = (interval(ASK), interval(BEAT));
    for one in [&mut ask, &mut beat] {
        one.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    loop {
        let told = tokio::select! {
            event = news.recv() => match event {
                Ok(event) => tell(&state, &signed, detail, event, &out).await,
                Err(RecvError::Lagged(_)) => out.send(reset()).await.is_ok(),
                Err(RecvError::Closed) => false,
            },
            _ = beat.tick(), if detail.beats() => out.send(pulse(&state)).await.is_ok(),
            _ = ask.tick() => still_holds(&state, &signed).await,
            _ = closed.changed() => false,
            () = out.closed() => false,
        };
        if !told {
            return;
        }
    }
}

/// Sends one event; `false` when the reader is gone.
async fn tell(
    state: &AppState,
    signed: &Signed,
    detail: Detail,
    LiveEvent { seq, change }: LiveEvent,
    out: &mpsc::Sender<Event>,
) -> bool {
    let Some(data) = data(state, signed, detail, &change).await else {
        return true;
    };
    let event = Event::default()
        .id(seq.to_string())
        .event(change.word())
        .data(data);
    out.send(event).await.is_ok()
}

async fn data(
    state: &AppState,
    signed: &Signed,
    detail: Detail,
    change: &Change,
) -> Option<String> {
    match detail {
        Detail::Kind => Some(change.word().to_owned()),
        Detail::Object => match object(state, &signed.person, change).await {
            Ok(object) => Some(object),
            Err(error) => {
                tracing::debug!("A change is not told: {error}");
                None
            }
        },
    }
}

/// The product's time: a phone's own clock may be wrong, and a comment would not reach the page's script.
fn pulse(state: &AppState) -> Event {
    Event::default()
        .event("beat")
        .data(format!("{:.3}", (state.clock.now)()))
}

fn reset() -> Event {
    Event::default().event("reset").data("{}")
}
