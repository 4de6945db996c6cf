//! What people say goes into the timeline of the recovery it is about, with the message's id.

use super::ChatOps;
use super::answer::{Reply, failed};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::command::NotACommand;
use domain::event::What;
use domain::id::RecoveryId;
use domain::message::About;
use domain::timeline::ChatWord;
use engine::ports::{Heard, Recipient};

impl ChatOps {
    /// Words under the message of a recovery are a note in its timeline; others are wrong if they were meant for us.
    pub(super) async fn note_or_wrong(
        &self,
        name: &str,
        heard: &Heard,
        who: &Person,
        wrong: &NotACommand,
    ) -> Result<Option<Reply>, AppError> {
        if let Some(thread) = &heard.thread {
            let room = Recipient::Room {
                chat: name.to_owned(),
                room: heard.room.clone(),
            };
            let about = self.inner.house.store.thread_about(&room, thread).await;
            if let Some(About::Recovery(id)) = about.map_err(failed)?
                && who.may(Role::Responder)
            {
                self.keep_said(name, heard, who, id, heard.text.clone())
                    .await;
                return Ok(None);
            }
        }
        let nearest = wrong
            .nearest
            .as_ref()
            .map(|call| format!(" Did you mean: {call}"))
            .unwrap_or_default();
        Ok(heard
            .to_us
            .then(|| Reply::plain(format!("{}.{nearest}", wrong.message.trim_end_matches('.')))))
    }

    /// It was carried out already: that its words could not be kept is told in the log and the settings.
    pub(super) async fn keep_said(
        &self,
        name: &str,
        heard: &Heard,
        who: &Person,
        id: RecoveryId,
        text: String,
    ) {
        let said = What::Said {
            text,
            chat: name.to_owned(),
            message: heard.id.clone(),
        };
        if let Err(error) = self.inner.house.engine.order_said(who, id, &said).await {
            tracing::warn!(%error, chat = name, recovery = id.0, "What was said is not in the timeline");
            self.trouble(
                name,
                format!("what was said is not in the timeline of {id}: {error}"),
            );
        }
    }

    /// Our own answer, with its id.
    pub(super) async fn keep_answer(
        &self,
        name: &str,
        heard: &Heard,
        id: RecoveryId,
        message: String,
        text: String,
    ) {
        let engine = &self.inner.house.engine;
        let word = ChatWord {
            at: engine.now(),
            chat: name.to_owned(),
            room: heard.room.clone(),
            message,
            answers: Some(heard.id.clone()),
            text,
        };
        match self.inner.house.store.keep_chat_word(id, &word).await {
            Ok(()) => engine.words_kept(id),
            Err(error) => {
                self.trouble(
                    name,
                    format!("what was answered is not in the timeline of {id}: {error}"),
                );
            }
        }
    }
}
