//! Chats: how each is doing, what its rooms were told, and who is known there.

use super::LetterView;
use domain::message::Channel;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// All chats, as one person sees them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatsView {
    /// By name.
    pub chats: Vec<ChatView>,
    /// Where this person is known.
    pub mine: Vec<ChatLinkView>,
}

/// One chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatView {
    /// Its name in the config.
    pub name: String,
    /// Its kind, in a word.
    pub kind: String,
    /// Since when we listen there; `None` while we do not.
    pub listening_since: Option<Timestamp>,
    /// When somebody was last heard there.
    pub last_heard: Option<Timestamp>,
    /// When an answer was last said there.
    pub last_answer: Option<Timestamp>,
    /// The last thing that went wrong, and when.
    pub trouble: Option<(Timestamp, String)>,
    /// Rooms that are told.
    pub rooms: Vec<ChatRoomView>,
}

/// A room of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatRoomView {
    /// Its id there.
    pub id: String,
    /// What it hears.
    pub channels: Vec<Channel>,
    /// The last message told there.
    pub last: Option<LetterView>,
}

/// A user of a chat who is this person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatLinkView {
    /// The chat.
    pub chat: String,
    /// Its id of the user.
    pub user: String,
    /// Since when.
    pub since: Timestamp,
}
