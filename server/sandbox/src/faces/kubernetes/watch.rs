//! Watches: changes as lines of JSON, from any remembered version on.

mod lines;
mod opening;

use super::Call;
use super::failure::Failure;
use super::wanted::{Filter, Shape};
use crate::realm::{Shared, lock};
use crate::store::{Change, Happened, Kind};
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
use tokio::time::{Instant, sleep_until};

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
        cut_at: call.cut.map(|cut| now + cut),
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
            feed.rest().await;
        }
    }
}

impl Feed {
    /// What happened since the caller was last told.
    fn collect(&mut self) -> Vec<u8> {
        let (changes, version) = self.shared.with(|realm, _| {
            (
                realm.store.changes_after(self.kind, self.told),
                realm.store.version(),
            )
        });
        let mut lines = Vec::new();
        match changes {
            Ok(changes) => {
                for change in changes {
                    self.tell(&mut lines, &change);
                }
                self.told = self.told.max(version);
            }
            Err(crate::store::Expired) => {
                let failure = Failure::expired(format!(
                    "too old resource version: {} ({version})",
                    self.told
                ));
                line(
                    &mut lines,
                    "ERROR",
                    failure.to_status().to_string().as_bytes(),
                );
                self.phase = Phase::Over;
            }
        }
        lines
    }

    /// A change as this caller sees it: an object may enter or leave the selection.
    fn tell(&self, lines: &mut Vec<u8>, change: &Change) {
        let was = change
            .before
            .as_ref()
            .is_some_and(|before| self.filter.fits(before));
        let is = change.happened != Happened::Deleted && self.filter.fits(&change.object);
        let word = match (was, is) {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            (false, false) => return,
        };
        line(lines, word, &self.shape.write(&change.object));
    }

    fn is_cut(&mut self) -> bool {
        let faults = lock(&self.shared.faults);
        let renewed =
            std::mem::replace(&mut self.fault_list, faults.generation) != faults.generation;
        self.cut_at.is_some_and(|at| at <= Instant::now()) || (renewed && faults.cuts(&self.path))
    }

    async fn rest(&mut self) {
        let mut until = self.ends_at.min(self.next_bookmark);
        if let Some(cut) = self.cut_at {
            until = until.min(cut);
        }
        tokio::select! {
            _ = self.latest.changed() => {}
            () = sleep_until(until) => {}
        }
    }
}
