//! The pages, one file per URL: fetch from the desk and lay out.

pub mod clusters;
pub mod command;
pub mod health;
pub mod missing;
pub mod node;
pub mod now;
pub mod recovery;
pub mod rule;
pub mod rules;
pub mod settings;
pub mod sign_in;
pub mod start;
pub mod timeline;
mod visit;
