//! What the make-believe desk keeps: orders, the refusal it was told, one rule.

use super::things;
use app::desk::views::Preferences;
use app::error::AppError;
use domain::access::Person;
use domain::id::RuleId;
use domain::rule::Rule;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

pub struct FakeDesk {
    pub(super) orders: Mutex<Vec<String>>,
    pub(super) refusal: Mutex<Option<AppError>>,
    pub noted: Mutex<Vec<String>>,
    pub(super) rule: Mutex<Rule>,
    pub(super) mine: Mutex<Preferences>,
    pub(super) starting: AtomicUsize,
    /// Closed to hold a start under way.
    pub gate: Semaphore,
}

impl FakeDesk {
    pub fn new() -> Self {
        let rule = Rule {
            id: RuleId(1),
            version: 1,
            draft: things::draft("host-down"),
        };
        Self {
            orders: Mutex::default(),
            refusal: Mutex::default(),
            noted: Mutex::default(),
            rule: Mutex::new(rule),
            mine: Mutex::default(),
            starting: AtomicUsize::new(0),
            gate: Semaphore::new(100),
        }
    }

    /// From now on everything is refused with this, or nothing.
    pub fn refuse(&self, error: Option<AppError>) {
        *self.refusal.lock().expect("no panic inside") = error;
    }

    /// How many starts have come so far, held ones too.
    pub fn starting(&self) -> usize {
        self.starting.load(Ordering::SeqCst)
    }

    pub fn orders(&self) -> Vec<String> {
        self.orders.lock().expect("no panic inside").clone()
    }

    pub(super) fn order(&self, who: &Person, what: impl Into<String>) -> Result<(), AppError> {
        if let Some(error) = self.refusal.lock().expect("no panic inside").clone() {
            return Err(error);
        }
        self.orders
            .lock()
            .expect("no panic inside")
            .push(format!("{} {}", who.name, what.into()));
        Ok(())
    }

    /// Remembers what is done besides orders.
    pub fn note(&self, what: String) {
        self.noted.lock().expect("no panic inside").push(what);
    }

    pub(super) fn known(&self, id: u64) -> Result<(), AppError> {
        if id == 1 || id == 7 {
            Ok(())
        } else {
            Err(AppError::NotFound {
                what: format!("#{id}"),
            })
        }
    }
}
