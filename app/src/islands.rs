//! The islands: the few places of a page that run in the browser.

mod command;
mod countdown;
pub mod heard;
mod keys;
#[cfg(not(feature = "ssr"))]
pub mod refusal;
pub mod suggest;
mod tester;
pub mod trial;

pub use command::CommandField;
pub use countdown::Countdown;
pub use keys::{Key, KeyStrip};
pub use tester::RuleTester;
