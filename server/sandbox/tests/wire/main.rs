//! The world as callers meet it: over HTTP, with nothing of the crate but its handle.

mod cloud;
mod faults;
mod kubernetes;
mod patches;
mod recovery;
mod rig;
mod traces;
mod types;
mod watches;
