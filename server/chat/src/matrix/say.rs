//! What is sent into a room: plain text only, so that nothing in it means anything to a client.

use super::{Matrix, Request};
use crate::{http, words};
use engine::ports::{Delivery, Saying};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Most characters of a text.
const TEXT_MAX: usize = 30_000;
/// Most bytes of a text as JSON: an event may have 65,536 in all, and an edit carries its text twice.
const BYTES_MAX: usize = 30_000;

/// The content of a message.
pub(super) fn message(saying: &Saying) -> Value {
    let mut content = json!({
        "msgtype": "m.text",
        "body": fitting(&words::without_buttons(saying)),
        "m.mentions": mentions(saying),
    });
    if let Some(thread) = &saying.thread {
        // The reply is for clients that know no threads.
        content["m.relates_to"] = json!({
            "rel_type": "m.thread",
            "event_id": thread,
            "is_falling_back": true,
            "m.in_reply_to": { "event_id": thread },
        });
    }
    content
}

/// The content that puts other words in the place of a message.
pub(super) fn replacement(message: &str, saying: &Saying) -> Value {
    let text = fitting(&words::without_buttons(saying));
    json!({
        "msgtype": "m.text",
        "body": format!("* {text}"),
        // Who was meant the first time is not called again.
        "m.mentions": {},
        "m.new_content": { "msgtype": "m.text", "body": text, "m.mentions": mentions(saying) },
        "m.relates_to": { "rel_type": "m.replace", "event_id": message },
    })
}

/// Nobody is called by what happens to stand in a text; a room cannot hide a message from the others, so who is meant is called.
fn mentions(saying: &Saying) -> Value {
    match &saying.only_to {
        Some(user) => json!({ "user_ids": [user] }),
        None => json!({}),
    }
}

fn fitting(text: &str) -> String {
    let mut max = TEXT_MAX;
    loop {
        let cut = words::cut(text, max);
        if Value::from(cut.as_str()).to_string().len() <= BYTES_MAX {
            return cut;
        }
        max = max * 3 / 4;
    }
}

impl Matrix {
    /// Sends a content; `what` and the key together say which request is the same one again.
    pub(super) async fn send(
        &self,
        what: &str,
        saying: &Saying,
        content: &Value,
    ) -> Result<String, Delivery> {
        let same = format!("{what}\n{}\n{}", saying.room, saying.key);
        let txn = format!("{:x}", Sha256::digest(same));
        let path = ["rooms", &saying.room, "send", "m.room.message", &txn];
        let request = Request {
            method: Method::PUT,
            path: &path,
            query: &[],
            body: Some(content),
            limit: http::LIMIT,
        };
        let sent = self.call(request).await?;
        match sent["event_id"].as_str() {
            Some(id) => Ok(id.to_owned()),
            None => Err(Delivery::Unknown(format!(
                "{} took a message and named no id for it",
                self.name
            ))),
        }
    }
}
