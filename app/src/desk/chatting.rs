//! The chats, and who a person is in them.

use super::views::ChatsView;
use crate::error::AppError;
use async_trait::async_trait;
use domain::access::Person;

/// The part of the desk that knows of chats.
#[async_trait]
pub trait Chatting: Send + Sync {
    /// How each chat is doing, and in which of them this person is known.
    async fn chats(&self, who: &Person) -> Result<ChatsView, AppError>;
    /// Eight digits for this person to say in a chat: whoever says them there first is this person from then on.
    async fn show_link_code(&self, who: &Person) -> Result<String, AppError>;
    /// Takes one of the person's own links back.
    async fn unlink_chat(&self, who: &Person, chat: &str, user: &str) -> Result<(), AppError>;
}
