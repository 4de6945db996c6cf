//! Reads a homeserver by long polls: joins where we are invited, hands over what people say, says where we cannot read.

use super::{Matrix, Me, Request, read, why};
use crate::http;
use engine::ports::{Batch, Chat, Delivery, Heard, Saying};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

/// How long the homeserver waits for something to say, in milliseconds.
const POLL: &str = "30000";
/// Longest wait for the answer to a long poll: longer than the poll, so that a dead connection is noticed.
const POLL_LIMIT: Duration = Duration::from_secs(60);
/// Most words of one room that one answer brings. What is older than that in a gap is not fetched: it is said late, and a late
/// word never acts.
const TIMELINE: u32 = 100;
/// Most invitations that are answered at the same time. One into a room of a slow foreign server takes its time.
const ARRIVING_MAX: usize = 20;
const CANNOT_READ: &str = "I cannot read encrypted rooms, so nothing that is written here reaches me. Encryption cannot be \
    switched off again: please make a new room without it (or a new direct message without it) and invite me there.";

/// What a connection knows.
struct Known {
    me: Me,
    /// Rooms of which it was looked up whether only one other person is in them.
    pairs: HashMap<String, bool>,
    /// Rooms we were asked into before our very first start: what was said there meanwhile is old.
    asked_before: HashSet<String>,
}

impl Matrix {
    /// Listens until it breaks.
    pub(super) async fn listening(
        &self,
        from: Option<String>,
        ear: &Sender<Batch>,
    ) -> Result<Infallible, String> {
        let mut known = Known {
            me: self.me().await.map_err(why)?,
            pairs: HashMap::new(),
            asked_before: HashSet::new(),
        };
        let mut old = from.is_some();
        let mut since = from;
        // The first answer comes at once: it says that the connection stands.
        let mut poll = "0";
        let mut arriving = JoinSet::new();
        loop {
            let synced = match self.sync(since.as_deref(), poll).await {
                // A homeserver that was set up anew does not know the cursor, and never will.
                Err(Delivery::Refused(_)) if old => {
                    (old, since) = (false, None);
                    continue;
                }
                other => other.map_err(why)?,
            };
            let cursor = synced["next_batch"].as_str();
            let cursor = cursor.ok_or_else(|| format!("{} named no next_batch", self.name))?;
            self.arrive(&synced, &mut arriving);
            let mut heard = Vec::new();
            if since.is_some() {
                heard = self.heard(&mut known, &synced).await?;
            } else {
                // The first answer of all is what was said before our start.
                let asked = rooms(&synced, "invite").map(|(room, _)| room.to_owned());
                known.asked_before.extend(asked);
            }
            let batch = Batch {
                heard,
                cursor: Some(cursor.to_owned()),
            };
            ear.send(batch)
                .await
                .map_err(|_| format!("nobody listens to {} any more", self.name))?;
            if since.is_some() {
                self.tell_of_encryption(&known.me, &synced).await;
            }
            (old, since, poll) = (false, Some(cursor.to_owned()), POLL);
        }
    }

    async fn sync(&self, since: Option<&str>, poll: &str) -> Result<Value, Delivery> {
        let none = json!({ "not_types": ["*"] });
        let filter = json!({
            "presence": none,
            "account_data": none,
            "room": {
                "account_data": none, "ephemeral": none, "state": none,
                "timeline": {
                    "types": ["m.room.message", "m.room.encrypted", "m.room.member"],
                    "limit": if since.is_some() { TIMELINE } else { 0 },
                },
            },
        })
        .to_string();
        let mut query = vec![("filter", filter.as_str()), ("timeout", poll)];
        query.extend(since.map(|since| ("since", since)));
        self.call(Request {
            method: Method::GET,
            path: &["sync"],
            query: &query,
            body: None,
            limit: POLL_LIMIT,
        })
        .await
    }

    /// Joins every room we are invited to: a room gives no rights, people need a link. Nothing waits for it, and an invitation
    /// that cannot be taken is left alone: it can be sent again.
    fn arrive(&self, synced: &Value, arriving: &mut JoinSet<()>) {
        while arriving.try_join_next().is_some() {}
        for (room, _) in rooms(synced, "invite") {
            if arriving.len() >= ARRIVING_MAX {
                return;
            }
            let Ok(token) = (self.token)() else { return };
            let url = self.url(&["rooms", room, "join"]);
            let request = self.client.post(url).bearer_auth(&token).json(&json!({}));
            let name = self.name.clone();
            arriving.spawn(async move {
                let _ = http::call(request, &name, &token).await;
            });
        }
    }

    async fn heard(&self, known: &mut Known, synced: &Value) -> Result<Vec<Heard>, String> {
        let Known {
            me,
            pairs,
            asked_before,
        } = known;
        let mut all = Vec::new();
        for (id, room) in rooms(synced, "join") {
            if read::may_have_moved(room) {
                pairs.remove(id);
            }
            let reading = read::Reading {
                me,
                ours: &|message| self.is_ours(message),
                since_invited: !asked_before.remove(id),
            };
            for mut heard in read::heard(&reading, id, room) {
                if !heard.to_us {
                    heard.to_us = match pairs.get(id) {
                        Some(pair) => *pair,
                        None => {
                            let pair = self.is_pair(id).await?;
                            pairs.insert(id.to_owned(), pair);
                            pair
                        }
                    };
                }
                all.push(heard);
            }
        }
        Ok(all)
    }

    /// Whether only one other person is in the room.
    async fn is_pair(&self, room: &str) -> Result<bool, String> {
        match self.get(&["rooms", room, "joined_members"]).await {
            Ok(members) => Ok(members["joined"]
                .as_object()
                .is_some_and(|all| all.len() == 2)),
            // We are out of it again.
            Err(Delivery::Refused(_)) => Ok(false),
            Err(other) => Err(why(other)),
        }
    }

    /// Once for each room and process; a room where it cannot be said hears it the next time.
    async fn tell_of_encryption(&self, me: &Me, synced: &Value) {
        for (room, what) in rooms(synced, "join") {
            let Some(event) = read::encrypted(me, what) else {
                continue;
            };
            if !self.remembered().told.insert(room.to_owned()) {
                continue;
            }
            let saying = Saying {
                key: format!("cannot read {event}"),
                room: room.to_owned(),
                thread: None,
                only_to: None,
                text: CANNOT_READ.to_owned(),
                buttons: Vec::new(),
            };
            if self.say(&saying).await.is_err() {
                self.remembered().told.remove(room);
            }
        }
    }
}

/// The rooms of an answer that we are in, or invited to.
fn rooms<'a>(synced: &'a Value, how: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let rooms = synced["rooms"][how].as_object();
    rooms
        .into_iter()
        .flatten()
        .map(|(id, room)| (id.as_str(), room))
}
