//! Follows one kind: a list, then a watch from there, again and again, whatever breaks.

use crate::ask::{self, Trouble};
use crate::kind::Kind;
use crate::link::Link;
use crate::sight::Outlook;
use crate::tables::Tables;
use futures::StreamExt;
use kube::Client;
use kube::api::{WatchEvent, WatchParams};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What the feeds fill.
pub struct Cache {
    tables: Mutex<Tables>,
    /// Whether it is current.
    pub outlook: Outlook,
}

/// How long the server keeps one watch open: a half-open one is found a little later.
const WATCH: Duration = Duration::from_secs(60);
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

impl Cache {
    /// Empty; this label names the host of a node.
    pub fn new(outlook: Outlook, host_label: Arc<str>) -> Self {
        Self {
            tables: Mutex::new(Tables::new(host_label)),
            outlook,
        }
    }

    /// The tables as they are now.
    pub fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells of every change.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.outlook.changes()
    }
}

/// Follows the kind `K` for ever as feed number `feed` of the cache.
pub async fn follow<K: Kind>(cache: Arc<Cache>, link: Arc<Link>, feed: usize) {
    let mut version = None;
    let mut failures = 0;
    loop {
        let (begun, listed) = (Instant::now(), version.is_some());
        let lease = link.watching();
        let done = match &mut version {
            None => relist::<K>(&cache, &lease.client, feed)
                .await
                .map(|at| version = Some(at)),
            Some(at) => watch_from::<K>(&cache, &lease.client, feed, at).await,
        };
        // What worked for long starts afresh; what ends at once, over and over, must not become a hot loop.
        let brief = begun.elapsed() < WATCH / 4;
        failures = if brief { failures + 1 } else { 1 };
        match done {
            // A list says nothing about the watch that follows it.
            Ok(()) if !listed => {
                failures -= 1;
                continue;
            }
            Ok(()) if begun.elapsed() > SHORTEST_PAUSE => failures = 0,
            Ok(()) => {}
            // Too old to go on from: read everything again.
            Err(trouble) if trouble.code() == Some(410) => version = None,
            Err(trouble) => {
                tracing::debug!(%trouble, "Watch of {} is down", K::WHAT);
                cache.outlook.failing(feed, trouble.about(K::WHAT));
                if trouble.unwelcome() {
                    link.renew(&lease).await;
                }
            }
        }
        tokio::time::sleep(pause(failures)).await;
    }
}

async fn relist<K: Kind>(cache: &Cache, client: &Client, feed: usize) -> Result<String, Trouble> {
    let (rows, version) = ask::list::<K>(client).await?;
    *K::table(&mut cache.tables()) = rows.into_iter().collect();
    cache.outlook.current(feed);
    Ok(version)
}

/// Applies events until the server ends the watch; `version` moves along, so that nothing is lost or repeated after a cut.
async fn watch_from<K: Kind>(
    cache: &Cache,
    client: &Client,
    feed: usize,
    version: &mut String,
) -> Result<(), Trouble> {
    let params = WatchParams {
        timeout: u32::try_from(WATCH.as_secs()).ok(),
        bookmarks: true,
        ..WatchParams::default()
    };
    let request = kube::core::Request::new(K::PATH)
        .watch(&params, version)
        .map_err(|error| ask::unasked(&error))?;
    let patience = WATCH + Duration::from_secs(5);
    let silent = |_| Trouble::Silent(patience.as_secs());
    let opened = tokio::time::timeout(patience, client.request_events::<K>(request))
        .await
        .map_err(silent)?;
    let mut events = std::pin::pin!(opened.map_err(|error| ask::broken(&error))?);
    cache.outlook.current(feed);
    while let Some(event) = tokio::time::timeout(patience, events.next())
        .await
        .map_err(silent)?
    {
        match event.map_err(|error| ask::broken(&error))? {
            WatchEvent::Added(one) | WatchEvent::Modified(one) => {
                version.clone_from(&one.meta().resource_version);
                let (key, row) = (one.key(), one.row());
                let mut tables = cache.tables();
                match row {
                    Some(row) => drop(K::table(&mut tables).insert(key, row)),
                    None => drop(K::table(&mut tables).remove(&key)),
                }
            }
            WatchEvent::Deleted(one) => {
                version.clone_from(&one.meta().resource_version);
                drop(K::table(&mut cache.tables()).remove(&one.key()));
            }
            WatchEvent::Bookmark(mark) => *version = mark.metadata.resource_version,
            WatchEvent::Error(status) => return Err(ask::broken(&kube::Error::Api(status))),
        }
        cache.outlook.current(feed);
    }
    Ok(())
}

/// Doubles from 0.2 s to 8 s, with up to half as much again so that nine feeds do not come back at the same moment.
fn pause(failures: u32) -> Duration {
    if failures == 0 {
        return Duration::ZERO;
    }
    let pause = SHORTEST_PAUSE
        .saturating_mul(1 << (failures - 1).min(10))
        .min(LONGEST_PAUSE);
    let dice = RandomState::new().hash_one(failures) % 512;
    pause + pause.mul_f64(dice as f64 / 1024.0)
}
