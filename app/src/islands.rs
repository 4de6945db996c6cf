//! The islands: the few places of a page that run in the browser.

pub mod ask;
mod command;
mod countdown;
#[cfg(feature = "ssr")]
pub mod heard;
mod keys;
#[cfg(not(feature = "ssr"))]
pub mod refusal;
pub mod suggest;
mod swap;
mod tester;
#[cfg(feature = "ssr")]
pub mod trial;

pub use command::CommandField;
pub use countdown::Countdown;
pub use keys::{Key, KeyStrip};
pub use tester::RuleTester;
