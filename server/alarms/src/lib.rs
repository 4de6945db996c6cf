//! Alarm sources: reads their wire and closes the alarm where it came from.

pub mod alertmanager;
pub mod auth;
pub mod callback;
mod close;
pub mod every;
pub mod pagerduty;
pub mod read;
pub mod signature;
pub mod silent;

pub use close::Ask;
pub use read::{Format, Parsed, ReadError, read};
