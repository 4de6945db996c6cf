//! Carries words to and from chats, one module per kind; decides nothing, stores nothing and never tries twice.

pub mod http;
pub mod matrix;
pub mod mattermost;
pub mod slack;
pub mod telegram;
pub mod words;

use std::sync::Arc;

/// Reads a secret at the moment it is used; the error is a sentence without the secret.
pub type Ask = Arc<dyn Fn() -> Result<String, String> + Send + Sync>;
