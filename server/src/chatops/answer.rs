//! Answers one line: who said it, whether it still counts, what it does, and the words that go back.

use super::{ChatOps, Seat};
use crate::web::seal::LIFE;
use app::desk::views::{Basis, CommandReply};
use app::error::AppError;
use domain::access::{Door, Person};
use domain::command::{self, Command, NotACommand};
use domain::id::RecoveryId;
use domain::moment::precise;
use engine::ports::{Button, Delivery, Heard, Saying, StoreError, Trust};
use jiff::{SignedDuration, Timestamp};
use store::accounts::Account;

/// How far a chat's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// What goes back.
#[derive(Default)]
pub(super) struct Reply {
    pub text: String,
    pub buttons: Vec<Button>,
    /// Only the person who said it is to see it.
    pub whisper: bool,
    /// The recovery in whose timeline it stands.
    pub about: Option<RecoveryId>,
}

impl Reply {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub(super) fn whisper(text: impl Into<String>) -> Self {
        Self {
            whisper: true,
            ..Self::plain(text)
        }
    }
}

impl ChatOps {
    pub(super) async fn answer(&self, name: &str, heard: &Heard) {
        let Some(seat) = self.inner.seats.get(name) else {
            return;
        };
        let reply = match self.reply(name, seat, heard).await {
            Ok(reply) => reply,
            Err(error) => Some(Reply::plain(error.to_string())),
        };
        if let Some(reply) = reply {
            self.say(name, seat, heard, reply).await;
        }
    }

    /// The chat brought an act after a later one of the same person.
    pub(super) async fn refuse_behind(&self, name: &str, heard: &Heard) {
        if let Some(seat) = self.inner.seats.get(name) {
            let text = format!(
                "\"{}\" was said before your last command and came after it. Nothing was done. Say it again if you still want it.",
                heard.text
            );
            self.say(name, seat, heard, Reply::plain(text)).await;
        }
    }

    async fn say(&self, name: &str, seat: &Seat, heard: &Heard, reply: Reply) {
        let saying = Saying {
            key: format!("answer:{name}:{}", heard.id),
            room: heard.room.clone(),
            thread: heard.thread.clone(),
            only_to: reply.whisper.then(|| heard.user.clone()),
            text: reply.text.clone(),
            buttons: reply.buttons,
        };
        match seat.chat.say(&saying).await {
            Ok(message) => {
                let now = Timestamp::now();
                self.inner
                    .states
                    .note(name, |state| state.answered = Some(now));
                if let Some(id) = reply.about {
                    self.keep_answer(name, heard, id, message, reply.text).await;
                }
            }
            Err(
                Delivery::Gone(why)
                | Delivery::Refused(why)
                | Delivery::Later { why, .. }
                | Delivery::Unknown(why),
            ) => {
                tracing::warn!(chat = name, "An answer was not taken: {why}");
                self.trouble(name, format!("an answer was not taken: {why}"));
            }
            Err(Delivery::Taken | Delivery::Said(_)) => {}
        }
    }

    async fn reply(
        &self,
        name: &str,
        seat: &Seat,
        heard: &Heard,
    ) -> Result<Option<Reply>, AppError> {
        let parsed = command::parse(&heard.text);
        if parsed == Ok(Command::Help) {
            return Ok(Some(Reply::plain(command::help())));
        }
        if let Some(text) = too_old(heard, &parsed, Timestamp::now()) {
            return Ok(Some(Reply::plain(text)));
        }
        if let Ok(Command::Link { code }) = &parsed {
            return self.link(name, heard, code).await.map(Some);
        }
        let store = &self.inner.house.store;
        let account = store.chat_person(name, &heard.user).await;
        let Some(account) = account.map_err(failed)? else {
            let asks = heard.to_us || parsed.is_ok();
            return Ok(asks.then(|| Reply::whisper(self.stranger())));
        };
        let who = person(account);
        match parsed {
            Ok(command) => self
                .carry_out(name, seat, heard, &who, &command)
                .await
                .map(Some),
            Err(wrong) => self.note_or_wrong(name, heard, &who, &wrong).await,
        }
    }

    async fn carry_out(
        &self,
        name: &str,
        seat: &Seat,
        heard: &Heard,
        who: &Person,
        command: &Command,
    ) -> Result<Reply, AppError> {
        let desk = &self.inner.desk;
        if let Command::Confirm { code } = command {
            let asked = self
                .inner
                .questions
                .take(name, &heard.user, code, Timestamp::now());
            let Some(asked) = asked else {
                return Ok(Reply::plain(
                    "I asked you nothing with this code, or more than two minutes ago. Nothing was done.",
                ));
            };
            let done = desk
                .run_sure(who, &asked.line, asked.confirm.as_deref(), &asked.basis)
                .await;
            return self.told(name, heard, who, &asked.line, done).await;
        }
        if seat.chat.can().trust == Trust::Token && command.acts() {
            return self.ask(name, heard, who, &[]).await;
        }
        let done = desk
            .run_sure(who, &heard.text, None, &Basis::default())
            .await;
        match done {
            Err(AppError::ConfirmNeeded { warnings, .. }) => {
                self.ask(name, heard, who, &warnings).await
            }
            done => self.told(name, heard, who, &heard.text, done).await,
        }
    }

    /// The answer of the desk; what acted on a recovery stands in its timeline with the message's id.
    async fn told(
        &self,
        name: &str,
        heard: &Heard,
        who: &Person,
        line: &str,
        done: Result<CommandReply, AppError>,
    ) -> Result<Reply, AppError> {
        let reply = done?;
        let acts = command::parse(&heard.text).is_ok_and(|command| command.acts());
        if let Some(id) = reply.recovery_id.filter(|_| acts) {
            let text = if line == heard.text {
                line.to_owned()
            } else {
                format!("{line}, confirmed")
            };
            self.keep_said(name, heard, who, id, text).await;
            let link = format!("{}/recoveries/{}", self.inner.public_url, id.0);
            return Ok(Reply {
                about: Some(id),
                ..Reply::plain(format!("{}\n{link}", reply.reply))
            });
        }
        Ok(Reply::plain(reply.reply))
    }
}

fn person(account: Account) -> Person {
    Person {
        name: account.name,
        role: account.role,
        door: Door::Chat,
    }
}

/// Why an act does not count any more; reads are always answered.
fn too_old(heard: &Heard, parsed: &Result<Command, NotACommand>, now: Timestamp) -> Option<String> {
    if !parsed.as_ref().is_ok_and(Command::acts) {
        return None;
    }
    let age = now.duration_since(heard.at);
    // As old as a tap may be when it arrives.
    if age > LIFE {
        return Some(format!(
            "This was said at {}, {} s before I heard it. Nothing was done. Say it again if you still want it.",
            precise(heard.at),
            age.as_secs()
        ));
    }
    (age < -AHEAD).then(|| {
        "The clock of this chat is more than 5 minutes ahead of mine. Nothing was done.".to_owned()
    })
}

pub(super) fn failed(error: StoreError) -> AppError {
    crate::desk::errors::store(error)
}
