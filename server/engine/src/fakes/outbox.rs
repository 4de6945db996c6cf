//! An outbox in memory that outlives a process, and a carrier that answers what it is told to.

use crate::ports::{
    Delivery, Fate, Letter, Notifier, Outbox, Recipient, Sending, StoreError, Subscription, Way,
};
use async_trait::async_trait;
use domain::id::PersonName;
use domain::message::{Message, Stage};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A letter and what became of it.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The letter.
    pub letter: Letter,
    /// Which repeat.
    pub round: u64,
    /// When it may go out; `None` once it is settled.
    pub due: Option<Timestamp>,
    /// What became of it.
    pub fate: Option<Fate>,
}

/// Letters of one installation, as one process sees them.
#[derive(Debug, Clone, Default)]
pub struct FakeOutbox {
    letters: Arc<Mutex<Vec<Posted>>>,
    devices: Arc<Mutex<Vec<u64>>>,
    dead: Arc<AtomicBool>,
}

impl FakeOutbox {
    /// An outbox with these devices.
    pub fn new(devices: &[u64]) -> Self {
        Self {
            letters: Arc::default(),
            devices: Arc::new(Mutex::new(devices.to_vec())),
            dead: Arc::default(),
        }
    }

    /// The process dies: what it still wants to write is never written. Answers what the next one finds.
    pub fn reborn(&self) -> Self {
        self.dead.store(true, Ordering::SeqCst);
        Self {
            dead: Arc::default(),
            ..self.clone()
        }
    }

    async fn alive(&self) {
        if self.dead.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
    }

    /// All letters so far.
    pub fn letters(&self) -> Vec<Posted> {
        self.data().clone()
    }

    /// The devices that are left.
    pub fn devices(&self) -> Vec<u64> {
        let devices = self.devices.lock();
        devices.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn data(&self) -> MutexGuard<'_, Vec<Posted>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, to: Recipient, message: &Message, now: Timestamp) -> u32 {
        let mut data = self.data();
        let known = data.iter().any(|one| {
            one.letter.to == to
                && one.letter.about == message.about
                && one.letter.stage == message.stage
                && one.round == message.round
        });
        if known {
            return 0;
        }
        let way = match &to {
            Recipient::Device(id) => Way::Push(Subscription {
                endpoint: format!("https://push.test/{id}"),
                p256dh: String::new(),
                auth: String::new(),
                hide_details: false,
            }),
            Recipient::Webhook(name) => Way::Webhook(name.clone()),
            Recipient::Room { chat, room } => Way::Room {
                chat: chat.clone(),
                room: room.clone(),
                thread: None,
            },
            Recipient::Direct { chat, user } => Way::Direct {
                chat: chat.clone(),
                user: user.clone(),
            },
            Recipient::Mailbox(name) => Way::Mailbox(name.clone()),
        };
        let letter = Letter {
            id: format!("letter-{}", data.len()),
            to,
            way,
            about: message.about,
            stage: message.stage,
            channel: message.channel,
            title: message.title.clone(),
            body: message.body.clone(),
            path: message.path.clone(),
            until: message.until,
            written_at: now,
            tries: 0,
            in_doubt: false,
        };
        data.push(Posted {
            letter,
            round: message.round,
            due: Some(now),
            fate: None,
        });
        1
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Posted)) {
        if let Some(one) = self.data().iter_mut().find(|one| one.letter.id == id) {
            change(one);
        }
    }
}

#[async_trait]
impl Outbox for FakeOutbox {
    async fn post(
        &self,
        message: &Message,
        others: &[Recipient],
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.alive().await;
        let devices = self.devices().into_iter().map(Recipient::Device);
        Ok(devices
            .chain(others.iter().cloned())
            .map(|to| self.write(to, message, now))
            .sum())
    }

    async fn post_to(
        &self,
        to: &Recipient,
        message: &Message,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.alive().await;
        Ok(self.write(to.clone(), message, now))
    }

    async fn post_person(
        &self,
        _: &PersonName,
        message: &Message,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.alive().await;
        let devices = self.devices().into_iter().map(Recipient::Device);
        Ok(devices.map(|to| self.write(to, message, now)).sum())
    }

    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError> {
        self.alive().await;
        let data = self.data();
        let mut due: Vec<Letter> = data
            .iter()
            .filter(|one| one.due.is_some_and(|due| due <= now))
            .map(|one| one.letter.clone())
            .collect();
        due.sort_by_key(|one| (one.channel, one.written_at));
        due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(due)
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.alive().await;
        Ok(self.data().iter().filter_map(|one| one.due).min())
    }

    async fn begin(&self, letter: &Letter, again: Timestamp) -> Result<(), StoreError> {
        self.alive().await;
        self.change(&letter.id, |one| {
            one.letter.tries = letter.tries;
            one.letter.in_doubt = true;
            one.due = Some(again);
        });
        Ok(())
    }

    async fn settle(&self, letter: &Letter, fate: &Fate, _: Timestamp) -> Result<(), StoreError> {
        self.alive().await;
        if let (Fate::Gone(_), Recipient::Device(gone)) = (fate, &letter.to) {
            let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
            devices.retain(|id| id != gone);
        }
        self.change(&letter.id, |one| {
            one.letter.in_doubt = false;
            one.due = match fate {
                Fate::Retry { at, .. } => Some(*at),
                Fate::Sent
                | Fate::Said(_)
                | Fate::Failed(_)
                | Fate::Unknown(_)
                | Fate::Gone(_)
                | Fate::Over => None,
            };
            one.fate = Some(fate.clone());
        });
        Ok(())
    }

    async fn silent(&self, _: Timestamp) -> Result<Vec<(u64, Timestamp)>, StoreError> {
        self.alive().await;
        Ok(Vec::new())
    }

    async fn forget(&self, _: Timestamp, _: Timestamp) -> Result<u32, StoreError> {
        self.alive().await;
        Ok(0)
    }
}

/// One letter as it was handed over.
type Carried = (Recipient, String, Stage, String);

/// Answers in the order it was told to, then takes everything.
#[derive(Debug, Clone, Default)]
pub struct FakeCarrier {
    carried: Arc<Mutex<Vec<Carried>>>,
    answers: Arc<Mutex<VecDeque<Option<Delivery>>>>,
}

impl FakeCarrier {
    /// A carrier that gives these answers first; `None` is no answer for ever.
    pub fn answering(answers: impl IntoIterator<Item = Option<Delivery>>) -> Self {
        Self {
            carried: Arc::default(),
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
        }
    }

    /// What was handed over so far: to whom, about what, in which state, with which title.
    pub fn carried(&self) -> Vec<Carried> {
        let carried = self.carried.lock();
        carried.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Notifier for FakeCarrier {
    async fn deliver(&self, sending: &Sending<'_>) -> Delivery {
        let letter = sending.letter;
        let one = (
            letter.to.clone(),
            letter.about.key(),
            letter.stage,
            letter.title.clone(),
        );
        self.carried
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(one);
        let answer = self
            .answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        match answer {
            Some(Some(delivery)) => delivery,
            Some(None) => std::future::pending().await,
            None => Delivery::Taken,
        }
    }
}
