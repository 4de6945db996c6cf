//! What Uncordon knows and decides: pure, without IO, clock, async or randomness.
//!
//! Arrows inside: `id <- alarm <- rule`, `id <- world`, `{rule, world, guard} <- plan`, `step <- plan`,
//! `{plan, step} <- event <- recovery <- {restart, timeline, receipt} <- report`.

pub mod access;
pub mod alarm;
pub mod baseline;
pub mod check;
pub mod command;
pub mod event;
pub mod facts;
pub mod guard;
pub mod health;
pub mod id;
pub mod impact;
pub mod incident;
pub mod ledger;
pub mod message;
pub mod moment;
pub mod plan;
pub mod receipt;
pub mod recovery;
pub mod report;
pub mod rule;
pub mod step;
pub mod target;
pub mod timeline;
pub mod trigger;
pub mod watch;
pub mod world;
