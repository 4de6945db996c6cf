//! Keeps the message of each recovery up to date in its place: behind the recoveries, never in their way.

use super::{ChatOps, Seat};
use app::desk::Desk;
use domain::access::{Door, Person, Role};
use domain::id::{PersonName, RecoveryId};
use domain::message::{About, board};
use domain::timeline::{Can, Timeline};
use engine::ports::{Button, Delivery, Recipient, Saying};
use engine::tell::Told;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

/// Changes come in bursts: one edit serves them all.
const GATHER: Duration = Duration::from_secs(1);
/// Pause before a message that could not be changed is tried again.
const LATER: Duration = Duration::from_secs(8);
/// How often.
const TRIES: u32 = 5;
/// How many messages' last words are remembered.
const SHOWN_MAX: usize = 1000;

/// When a recovery's messages are looked at next, and how often that failed.
struct Due {
    at: Instant,
    failed: u32,
}

/// What stands in a message, by room and message.
type Shown = BTreeMap<(String, String), (String, Vec<Button>)>;

impl ChatOps {
    pub(super) async fn keep_boards(self, mut told: Receiver<Told>) {
        let mut agenda: BTreeMap<RecoveryId, Due> = BTreeMap::new();
        let mut shown = Shown::new();
        loop {
            let next = agenda.values().map(|due| due.at).min();
            tokio::select! {
                one = told.recv() => match one {
                    Ok(Told::Recovery(id) | Told::Waits(id) | Told::Words(id)) => {
                        agenda.insert(id, Due { at: Instant::now() + GATHER, failed: 0 });
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                () = until(next) => {
                    let now = Instant::now();
                    let due: Vec<RecoveryId> = agenda
                        .iter()
                        .filter(|(_, due)| due.at <= now)
                        .map(|(id, _)| *id)
                        .collect();
                    for id in due {
                        let well = self.refresh(id, &mut shown).await;
                        again(&mut agenda, id, well);
                    }
                    while shown.len() > SHOWN_MAX {
                        shown.pop_first();
                    }
                }
            }
        }
    }

    /// Brings all messages of one recovery up to date; answers whether nothing is left to do.
    async fn refresh(&self, id: RecoveryId, shown: &mut Shown) -> bool {
        let threads = match self.inner.house.store.threads(About::Recovery(id)).await {
            Ok(threads) if threads.is_empty() => return true,
            Ok(threads) => threads,
            Err(_) => return false,
        };
        let Some(reader) = reader() else { return true };
        let Ok(told) = self.inner.desk.recovery(&reader, id).await else {
            return false;
        };
        let link = format!("{}/recoveries/{}", self.inner.public_url, id.0);
        let text = board(&told, &link, self.inner.house.engine.now());
        let buttons = buttons(&told);
        let mut well = true;
        for (to, message) in threads {
            let Recipient::Room { chat, room } = &to else {
                continue;
            };
            let Some(seat) = self.inner.seats.get(chat).filter(|one| one.chat.can().edit) else {
                continue;
            };
            let key = (to.key(), message.clone());
            let new = (text.clone(), buttons.clone());
            if shown.get(&key) == Some(&new) {
                continue;
            }
            if self.edit(chat, seat, room, &message, &new).await {
                shown.insert(key, new);
            } else {
                well = false;
            }
        }
        well
    }

    async fn edit(
        &self,
        name: &str,
        seat: &Seat,
        room: &str,
        message: &str,
        (text, buttons): &(String, Vec<Button>),
    ) -> bool {
        let saying = Saying {
            key: format!("board:{message}:{}", text.len()),
            room: room.to_owned(),
            thread: None,
            only_to: None,
            text: text.clone(),
            buttons: buttons.clone(),
        };
        match seat.chat.edit(message, &saying).await {
            Ok(()) => true,
            Err(Delivery::Later { why, .. } | Delivery::Unknown(why)) => {
                tracing::info!(chat = name, "A message is brought up to date later: {why}");
                false
            }
            // Removed, or too old to be changed: what follows stands below it all the same.
            Err(Delivery::Refused(why) | Delivery::Gone(why)) => {
                tracing::warn!(chat = name, "A message cannot be brought up to date: {why}");
                self.trouble(
                    name,
                    format!("a message cannot be brought up to date: {why}"),
                );
                true
            }
            Err(Delivery::Taken | Delivery::Said(_)) => true,
        }
    }
}

/// What failed is tried again a while later, a few times.
fn again(agenda: &mut BTreeMap<RecoveryId, Due>, id: RecoveryId, well: bool) {
    let Some(due) = agenda.get_mut(&id) else {
        return;
    };
    if well || due.failed >= TRIES {
        agenda.remove(&id);
        return;
    }
    due.at = Instant::now() + LATER;
    due.failed += 1;
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Who reads for a room: as much as the least role may.
fn reader() -> Option<Person> {
    Some(Person {
        name: PersonName::parse("uncordon").ok()?,
        role: Role::Viewer,
        door: Door::Chat,
    })
}

fn buttons(told: &Timeline) -> Vec<Button> {
    let one = |label: &str, verb: &str| Button {
        label: label.to_owned(),
        line: format!("{verb} {}", told.id.0),
    };
    told.can
        .iter()
        .filter_map(|can| match can {
            Can::Approve => Some(one("Approve", "approve")),
            Can::Stop => Some(one("Stop", "stop")),
            Can::Acknowledge => Some(one("I have it", "ack")),
            Can::Cancel | Can::Retry => None,
        })
        .collect()
}
