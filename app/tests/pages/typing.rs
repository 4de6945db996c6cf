//! What the hostile world says while somebody types.

use crate::desk::Fake;
use crate::world::{HOSTILE, at};
use app::desk::Typing;
use app::desk::views::{CommandHelp, Offered, Reading, ReadingKind, Said, SaidView};
use app::error::AppError;
use async_trait::async_trait;
use domain::access::Person;
use domain::id::{AlarmId, RecoveryId};

fn offered() -> Offered {
    Offered {
        line: "10.0.0.12 startup".to_owned(),
        what: HOSTILE.to_owned(),
    }
}

#[async_trait]
impl Typing for Fake {
    async fn read_command(&self, _: &Person, text: &str) -> Result<Reading, AppError> {
        let wrong = text.starts_with("make");
        self.answer(Reading {
            kind: if wrong {
                ReadingKind::Wrong
            } else {
                ReadingKind::Act
            },
            text: format!("Start node-12 (10.0.0.12) in prod. {HOSTILE}"),
            position: wrong.then_some(5),
            offers: vec![offered()],
            target: None,
        })
    }
    async fn command_help(&self, _: &Person) -> Result<CommandHelp, AppError> {
        self.answer(CommandHelp {
            calls: self.many(vec![offered()]),
            firing: self.many(vec!["node-12".to_owned()]),
            examples: vec![offered(); 6],
        })
    }
    async fn shared(&self, _: &Person, text: &str) -> Result<Option<Offered>, AppError> {
        self.answer(text.contains("10.0.0.12").then(offered))
    }
    async fn said(&self, _: &Person) -> Result<Vec<SaidView>, AppError> {
        let one = |id: u64| SaidView {
            id,
            at: at(-30),
            said: Said {
                line: if id.is_multiple_of(2) {
                    "status"
                } else {
                    "10.0.0.12 startup"
                }
                .to_owned(),
                reply: HOSTILE.to_owned(),
                refused: id == 3,
                recovery: Some(RecoveryId(12)),
            },
            acts: !id.is_multiple_of(2),
        };
        Ok(self.many((1..=12).rev().map(one).collect()))
    }
    async fn keep_said(&self, _: &Person, _: &Said) -> Result<(), AppError> {
        self.answer(())
    }
    async fn begin_pattern(&self, _: &Person, _: AlarmId) -> Result<String, AppError> {
        self.answer(format!("(?P<ip>x){HOSTILE}"))
    }
}
