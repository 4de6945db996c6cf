//! Starts a counterpart by its script; it ends when this is dropped or the test ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

pub struct Launched {
    /// Where it listens, on loopback.
    pub port: u16,
    /// The script ends what it started when this one's standard input closes.
    _launcher: Child,
}

/// Starts `tests/counterparts/SCRIPT PORT`; `None`, said aloud, where it is not installed.
pub fn launch(script: &str) -> Option<Launched> {
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    drop(held);
    let mut launcher = Command::new("bash")
        .arg(format!(
            "{}/tests/counterparts/{script}",
            env!("CARGO_MANIFEST_DIR")
        ))
        .arg(port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut lines = BufReader::new(launcher.stdout.take().unwrap());
    lines.read_line(&mut first).unwrap();
    if first.trim() == "ready" {
        return Some(Launched {
            port,
            _launcher: launcher,
        });
    }
    // It ended after that line.
    launcher.wait().unwrap();
    println!("NOT RUN: {script}: {}", first.trim());
    None
}
