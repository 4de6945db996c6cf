//! A real mail server for a test: aiosmtpd with a small script, which says what it took.

use serde_json::Value;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Post {
    /// Where it listens.
    pub port: u16,
    said: Lines<BufReader<ChildStdout>>,
    _server: Child,
}

/// Starts it; `None`, said aloud, where aiosmtpd is not installed.
pub async fn start(args: &[&str]) -> Option<Post> {
    let folder = cache()?.join("uncordon/aiosmtpd");
    if !folder.join(".packages").exists() {
        println!("NOT RUN: aiosmtpd is not installed (scripts/setup test)");
        return None;
    }
    let mut server = Command::new(folder.join("bin/python"))
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/post/smtp.py"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let said = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut post = Post {
        port: 0,
        said,
        _server: server,
    };
    let first = post.next().await;
    post.port = u16::try_from(first["port"].as_u64().unwrap()).unwrap();
    Some(post)
}

fn cache() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home)
}

impl Post {
    /// The next message it took.
    pub async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.said.next_line())
            .await
            .expect("the mail server said nothing for a minute")
            .unwrap()
            .expect("the mail server ended");
        serde_json::from_str(&line).unwrap()
    }
}
