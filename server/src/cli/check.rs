//! `uncordon check`: the doctor. One line for everything the config names, with what is wrong and the way out.

mod clouds;
mod clusters;
mod house;
mod line;
mod print;
mod sources;
mod team;
mod telling;

use crate::config::Config;
use crate::wiring;
use futures::future::join_all;
use line::{Found, Line};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// How long an address may take to answer whether anybody is there.
const ANSWER: Duration = Duration::from_secs(5);

/// Checks everything a config names; exit code 1 if anything fails.
pub async fn run(path: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let lines = match Config::read(path) {
        Ok(config) => look(&config, path).await,
        Err(error) => vec![Line::new("config", Found::Failed(error.to_string()))],
    };
    if json {
        print::json(&lines)?;
    } else {
        print::table(&lines);
    }
    Ok(if lines.iter().any(|line| line.found.failed()) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn look(config: &Config, path: &Path) -> Vec<Line> {
    let clock = wiring::clock(config);
    let mut lines = vec![Line::new("config", Found::Well(path.display().to_string()))];
    lines.extend(house::lines(config).await);
    let looked = join_all(
        config
            .clusters
            .iter()
            .map(|one| clusters::lines(one, &clock)),
    )
    .await;
    if config.clusters.is_empty() {
        let found = "none is set, so there is nothing to look after; add a [[cluster]]";
        lines.push(Line::new("clusters", Found::Failed(found.to_owned())));
    }
    let mut nodes = Vec::new();
    for (cluster, (told, some)) in config.clusters.iter().zip(looked) {
        lines.extend(told);
        lines.extend(team::lines(config, cluster, &clock).await);
        if let Some(cloud) = &cluster.cloud {
            nodes.push((cloud.get_ref().as_str(), some));
        }
    }
    let clouds = config.clouds.iter().map(|one| {
        let of = |(name, some): &(&str, Vec<_>)| (*name == one.name).then(|| some.clone());
        let some = nodes.iter().filter_map(of).flatten().collect();
        clouds::lines(one, some, &clock)
    });
    lines.extend(join_all(clouds).await.into_iter().flatten());
    lines.extend(sources::lines(config).await);
    lines.extend(telling::lines(config).await);
    lines
}

/// Whether anybody answers at an address, and with what. Nothing is posted.
async fn answers(url: &str) -> Result<reqwest::StatusCode, String> {
    let client = reqwest::Client::builder()
        .timeout(ANSWER)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| error.to_string())?;
    let told = client.head(url).send().await;
    told.map(|answer| answer.status()).map_err(|error| {
        if error.is_timeout() {
            return format!("nobody answered within {} s", ANSWER.as_secs());
        }
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        cause.to_string()
    })
}
