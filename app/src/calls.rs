//! Server functions: find who asks and the desk, ask it, say where to go next.

#![expect(
    missing_docs,
    reason = "the macro writes public fields for arguments, without docs"
)]

pub mod alarms;
pub mod chats;
pub mod clusters;
pub mod command;
pub mod cordons;
pub mod devices;
mod door;
pub mod preferences;
pub mod recoveries;
pub mod rules;
pub mod sandbox;
pub mod storms;
pub mod switch;
