//! Telegram: against a stand-in for its Bot API that others wrote, and against one that is as strict as the Bot API's manual.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "../counterparts/launch.rs"]
mod counterparts;
mod emulator;
mod errors;
mod hook;
mod polls;
mod strict;

use chat::telegram::{Settings, Telegram};
use engine::ports::{Batch, Heard, Saying};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Receiver;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);
const TOKEN: &str = "666:canary_Token-1";
const SECRET: &str = "hook-secret";

fn adapter(base: &str, secret: Option<&'static str>) -> Arc<Telegram> {
    with_token(base, TOKEN, secret)
}

fn with_token(base: &str, token: &'static str, secret: Option<&'static str>) -> Arc<Telegram> {
    let settings = Settings {
        name: "team".to_owned(),
        api_url: base.to_owned(),
        token: Arc::new(move || Ok(token.to_owned())),
        webhook_secret: secret
            .map(|secret| -> chat::Ask { Arc::new(move || Ok(secret.to_owned())) }),
    };
    Arc::new(Telegram::new(settings).unwrap())
}

async fn batch(batches: &mut Receiver<Batch>) -> Batch {
    let batch = tokio::time::timeout(PATIENCE, batches.recv()).await;
    batch.expect("nothing was handed over").unwrap()
}

/// What is heard until so many words came.
async fn heard(batches: &mut Receiver<Batch>, count: usize) -> Vec<Heard> {
    let mut all = Vec::new();
    while all.len() < count {
        all.extend(batch(batches).await.heard);
    }
    all
}

fn saying(room: &str, text: &str) -> Saying {
    Saying {
        key: "k".to_owned(),
        room: room.to_owned(),
        thread: None,
        only_to: None,
        text: text.to_owned(),
        buttons: Vec::new(),
    }
}
