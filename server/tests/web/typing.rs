//! The part of the make-believe desk that reads along.

use super::kept::FakeDesk;
use app::desk::Typing;
use app::desk::views::{CommandHelp, Offered, Reading, ReadingKind, Said, SaidView};
use app::error::AppError;
use async_trait::async_trait;
use domain::access::Person;
use domain::id::AlarmId;

#[async_trait]
impl Typing for FakeDesk {
    async fn read_command(&self, _: &Person, text: &str) -> Result<Reading, AppError> {
        Ok(Reading {
            kind: ReadingKind::Read,
            text: format!("Reads {text}."),
            position: None,
            offers: Vec::new(),
            target: Some((super::things::prod(), super::things::node12())),
        })
    }
    async fn command_help(&self, _: &Person) -> Result<CommandHelp, AppError> {
        Ok(CommandHelp::default())
    }
    async fn shared(&self, _: &Person, _: &str) -> Result<Option<Offered>, AppError> {
        Ok(None)
    }
    async fn said(&self, _: &Person) -> Result<Vec<SaidView>, AppError> {
        Ok(Vec::new())
    }
    async fn keep_said(&self, who: &Person, said: &Said) -> Result<(), AppError> {
        self.note(format!("{} keeps {}", who.name, said.line));
        Ok(())
    }
    async fn begin_pattern(&self, _: &Person, _: AlarmId) -> Result<String, AppError> {
        Ok("HOST (?P<ip>.+)".to_owned())
    }
}
