//! Starts a counterpart by its script; it ends when this is dropped.

use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

pub struct Launched {
    /// Where it listens.
    pub port: u16,
    _launcher: Child,
}

/// Starts `tests/real/SCRIPT PORT ARGS..`; `None`, said aloud, where it is not installed.
pub async fn launch(script: &str, args: &[&str]) -> Option<Launched> {
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    drop(held);
    let path = format!("{}/tests/real/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut launcher = Command::new("bash")
        .arg(path)
        .arg(port.to_string())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(launcher.stdout.take().unwrap()).lines();
    let first = tokio::time::timeout(Duration::from_secs(120), lines.next_line())
        .await
        .expect("took two minutes")
        .unwrap()
        .unwrap_or_default();
    if first == "ready" {
        return Some(Launched {
            port,
            _launcher: launcher,
        });
    }
    println!("NOT RUN: {script}: {first}");
    None
}
