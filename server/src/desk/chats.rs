//! Chats for people: how each is doing, and who they are in them. Codes and links live on the wall clock.

use super::{TheDesk, errors, needs};
use crate::chatops::Seat;
use app::desk::Chatting;
use app::desk::views::{ChatLinkView, ChatRoomView, ChatView, ChatsView};
use app::error::AppError;
use async_trait::async_trait;
use domain::access::{Door, Person, Role};
use engine::ports::{Recipient, StoreError};
use jiff::{SignedDuration, Timestamp};
use store::accounts::{Hash, NewAudit};

/// How long a link code lives.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(5);

#[async_trait]
impl Chatting for TheDesk {
    async fn chats(&self, who: &Person) -> Result<ChatsView, AppError> {
        needs(who, Role::Viewer)?;
        let mut chats = Vec::new();
        if let Some(telling) = &self.house.telling {
            for (name, seat) in telling.chats.iter() {
                let state = telling.states.of(name);
                chats.push(ChatView {
                    name: name.clone(),
                    kind: seat.kind.to_owned(),
                    listening_since: state.since,
                    last_heard: state.heard,
                    last_answer: state.answered,
                    trouble: state.trouble,
                    rooms: self.rooms(name, seat).await?,
                });
            }
        }
        let links = self.house.store.chat_links(&who.name).await;
        let links = links.map_err(errors::store)?;
        let mine = links.into_iter().map(|link| ChatLinkView {
            chat: link.chat,
            user: link.user,
            since: link.linked_at,
        });
        Ok(ChatsView {
            chats,
            mine: mine.collect(),
        })
    }

    async fn show_link_code(&self, who: &Person) -> Result<String, AppError> {
        needs(who, Role::Viewer)?;
        let telling = self.house.telling.as_ref();
        if telling.is_none_or(|telling| telling.chats.is_empty()) {
            return Err(AppError::Conflict {
                text: "No chat is set up. An admin adds one as [[chat]] in the config.".to_owned(),
            });
        }
        let known = self.house.store.person(&who.name).await;
        // A program may have the name of a person, and is still not that person.
        if who.door != Door::Page || known.map_err(errors::store)?.is_none() {
            return Err(AppError::Conflict {
                text: "Only a person who signed in with a browser can be linked to a chat."
                    .to_owned(),
            });
        }
        loop {
            let code = format!("{:08}", rand::random_range(0..100_000_000));
            let now = Timestamp::now();
            let shown = self
                .house
                .store
                .show_link_code(&who.name, Hash::of(&code), now + CODE_LIFE, now)
                .await;
            match shown {
                Ok(()) => {
                    self.noted(who, "chat_code_shown", "chat").await;
                    return Ok(code);
                }
                // Somebody else is shown the same eight digits right now.
                Err(StoreError::Taken(_)) => {}
                Err(error) => return Err(errors::store(error)),
            }
        }
    }

    async fn unlink_chat(&self, who: &Person, chat: &str, user: &str) -> Result<(), AppError> {
        needs(who, Role::Viewer)?;
        let there = self.house.store.unlink(&who.name, chat, user).await;
        let target = format!("{user} in {chat}");
        if !there.map_err(errors::store)? {
            return Err(AppError::NotFound {
                what: format!("Your link to {target}"),
            });
        }
        self.noted(who, "chat_unlinked", &target).await;
        Ok(())
    }
}

impl TheDesk {
    async fn rooms(&self, chat: &str, seat: &Seat) -> Result<Vec<ChatRoomView>, AppError> {
        let mut rooms = Vec::new();
        for (id, wants) in &seat.rooms {
            let to = Recipient::Room {
                chat: chat.to_owned(),
                room: id.clone(),
            };
            let last = self.house.store.last_letter(&to).await;
            rooms.push(ChatRoomView {
                id: id.clone(),
                channels: wants.channels.clone(),
                last: last.map_err(errors::store)?.map(|row| self.letter(row)),
            });
        }
        Ok(rooms)
    }

    /// A line of the audit; what was done stands even where it cannot be written.
    async fn noted(&self, who: &Person, action: &str, target: &str) {
        let row = NewAudit {
            at: Timestamp::now(),
            actor: who.name.to_string(),
            door: "page".to_owned(),
            action: action.to_owned(),
            target: target.to_owned(),
            detail: String::new(),
        };
        if let Err(error) = self.house.store.audit(&row).await {
            tracing::error!("A line of the audit could not be written: {error}");
        }
    }
}
