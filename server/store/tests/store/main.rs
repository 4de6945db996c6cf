//! The store as its callers see it: every answer, every refusal, on a real file.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod accept;
mod alarms;
mod book;
mod chats;
mod doors;
mod group;
mod history;
mod letters;
mod lines;
mod log;
mod make;
mod rules;
mod sessions;
