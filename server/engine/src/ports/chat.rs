//! Chats: what people say in them, and what is said to them; one adapter per kind of chat.

use super::Delivery;
use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

/// What a person said in a chat, in words or by a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its id in that chat: who brings the same one again brings nothing new.
    pub id: String,
    /// The chat's own id of the person; never a name that the person can choose.
    pub user: String,
    /// The room, channel or conversation.
    pub room: String,
    /// The message under which it was said, if it stands in a thread.
    pub thread: Option<String>,
    /// When, as the chat says, on the wall clock.
    pub at: Timestamp,
    /// What: one line of the grammar, or anything else. The mention of us is taken off.
    pub text: String,
    /// Whether it was meant for us: a direct message, a mention, a slash command, a button, a word in one of our threads.
    /// What is not is no error where it is no command.
    pub to_us: bool,
}

/// What a chat brought at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// In the order of the chat.
    pub heard: Vec<Heard>,
    /// From where the chat is read on after a restart; `None` where it cannot be read back.
    pub cursor: Option<String>,
}

/// A button under a message: who presses it says its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// The line of the grammar, such as `approve 1042`.
    pub line: String,
}

/// What is said in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// The same for every try of one message; where the chat knows such keys, it shows the message once.
    pub key: String,
    /// Where.
    pub room: String,
    /// Under which message, where the chat has threads or replies.
    pub thread: Option<String>,
    /// Only this person (by the chat's id) is to see it, where the chat can do that.
    pub only_to: Option<String>,
    /// Plain text in lines; whatever the chat takes for markup is shown as it is.
    pub text: String,
    /// Buttons; a chat without them writes their lines below the text.
    pub buttons: Vec<Button>,
}

/// How far a message of a chat can be trusted to come from the person it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The chat signs what it sends, or is read with our own account.
    Full,
    /// Only a fixed token: whoever has it can name any person, so every act asks that person back on another way.
    Token,
}

/// What a kind of chat can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Can {
    /// A message can be replaced after it was said.
    pub edit: bool,
    /// A message can stand under another one.
    pub threads: bool,
    /// Whether a message may be shown to one person only.
    pub whisper: bool,
    /// How far it is trusted.
    pub trust: Trust,
}

/// A request to `/hooks/chat/{chat}` as it came.
pub struct HookRequest<'a> {
    /// A header by its lower-case name.
    pub header: &'a (dyn Fn(&str) -> Option<&'a str> + Send + Sync),
    /// The bytes that were signed.
    pub body: &'a [u8],
    /// When it came, on the wall clock.
    pub now: Timestamp,
}

/// What a request to a hook meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hooked {
    /// What people said with it.
    pub heard: Vec<Heard>,
    /// What the chat wants to read back, as (content type, body); nothing: an empty 200.
    pub answer: Option<(&'static str, String)>,
}

/// Why a request to a hook is turned away; the words never repeat what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Turned {
    /// This chat is not told by requests.
    #[error("this chat has no hook")]
    NoHook,
    /// It does not show what it must: signature, token, time.
    #[error("{0}")]
    Forged(String),
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// Our own secret cannot be read at the moment.
    #[error("{0}")]
    Later(String),
}

/// One chat. It carries words both ways; it decides nothing, stores nothing and never tries twice.
#[async_trait]
pub trait Chat: Send + Sync {
    /// What it can do.
    fn can(&self) -> Can;
    /// Listens on a connection of its own, until it breaks: answers why. `from`: the last cursor that was handed over.
    /// What was said before the very first start is never handed over. A batch without words says that the connection
    /// stands. A chat that is told by requests alone checks that its account answers and then waits for ever.
    async fn listen(&self, from: Option<String>, ear: Sender<Batch>) -> String;
    /// Reads a request to its hook.
    fn hook(&self, request: &HookRequest<'_>) -> Result<Hooked, Turned>;
    /// Says something within 10 s; answers the message's id.
    async fn say(&self, saying: &Saying) -> Result<String, Delivery>;
    /// The room in which only this person (by the chat's id) and we are, within 10 s; nothing is said yet. In most chats
    /// the person's id stands for it.
    async fn alone_with(&self, user: &str) -> Result<String, Delivery> {
        Ok(user.to_owned())
    }
    /// Puts other words and buttons in the place of a message of ours, within 10 s.
    async fn edit(&self, message: &str, saying: &Saying) -> Result<(), Delivery>;
    /// Who we are there, for the doctor and the settings: looks only.
    async fn account(&self) -> Result<String, String>;
}
