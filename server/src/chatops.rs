//! Chats: hears what people say there, answers, and keeps one message per recovery up to date.

pub mod state;

use domain::message::Wants;
use engine::ports::Chat;
use std::collections::BTreeMap;
use std::sync::Arc;

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
