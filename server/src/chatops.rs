//! Chats: hears what people say there, answers, and keeps one message per recovery up to date.

mod answer;
mod ask;
mod board;
mod doubt;
mod keep;
mod link;
mod listen;
pub mod state;
mod waiting;

use crate::desk::TheDesk;
use crate::wiring::House;
use ask::Questions;
use domain::message::Wants;
use engine::ports::{Chat, HookRequest, Hooked, StoreError, Turned};
use state::States;
use std::collections::BTreeMap;
use std::sync::Arc;
use waiting::Waiting;

/// One chat of the config.
#[derive(Clone)]
pub struct Seat {
    /// Its kind, in a word.
    pub kind: &'static str,
    /// The way there.
    pub chat: Arc<dyn Chat>,
    /// The rooms that are told, by id, and what each wants to hear.
    pub rooms: Vec<(String, Wants)>,
    /// Where the doctor says a test.
    pub test_room: Option<String>,
}

/// All chats, by name.
pub type Seats = Arc<BTreeMap<String, Seat>>;

/// The part of the house that talks; a handle that is cheap to clone.
#[derive(Clone)]
pub struct ChatOps {
    inner: Arc<Inner>,
}

struct Inner {
    desk: TheDesk,
    house: House,
    seats: Seats,
    states: States,
    public_url: String,
    questions: Questions,
    waiting: Waiting,
}

impl ChatOps {
    /// Listens and answers for as long as the process.
    pub fn start(desk: TheDesk, house: House, seats: Seats, states: States, url: &str) -> Self {
        let ops = Self {
            inner: Arc::new(Inner {
                desk,
                house,
                seats,
                states,
                public_url: url.trim_end_matches('/').to_owned(),
                questions: Questions::default(),
                waiting: Waiting::default(),
            }),
        };
        for name in ops.inner.seats.keys() {
            tokio::spawn(ops.clone().listen(name.clone()));
        }
        if !ops.inner.seats.is_empty() {
            let told = ops.inner.house.engine.listen();
            tokio::spawn(ops.clone().keep_boards(told));
        }
        ops
    }

    /// What a request to `/hooks/chat/{name}` means; what people said with it is stored when this answers. `None`: there is
    /// no such chat.
    pub async fn hook(&self, name: &str, request: &HookRequest<'_>) -> Option<Hook> {
        let seat = self.inner.seats.get(name)?;
        let hooked = match seat.chat.hook(request) {
            Ok(hooked) => hooked,
            Err(turned) => return Some(Hook::Turned(turned)),
        };
        for heard in &hooked.heard {
            if let Err(error) = self.hear(name, heard.clone()).await {
                return Some(Hook::NotStored(error));
            }
        }
        Some(Hook::Taken(hooked))
    }
}

/// What became of a request to a hook.
pub enum Hook {
    /// It was taken.
    Taken(Hooked),
    /// It was turned away.
    Turned(Turned),
    /// It could not be stored: nothing will be done.
    NotStored(StoreError),
}
