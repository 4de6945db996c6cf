//! The islands: the few places of a page that run in the browser.

mod countdown;
mod tester;
pub mod trial;

pub use countdown::Countdown;
pub use tester::RuleTester;
