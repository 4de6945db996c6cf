//! Answers one line: who said it, whether it still counts, what it does, and the words that go back.

use super::ask::Asked;
use super::{ChatOps, Seat};
use crate::web::accounts::{Accounts, Entry};
use app::desk::Typing;
use app::desk::views::{Basis, CommandReply, ReadingKind};
use app::error::AppError;
use domain::access::{Door, Person};
use domain::command::{self, Command, NotACommand};
use domain::event::What;
use domain::guard::Warning;
use domain::id::RecoveryId;
use domain::message::About;
use domain::moment::precise;
use engine::ports::{Button, Delivery, Heard, Recipient, Saying, StoreError, Trust};
use jiff::{SignedDuration, Timestamp};
use store::accounts::{Account, Hash};

/// How old an act may be when it is heard: as old as a tap may be.
const OLD: SignedDuration = SignedDuration::from_secs(90);
/// How far a chat's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// What goes back.
#[derive(Default)]
struct Reply {
    text: String,
    buttons: Vec<Button>,
    /// Only the person who said it is to see it.
    whisper: bool,
}

impl Reply {
    fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    fn whisper(text: impl Into<String>) -> Self {
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
            text: reply.text,
            buttons: reply.buttons,
        };
        match seat.chat.say(&saying).await {
            Ok(_) => self
                .inner
                .states
                .note(name, |state| state.answered = Some(Timestamp::now())),
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

    fn stranger(&self) -> String {
        format!(
            "I do not know you in this chat. Sign in at {}/settings, take a link code under Chats, and say here: link <code>. Until then I only answer to: help",
            self.inner.public_url
        )
    }

    /// From now on this user is that person.
    async fn link(&self, name: &str, heard: &Heard, code: &str) -> Result<Reply, AppError> {
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

    /// Tells the facts and asks for four digits.
    async fn ask(
        &self,
        name: &str,
        heard: &Heard,
        who: &Person,
        warnings: &[Warning],
    ) -> Result<Reply, AppError> {
        let desk = &self.inner.desk;
        let reading = desk.read_command(who, &heard.text).await?;
        if matches!(reading.kind, ReadingKind::Held | ReadingKind::Wrong) {
            return Ok(Reply::plain(reading.text));
        }
        let needed = reading.kind == ReadingKind::Confirm || !warnings.is_empty();
        let mut asked = Asked {
            line: heard.text.clone(),
            confirm: None,
            basis: Basis::default(),
        };
        let mut target = reading.target;
        if target.is_none()
            && let Ok(Command::Approve { id }) = command::parse(&heard.text)
        {
            let told = app::desk::Desk::recovery(desk, who, id).await?;
            target = Some((told.cluster, told.node));
        } else if let Some((cluster, node)) = &target {
            asked.line = format!("{cluster}/{node} startup");
            asked.basis.facts = Some(app::desk::Desk::node(desk, who, cluster, node).await?.facts);
        }
        if needed && let Some((_, node)) = &target {
            let short = node.as_str().split('.').next().unwrap_or(node.as_str());
            asked.confirm = Some(short.to_owned());
        }
        let mut lines = vec![reading.text];
        if reading.kind != ReadingKind::Confirm {
            lines.extend(warnings.iter().map(Warning::text));
        }
        let now = Timestamp::now();
        let code = self.inner.questions.ask(name, &heard.user, asked, now);
        lines.push(format!("To go on, say within 2 minutes: confirm {code}"));
        Ok(Reply {
            text: lines.join("\n"),
            buttons: vec![Button {
                label: "Confirm".to_owned(),
                line: format!("confirm {code}"),
            }],
            whisper: true,
        })
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
            return Ok(Reply::plain(format!("{}\n{link}", reply.reply)));
        }
        Ok(Reply::plain(reply.reply))
    }

    /// Words under the message of a recovery are a note in its timeline; others are wrong if they were meant for us.
    async fn note_or_wrong(
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
                && who.may(domain::access::Role::Responder)
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
    async fn keep_said(
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
    if age > OLD {
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

fn failed(error: StoreError) -> AppError {
    crate::desk::store_error(error)
}
