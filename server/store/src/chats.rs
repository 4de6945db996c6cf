//! Chats: who speaks there, what was heard, and where a thing is told.

mod heard;
pub(crate) mod people;
mod threads;
pub(crate) mod words;

pub use heard::Line;
pub use people::ChatLink;
