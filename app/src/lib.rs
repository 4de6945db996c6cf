//! What people see: Leptos pages and parts, and the door (Desk) through which they ask and order.

pub mod error;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod desk;
