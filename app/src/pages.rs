//! The pages, one file per URL: fetch from the desk and lay out.

pub mod arm;
pub mod clusters;
pub mod command;
pub mod config;
pub mod cordons;
pub mod devices;
pub mod health;
pub mod incident;
pub mod intent;
pub mod missing;
pub mod node;
pub mod now;
pub mod offline;
pub mod recovery;
pub mod rule;
pub mod rules;
pub mod settings;
pub mod sign_in;
pub mod start;
pub mod storms;
pub mod timeline;
pub mod unconfirmed;
mod visit;
