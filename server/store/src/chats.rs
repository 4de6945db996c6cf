//! Chats: who speaks there, what was heard, and where a thing is told.

mod heard;
mod people;
mod threads;

pub use heard::Line;
pub use people::ChatLink;
