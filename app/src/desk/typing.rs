//! What helps a person who types a command or a rule: everything here reads.

use super::views::{CommandHelp, Offered, Reading, Said, SaidView};
use crate::error::AppError;
use async_trait::async_trait;
use domain::access::Person;
use domain::id::AlarmId;

/// The part of the desk that reads along while somebody types.
#[async_trait]
pub trait Typing: Send + Sync {
    /// What running a line would do; does nothing.
    async fn read_command(&self, who: &Person, text: &str) -> Result<Reading, AppError>;
    /// Calls, keys and examples for this person now, from the watch cache.
    async fn command_help(&self, who: &Person) -> Result<CommandHelp, AppError>;
    /// The call that a shared text is about: the text itself if it is one, else the start of a node it names.
    async fn shared(&self, who: &Person, text: &str) -> Result<Option<Offered>, AppError>;
    /// Lines this person ran, newest first, at most 50.
    async fn said(&self, who: &Person) -> Result<Vec<SaidView>, AppError>;
    /// Keeps a line that was run, with its answer.
    async fn keep_said(&self, who: &Person, said: &Said) -> Result<(), AppError>;
    /// The pattern a rule may begin with so that it matches this alarm.
    async fn begin_pattern(&self, who: &Person, alarm: AlarmId) -> Result<String, AppError>;
}
