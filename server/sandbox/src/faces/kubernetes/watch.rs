//! Watches: changes as lines of JSON, from any remembered version on.

mod feed;
mod lines;
mod opening;

use super::Call;
use super::failure::Failure;
use super::wanted::{Filter, Shape};
use crate::realm::{Shared, lock};
use crate::store::Kind;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use lines::{bookmark, line};
use opening::begin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

const BOOKMARK_EVERY: Duration = Duration::from_secs(15);
const USUAL_TIME_LIMIT: u64 = 1800;

/// An open watch.
struct Feed {
    shared: Arc<Shared>,
    latest: Receiver<u64>,
    kind: Kind,
    filter: Filter,
    shape: Shape,
    path: String,
    /// The version up to which everything was told.
    told: u64,
    /// Text to send before anything else.
    opening: Option<Vec<u8>>,
    bookmarks: Bookmarks,
    next_bookmark: Instant,
    ends_at: Instant,
    /// For how long the watch may live once it rests, when a fault is to cut it.
    cut: Option<Duration>,
    cut_at: Option<Instant>,
    fault_list: u64,
    phase: Phase,
}

/// Whether the caller wants bookmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bookmarks {
    Wanted,
    Unwanted,
}

/// Where a watch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Running,
    Over,
}

/// Opens a watch.
pub fn open(call: &Call) -> Result<Response, Failure> {
    let filter = Filter::read(call)?;
    let shape = Shape::wanted(&call.headers);
    let bookmarks = if call.query.is_on("allowWatchBookmarks") {
        Bookmarks::Wanted
    } else {
        Bookmarks::Unwanted
    };
    let limit = call
        .query
        .get("timeoutSeconds")
        .parse()
        .unwrap_or(USUAL_TIME_LIMIT);
    let latest = call.shared.follow();
    let kind = call.target.kind;
    let (told, opening, phase) = call
        .shared
        .with(|realm, _| begin(realm, call, &filter, shape))?;
    let now = Instant::now();
    let feed = Feed {
        shared: Arc::clone(&call.shared),
        latest,
        kind,
        filter,
        shape,
        path: call.path.clone(),
        told,
        opening: Some(opening),
        bookmarks,
        next_bookmark: now + BOOKMARK_EVERY,
        ends_at: now + Duration::from_secs(limit),
        cut: call.cut,
        cut_at: None,
        fault_list: lock(&call.shared.faults).generation,
        phase,
    };
    let mut response = Response::new(Body::from_stream(stream::unfold(feed, next)));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    Ok(response)
}

async fn next(mut feed: Feed) -> Option<(Result<Bytes, std::io::Error>, Feed)> {
    if let Some(opening) = feed.opening.take().filter(|opening| !opening.is_empty()) {
        return Some((Ok(Bytes::from(opening)), feed));
    }
    loop {
        if feed.phase == Phase::Over {
            return None;
        }
        if feed.is_cut() {
            feed.phase = Phase::Over;
            return Some((Err(std::io::Error::other("watch cut on purpose")), feed));
        }
        feed.latest.mark_unchanged();
        let mut lines = feed.collect();
        let now = Instant::now();
        let ending = feed.ends_at <= now;
        if feed.bookmarks == Bookmarks::Wanted && (ending || feed.next_bookmark <= now) {
            line(
                &mut lines,
                "BOOKMARK",
                &bookmark(feed.kind, feed.shape, feed.told, false),
            );
            feed.next_bookmark = now + BOOKMARK_EVERY;
        }
        if ending {
            feed.phase = Phase::Over;
        }
        if !lines.is_empty() {
            return Some((Ok(Bytes::from(lines)), feed));
        }
        if feed.phase == Phase::Running {
            feed.arm_cut();
            feed.rest().await;
        }
    }
}
