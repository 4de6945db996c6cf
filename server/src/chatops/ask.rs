//! Asks back before an act that needs it: four digits, for this person in this chat only, for two minutes.

use app::desk::views::Basis;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long a question stands, on the wall clock.
const LIFE: SignedDuration = SignedDuration::from_mins(2);
/// Wrong answers after which a question is dropped.
const WRONG_MAX: u32 = 3;

/// What was asked back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The line, with the node it meant then: `@last` may mean another one by now.
    pub line: String,
    /// The node's short name, where the answer confirms what was warned of.
    pub confirm: Option<String>,
    /// What was seen when it was asked.
    pub basis: Basis,
}

struct Open {
    asked: Asked,
    code: String,
    until: Timestamp,
    wrong: u32,
}

/// The open questions by chat and user; a restart forgets them, and then nothing is done.
#[derive(Default)]
pub struct Questions(Mutex<BTreeMap<(String, String), Open>>);

impl Questions {
    /// Asks; an older question to the same user falls. Answers the four digits.
    pub fn ask(&self, chat: &str, user: &str, asked: Asked, now: Timestamp) -> String {
        let code = format!("{:04}", rand::random_range(0..10_000));
        let mut all = self.all();
        all.retain(|_, one| now < one.until);
        let basis = Basis {
            not_after: Some(now + LIFE),
            ..asked.basis
        };
        let open = Open {
            asked: Asked { basis, ..asked },
            code: code.clone(),
            until: now + LIFE,
            wrong: 0,
        };
        all.insert((chat.to_owned(), user.to_owned()), open);
        code
    }

    /// What the code says yes to, once.
    pub fn take(&self, chat: &str, user: &str, code: &str, now: Timestamp) -> Option<Asked> {
        let key = (chat.to_owned(), user.to_owned());
        let mut all = self.all();
        let open = all.get_mut(&key)?;
        if now >= open.until {
            all.remove(&key);
            return None;
        }
        if open.code != code {
            open.wrong += 1;
            if open.wrong >= WRONG_MAX {
                all.remove(&key);
            }
            return None;
        }
        all.remove(&key).map(|open| open.asked)
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<(String, String), Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked {
            line: "prod/node-12 startup".to_owned(),
            confirm: None,
            basis: Basis::default(),
        }
    }

    /// A code that is not this one.
    fn other(code: &str) -> &'static str {
        if code == "0000" { "0001" } else { "0000" }
    }

    #[test]
    fn a_code_says_yes_once_to_its_own_person_in_its_own_chat() {
        let (questions, now) = (Questions::default(), Timestamp::UNIX_EPOCH);
        let code = questions.ask("ops", "U1", asked(), now);
        assert_eq!(questions.take("ops", "U2", &code, now), None);
        assert_eq!(questions.take("other", "U1", &code, now), None);
        let taken = questions.take("ops", "U1", &code, now);
        assert_eq!(taken.map(|one| one.line), Some(asked().line));
        assert_eq!(questions.take("ops", "U1", &code, now), None);
    }

    #[test]
    fn a_question_ends_after_two_minutes_and_after_three_wrong_answers() {
        let (questions, now) = (Questions::default(), Timestamp::UNIX_EPOCH);
        let code = questions.ask("ops", "U1", asked(), now);
        assert_eq!(questions.take("ops", "U1", &code, now + LIFE), None);
        let code = questions.ask("ops", "U1", asked(), now);
        for _ in 0..WRONG_MAX {
            assert_eq!(questions.take("ops", "U1", other(&code), now), None);
        }
        assert_eq!(questions.take("ops", "U1", &code, now), None);
        let code = questions.ask("ops", "U1", asked(), now);
        assert_eq!(questions.take("ops", "U1", other(&code), now), None);
        assert!(questions.take("ops", "U1", &code, now).is_some());
    }
}
