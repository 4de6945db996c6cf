//! The adapter against the sandbox's Kubernetes API, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod acts;
mod credentials;
mod facts;
mod figures;
mod front;
mod healers;
mod house;
mod job;
mod manifest;
mod record;
mod rights;
mod settings;
mod sight;
