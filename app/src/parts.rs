//! The pieces that pages are laid out from: each draws what it is given and asks nobody.

pub mod actions;
pub mod alarm;
pub mod checks;
pub mod cluster;
pub mod cordon;
pub mod error;
pub mod events;
pub mod evidence;
pub mod form;
pub mod frame;
pub mod guards;
pub mod health;
pub mod icon;
pub mod list;
pub mod node;
pub mod now;
pub mod raw;
pub mod receipt;
pub mod recovery;
pub mod status;
pub mod steps;
pub mod storm;
pub mod switch;
pub mod time;
pub mod veto;
pub mod waterfall;
