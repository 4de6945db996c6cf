//! The doctor's look at our own house: the database, the address, and who may read our secrets.

use super::answers;
use super::line::{Found, Line};
use crate::config::Config;
use crate::wiring;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tokio::net::TcpListener;

/// Its lines.
pub async fn lines(config: &Config) -> Vec<Line> {
    let mut lines = vec![
        Line::new("database", database(config).await),
        Line::new("address", address(config).await),
    ];
    lines.extend(secrets(config));
    lines
}

async fn database(config: &Config) -> Found {
    match wiring::open_store(config).await {
        Ok(store) => {
            store.close().await;
            Found::Well(config.database().display().to_string())
        }
        Err(error) => Found::Failed(format!(
            "{error:#}; make server.data a folder this user may write to"
        )),
    }
}

/// Whether we can listen there, and whether what is said there can be overheard.
async fn address(config: &Config) -> Found {
    let (listen, url) = (config.server.listen, &config.server.public_url);
    if let Err(error) = TcpListener::bind(listen).await {
        // Most likely it is Uncordon itself that is looked over while it runs.
        let ours = error.kind() == ErrorKind::AddrInUse
            && answers(&format!("http://{listen}/healthz"))
                .await
                .is_ok_and(|status| status.is_success());
        if !ours {
            return Found::Failed(format!(
                "cannot listen on {listen}: {error}; choose another server.listen"
            ));
        }
    }
    if config.secure() || config.sandbox.is_some() {
        return Found::Well(format!("{url}, listening on {listen}"));
    }
    Found::Lacking(format!(
        "{url} is not https: sign-in links can be overheard, and browsers allow no notifications and no installed app except on this machine; put a proxy with a certificate in front and set server.public_url to its https address"
    ))
}

/// Files with secrets that any user of this machine may read.
fn secrets(config: &Config) -> Vec<Line> {
    let open = |path: &Path| {
        let mode = std::fs::metadata(path).ok()?.permissions().mode();
        (mode & 0o004 != 0).then_some(mode & 0o777)
    };
    let of = |path: &Path| {
        let mode = open(path)?;
        let found = format!(
            "{} may be read by every user of this machine (mode {mode:o}); chmod 600, or defaultMode: 0440 where Kubernetes mounts it",
            path.display()
        );
        Some(Line::new("secrets", Found::Lacking(found)))
    };
    config
        .secret_files()
        .iter()
        .filter_map(|path| of(path))
        .collect()
}
