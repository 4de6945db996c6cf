//! Checks of the team whose answers a test chooses; what they run stands in the world's ledger.

use super::FakeWorld;
use crate::ports::{Check, Gauge};
use crate::{SiteCheck, SiteImpact};
use async_trait::async_trait;
use domain::check::{Ask, CheckKind, CheckName, Seen, TeamCheck, Tried, When};
use jiff::Timestamp;
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One check; clones share what it answers and what it ran, as what is outside outlives the process.
#[derive(Clone)]
pub struct FakeCheck {
    planned: TeamCheck,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Answers to give, first one first; after them it passes.
    answers: VecDeque<Tried>,
    /// Whether it never answers at all.
    hangs: bool,
    /// Keys of the jobs that were made.
    made: BTreeSet<String>,
}

impl FakeCheck {
    /// A check that passes; its limit is 60 s, its pause 5 s, the time of one try 10 s.
    pub fn new(kind: CheckKind, when: When, name: &str) -> Self {
        Self {
            planned: TeamCheck {
                name: CheckName::parse(name).expect("a plain name is valid"),
                kind,
                when,
                limit_s: 60,
                every_s: 5,
            },
            state: Arc::default(),
        }
    }

    /// Its next answers, before it passes.
    #[must_use]
    pub fn answers(self, answers: impl IntoIterator<Item = Tried>) -> Self {
        self.with(|state| state.answers.extend(answers));
        self
    }

    /// It never answers.
    #[must_use]
    pub fn hangs(self) -> Self {
        self.with(|state| state.hangs = true);
        self
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The check as a site has it.
    pub(super) fn site(&self, world: &FakeWorld) -> SiteCheck {
        SiteCheck {
            planned: self.planned.clone(),
            timeout: Duration::from_secs(10),
            what: "make-believe".to_owned(),
            port: Arc::new(AtWork {
                check: self.clone(),
                world: world.clone(),
            }),
        }
    }
}

struct AtWork {
    check: FakeCheck,
    world: FakeWorld,
}

#[async_trait]
impl Check for AtWork {
    async fn try_once(&self, ask: &Ask) -> Tried {
        let kind = self.check.planned.kind;
        let fresh = self.check.with(|state| state.made.insert(ask.key.clone()));
        let begins = kind.acts() && ask.begin && (fresh || kind != CheckKind::Job);
        if begins {
            self.world.note(format!("run {}", ask.check));
        }
        if self.check.with(|state| state.hangs) {
            std::future::pending::<()>().await;
        }
        let passed = || Tried::Passed(Seen::new("all is well"));
        let next = self.check.with(|state| state.answers.pop_front());
        next.unwrap_or_else(passed)
    }

    async fn ready(&self) -> Result<(), String> {
        Ok(())
    }
}

/// How a make-believe gauge behaves.
#[derive(Clone, Copy)]
pub enum FakeGauge {
    /// It tells the second of the moment it is asked about.
    Tells,
    /// It refuses.
    Refuses,
    /// It never answers.
    Hangs,
}

impl FakeGauge {
    /// The gauge as a site has it.
    pub(super) fn site(self) -> SiteImpact {
        SiteImpact {
            what: "the second".to_owned(),
            gauge: Arc::new(self),
        }
    }
}

#[async_trait]
impl Gauge for FakeGauge {
    async fn read(&self, at: Timestamp) -> Result<f64, String> {
        match self {
            Self::Tells => Ok(at.as_second() as f64),
            Self::Refuses => Err("refused".to_owned()),
            Self::Hangs => std::future::pending().await,
        }
    }
}
