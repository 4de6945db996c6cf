//! What people see: Leptos pages and parts, and the door (Desk) through which they ask and order.

#[cfg(feature = "ssr")]
pub mod calls;
#[cfg(feature = "ssr")]
pub mod error;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
mod door;
#[cfg(feature = "ssr")]
pub mod links;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod parts;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use door::{
    Clock, Deadline, Flash, FlashKind, Goto, IntentState, IntentView, Intents, Outgoing,
    SharedDesk, Site, Theme, TypedRule, caller, deadline, desk, intent, say, see_other,
};
#[cfg(feature = "ssr")]
pub use parts::icon::{Icon, icon};
#[cfg(feature = "ssr")]
pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
