//! What we rely on of a Kubernetes API server: the same checks against the sandbox and, when there is one, a real server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod adapter;
mod door;
mod reads;
mod rights;
mod suite;
mod traces;
mod watches;
mod writes;

use cluster::Settings;
use door::{Door, Limited};
use sandbox::{World, WorldConfig};
use std::path::PathBuf;

const REAL: &str = "UNCORDON_CONFORMANCE_KUBECONFIG";
const REAL_LIMITED: &str = "UNCORDON_CONFORMANCE_LIMITED_TOKEN";

#[tokio::test]
async fn the_sandbox_conforms() {
    let world = World::start(WorldConfig::default()).await.unwrap();
    let settings = Settings {
        kubeconfig_text: Some(world.kubeconfig()),
        ..door::settings()
    };
    let compact = format!("{}/sandbox/compact", world.control_url());
    let door = Door::open(
        settings,
        Limited::Token(world.limited_token()),
        Some(compact),
    )
    .await;
    suite::run(&door).await;
}

#[tokio::test]
async fn a_real_api_server_conforms() {
    let Some(path) = std::env::var_os(REAL) else {
        println!("NOT RUN: conformance against a real API server ({REAL} is not set)");
        return;
    };
    let settings = Settings {
        kubeconfig: Some(PathBuf::from(path)),
        ..door::settings()
    };
    let limited =
        std::env::var(REAL_LIMITED).map_or(Limited::Missing(REAL_LIMITED), Limited::Token);
    suite::run(&Door::open(settings, limited, None).await).await;
}
