//! The adapter against the sandbox's Kubernetes API, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod acts;
mod facts;
mod figures;
mod healers;
mod house;
mod job;
mod record;
mod settings;
mod sight;
