//! The adapter against the sandbox's Kubernetes API, over real sockets.

mod acts;
mod facts;
mod figures;
mod house;
mod settings;
mod sight;
