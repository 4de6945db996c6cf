//! What holds an act back, and the numbers it is held back by.

mod gate;
mod limits;
mod replay;
mod scene;
pub mod storm;
mod switch;
mod warning;
mod window;

pub use gate::{Gate, HeldBy, gate};
pub use limits::{Closes, Guards};
pub use replay::{Replayed, replay};
pub use scene::Scene;
pub use storm::Breaker;
pub use switch::Switch;
pub use warning::{Warning, warnings};
pub use window::Window;
