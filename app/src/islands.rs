//! The islands: the few places of a page that run in the browser.

mod countdown;
#[cfg(not(feature = "ssr"))]
pub mod refusal;
mod tester;
pub mod trial;

pub use countdown::Countdown;
pub use tester::RuleTester;
