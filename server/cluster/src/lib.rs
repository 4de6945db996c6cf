//! Kubernetes behind the Cluster port: watch caches, fresh reads, cordon and uncordon.
//!
//! `connect` builds the clients; `feed` follows one kind each and keeps `tables`; `sight` says whether that view is current;
//! `fresh` and `healer` read past the cache for decisions and `record` for the record; `patch` acts. `rights` is all of that as rights, and
//! `doctor` says which of them are missing. `wire` is what we keep of Kubernetes' own types.

mod adapter;
mod ask;
mod connect;
mod doctor;
mod feed;
mod fresh;
mod healer;
pub mod job;
mod kind;
mod link;
mod node;
mod patch;
mod pin;
mod pod;
mod probe;
mod quantity;
mod record;
pub mod rights;
mod sight;
mod tables;
mod wire;
mod workload;

pub use adapter::Kube;
pub use connect::{ConnectError, Pod, Settings};
pub use doctor::{Finding, examine};
pub use node::HOST as HOST_LABEL;
