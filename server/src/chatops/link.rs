//! Who somebody is in a chat: by a code that the person was shown while signed in, never by a name.

use super::ChatOps;
use super::answer::{Reply, failed};
use crate::web::accounts::{Accounts, Entry};
use app::error::AppError;
use domain::access::Door;
use engine::ports::Heard;
use jiff::Timestamp;
use store::accounts::Hash;

impl ChatOps {
    pub(super) fn stranger(&self) -> String {
        format!(
            "I do not know you in this chat. Sign in at {}/settings, take a link code under Chats, and say here: link <code>. Until then I only answer to: help",
            self.inner.public_url
        )
    }

    /// From now on this user is that person.
    pub(super) async fn link(
        &self,
        name: &str,
        heard: &Heard,
        code: &str,
    ) -> Result<Reply, AppError> {
        let store = &self.inner.house.store;
        let tries = format!("chat:{name}:{}", heard.user);
        if !store.may_try(&tries).await.map_err(failed)? {
            return Ok(Reply::whisper(
                "Too many wrong codes. Try again in a quarter of an hour.",
            ));
        }
        let linked = store
            .link(name, &heard.user, Hash::of(code), Timestamp::now())
            .await;
        let linked = linked.map_err(failed)?;
        let (actor, action) = match &linked {
            Some(account) => (account.name.to_string(), "chat_linked"),
            None => (heard.user.clone(), "chat_link_refused"),
        };
        let entry = Entry {
            actor,
            door: Door::Chat,
            action,
            target: format!("chat {name}"),
            detail: format!("user {}, message {}", heard.user, heard.id),
        };
        Accounts::audit(store, entry).await.map_err(failed)?;
        Ok(match linked {
            Some(account) => {
                store.forgive(&tries).await.map_err(failed)?;
                Reply::plain(format!(
                    "From now on you are {} here, {}.",
                    account.name,
                    account.role.word()
                ))
            }
            None => Reply::whisper(
                "This code is wrong, used or too old. Take a new one in Settings, under Chats.",
            ),
        })
    }
}
