//! The room in which only one person and we are: the one that was used before, or a new one.

use super::{Matrix, Request};
use crate::http;
use engine::ports::Delivery;
use reqwest::Method;
use serde_json::{Value, json};

/// Where an account keeps which rooms are such rooms.
const KEPT: &str = "m.direct";

impl Matrix {
    pub(super) async fn room_with(&self, user: &str) -> Result<String, Delivery> {
        let me = self.me().await?;
        let kept_at = ["user", &me.id, "account_data", KEPT];
        // An account that never had one is answered with 404.
        let mut kept = match self.get(&kept_at).await {
            Ok(kept) if kept.is_object() => kept,
            Ok(_) | Err(Delivery::Refused(_)) => json!({}),
            Err(other) => return Err(other),
        };
        let rooms = kept[user].as_array().cloned().unwrap_or_default();
        for room in rooms.iter().rev().filter_map(Value::as_str) {
            if self.still_there(room, user).await? {
                return Ok(room.to_owned());
            }
        }
        let wish = json!({
            "is_direct": true,
            "preset": "trusted_private_chat",
            "invite": [user],
        });
        let made = self.write(Method::POST, &["createRoom"], &wish).await?;
        let Some(room) = made["room_id"].as_str() else {
            let why = format!("{} made a room and named no id for it", self.name);
            return Err(Delivery::Refused(why));
        };
        kept[user] = rooms
            .iter()
            .chain([&made["room_id"]])
            .cloned()
            .collect::<Value>();
        self.write(Method::PUT, &kept_at, &kept).await?;
        Ok(room.to_owned())
    }

    /// Whether the person is in it, or still has the invitation; where we are not in it ourselves nobody tells us.
    async fn still_there(&self, room: &str, user: &str) -> Result<bool, Delivery> {
        let path = ["rooms", room, "state", "m.room.member", user];
        match self.get(&path).await {
            Ok(member) => Ok(matches!(
                member["membership"].as_str(),
                Some("join" | "invite")
            )),
            Err(Delivery::Refused(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Nothing is said with it, so that no answer means: try again.
    async fn write(&self, method: Method, path: &[&str], body: &Value) -> Result<Value, Delivery> {
        let request = Request {
            method,
            path,
            query: &[],
            body: Some(body),
            limit: http::LIMIT,
        };
        self.call(request).await.map_err(|failed| match failed {
            Delivery::Unknown(why) => Delivery::Later { after: None, why },
            other => other,
        })
    }
}
