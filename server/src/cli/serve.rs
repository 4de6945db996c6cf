//! `uncordon serve`: the real thing.

use crate::config::Config;
use crate::{serve, wiring};
use anyhow::Context;
use domain::rule::Mode;
use std::path::Path;
use tokio::net::TcpListener;

/// Reads the config, connects what it names and serves until told to stop.
pub async fn run(path: &Path) -> anyhow::Result<()> {
    let config = Config::read(path)?;
    let store = wiring::open_store(&config).await?;
    let listener = TcpListener::bind(config.server.listen)
        .await
        .with_context(|| {
            format!(
                "cannot listen on {}: choose another server.listen in {}",
                config.server.listen,
                path.display()
            )
        })?;
    let house = wiring::build(&config, store, Mode::Observe).await?;
    tracing::info!(listen = %config.server.listen, url = config.server.public_url, "Serving");
    serve::serve(&config, house, listener, None).await
}
