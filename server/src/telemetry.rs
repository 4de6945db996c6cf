//! Logs: one line an event, to standard error, filtered by `RUST_LOG`.

use tracing_subscriber::EnvFilter;

/// Begins to log; `usual` is taken when `RUST_LOG` says nothing.
pub fn start(usual: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}
