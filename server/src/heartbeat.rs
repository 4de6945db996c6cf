//! The outgoing dead-man's switch: as long as we write, see and move, somebody outside is told so.

use crate::config::Config;
use crate::secrets::ask;
use anyhow::Context;
use cloud::secret::SecretSource;
use domain::world::Sight;
use engine::Engine;
use jiff::Timestamp;
use notify::heartbeat::{self, Beat, Signs, well};
use std::path::Path;
use std::time::Duration;
use store::Sqlite;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// A store that takes longer than this is as good as dead.
const LIMIT: Duration = Duration::from_secs(5);
/// The engine's loop turns about once a second; one that is silent for longer than this hangs.
const SILENCE: Duration = Duration::from_secs(45);
/// Where the store keeps that it was written.
const KEY: &str = "heartbeat";

/// The heartbeat of a config, and how often it beats.
pub fn of(config: &Config) -> anyhow::Result<Option<(Beat, Duration)>> {
    let (Some(keys), Some(url)) = (&config.notify.heartbeat, url(config)?) else {
        return Ok(None);
    };
    let token = keys.token_file.as_deref().map(read).transpose();
    let settings = heartbeat::Settings {
        url,
        kind: keys.kind,
        token: token.context("notify.heartbeat.token_file")?,
        name: keys.name.clone(),
    };
    let beat = Beat::new(settings)
        .map_err(anyhow::Error::msg)
        .context("notify.heartbeat")?;
    Ok(Some((beat, Duration::from_secs(keys.every_s.into()))))
}

/// Where it goes; it may be a secret.
pub fn url(config: &Config) -> anyhow::Result<Option<String>> {
    let Some(keys) = &config.notify.heartbeat else {
        return Ok(None);
    };
    let Some(path) = &keys.url_file else {
        return Ok(keys.url.clone());
    };
    let url = read(path).context("notify.heartbeat.url_file")?;
    let url = url().map_err(anyhow::Error::msg)?;
    Ok(Some(url.trim().to_owned()))
}

fn read(path: &Path) -> anyhow::Result<notify::Ask> {
    ask(SecretSource::File(path.to_owned()))
}

/// Beats for as long as the process, whenever all is well.
pub async fn keep(beat: Beat, every: Duration, engine: Engine, store: Sqlite) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last: Result<(), String> = Ok(());
    loop {
        ticks.tick().await;
        let said = match well(&signs(&engine, &store).await) {
            Ok(()) => beat.beat(Timestamp::now()).await,
            Err(why) => Err(why),
        };
        if said != last {
            match &said {
                Ok(()) => tracing::info!("The heartbeat goes out again"),
                Err(why) => tracing::warn!("No heartbeat goes out: {why}"),
            }
        }
        last = said;
    }
}

/// What is seen of ourselves: a row that was really committed, clusters that can be seen, recoveries that are looked at.
pub async fn signs(engine: &Engine, store: &Sqlite) -> Signs {
    let now = Timestamp::now().to_string();
    let written = timeout(LIMIT, store.put_meta(KEY, &now)).await;
    let sites = engine.sites();
    let blind = sites.iter().filter_map(|site| match site.cluster.sight() {
        Sight::Live => None,
        Sight::Blind { .. } => Some(site.cluster.name().to_string()),
    });
    Signs {
        store_written: matches!(written, Ok(Ok(()))),
        blind: blind.collect(),
        stuck: engine.silent_for() > SILENCE,
    }
}
