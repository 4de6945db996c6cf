//! Checks of the team behind the Check port, and the gauge of the impact; one module per kind.
//!
//! A Job is run by the crate `cluster`, which has the way to Kubernetes.

pub mod command;
mod fill;
pub mod http;
pub mod impact;
pub mod prometheus;
pub mod promql;
pub mod tcp;
mod way;

pub use way::Way;
