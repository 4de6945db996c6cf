//! Server functions: find who asks and the desk, ask it, say where to go next.

#![expect(
    missing_docs,
    reason = "the macro writes public fields for arguments, without docs"
)]

pub mod command;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod alarms;
#[cfg(feature = "ssr")]
pub mod clusters;
#[cfg(feature = "ssr")]
pub mod cordons;
#[cfg(feature = "ssr")]
pub mod devices;
#[cfg(feature = "ssr")]
mod door;
#[cfg(feature = "ssr")]
pub mod preferences;
#[cfg(feature = "ssr")]
pub mod recoveries;
#[cfg(feature = "ssr")]
pub mod sandbox;
#[cfg(feature = "ssr")]
pub mod storms;
#[cfg(feature = "ssr")]
pub mod switch;
