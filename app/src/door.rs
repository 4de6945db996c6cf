//! What the server hands to every request through Leptos' context, and how pages and acts take it up.

mod theme;

pub use theme::Theme;

use crate::desk::Desk;
use crate::error::AppError;
use domain::access::Person;
use domain::id::RecoveryId;
use jiff::Timestamp;
use leptos::prelude::{expect_context, use_context};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};

/// The desk as it lies in the context.
pub type SharedDesk = Arc<dyn Desk>;

/// Where the browser finds what the site build made, and the one style sheet.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    /// The one script of a page.
    pub loader: Option<&'static str>,
    /// Glue between the browser and the wasm.
    pub js: Option<&'static str>,
    /// The wasm with all islands.
    pub wasm: Option<&'static str>,
    /// The word that tells this build from every other.
    pub build: &'static str,
    /// Text of the style sheet, exactly as it stands between the tags.
    pub css: &'static str,
}

/// What an act tells the page it leads to; shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "flash")]
pub enum FlashKind {
    /// It was not done.
    Refused(AppError),
    /// The answer to a line of the command page.
    Said {
        /// The line.
        command: String,
        /// The answer, several lines.
        reply: String,
        /// The recovery that was begun or approved.
        recovery_id: Option<RecoveryId>,
    },
    /// A line of the command page was refused.
    Unsaid {
        /// The line.
        command: String,
        /// Why.
        error: AppError,
    },
    /// A rule was not saved; what was typed is kept.
    Unsaved {
        /// Why.
        error: AppError,
        /// The fields as they were typed.
        typed: Box<TypedRule>,
    },
    /// A short good word: `Saved as version 3.`
    Done {
        /// In a sentence.
        text: String,
    },
}

/// The fields of the rule editor, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedRule {
    /// The version that was open while it was typed; none for a new rule.
    pub version: Option<u32>,
    /// Name.
    pub name: String,
    /// Position.
    pub position: String,
    /// Whether it looks at alarms.
    pub enabled: bool,
    /// Word of the mode.
    pub mode: String,
    /// Pattern.
    pub pattern: String,
    /// Lines of `name=value`.
    pub labels: String,
    /// Cluster, or nothing.
    pub cluster: String,
    /// Seconds of the veto window.
    pub veto_s: String,
    /// Word of what silence in it means.
    pub silence: String,
    /// Texts it must match, or must not.
    #[serde(default)]
    pub pins: Vec<domain::rule::Pin>,
}

/// Context of a page: what the last act of this person had to say; the server takes it from its store once.
#[derive(Debug, Clone, Default)]
pub struct Flash(pub Option<FlashKind>);

/// Context of an act: where the person goes afterwards. When it is set it wins over the Referer, after a refusal too.
#[derive(Debug, Clone, Default)]
pub struct Goto(pub Arc<Mutex<Option<String>>>);

impl Goto {
    /// Leads to a path of our own.
    pub fn see_other(&self, path: impl Into<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.into());
    }

    /// What was set.
    pub fn taken(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Context of an act: what it says to the next page. When it is set it takes the place of `Refused(error)`.
#[derive(Debug, Clone, Default)]
pub struct Outgoing(pub Arc<Mutex<Option<FlashKind>>>);

impl Outgoing {
    /// Leaves a word.
    pub fn say(&self, what: FlashKind) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(what);
    }

    /// What was left.
    pub fn taken(&self) -> Option<FlashKind> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Context of a page: makes the keys that tell one tap from a repeat of it.
#[derive(Clone)]
pub struct Intents(pub Arc<dyn Fn() -> String + Send + Sync>);

/// Context of an act: until when its key holds, on the wall clock; none when the key was not made here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Deadline(pub Option<Timestamp>);

/// What became of a tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentState {
    /// It arrived and was taken.
    Arrived,
    /// It arrived and has no outcome yet.
    UnderWay,
    /// It never arrived so far.
    Never,
    /// It arrived and was refused.
    Refused,
    /// It was taken back before it arrived: a late copy is refused.
    Void,
}

/// Context of the page of an intent, and its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntentView {
    /// The key.
    pub key: String,
    /// What became of it.
    pub state: IntentState,
    /// Where its outcome is shown.
    pub goto: Option<String>,
    /// In a sentence or two.
    pub text: String,
}

/// The end of a key's time as it stands in the key; none for a key without one.
pub fn deadline(key: &str) -> Option<Timestamp> {
    let seconds = key.split('.').nth(1)?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}

/// Context of a page: the product's clock. Without it pages read the wall.
#[derive(Clone)]
pub struct Clock {
    /// Now.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// How much faster than the wall it runs.
    pub speed: f64,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            now: Arc::new(Timestamp::now),
            speed: 1.0,
        }
    }
}

/// A fresh key for a form; empty when nobody makes them, then the form carries none.
pub fn intent() -> String {
    use_context::<Intents>().map_or_else(String::new, |make| (make.0)())
}

/// The person who acts, or the refusal.
pub fn caller() -> Result<Person, AppError> {
    use_context::<Option<Person>>()
        .flatten()
        .ok_or(AppError::SignedOut)
}

/// The desk of this request.
pub fn desk() -> SharedDesk {
    expect_context::<SharedDesk>()
}

/// Leads the person to a path of our own after the act.
pub fn see_other(path: impl Into<String>) {
    if let Some(goto) = use_context::<Goto>() {
        goto.see_other(path);
    }
}

/// Leaves a word for the page that follows.
pub fn say(what: FlashKind) {
    if let Some(outgoing) = use_context::<Outgoing>() {
        outgoing.say(what);
    }
}
