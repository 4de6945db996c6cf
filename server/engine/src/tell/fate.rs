//! What becomes of a letter after one try: the only place that decides about trying again.

use crate::ports::{Delivery, Fate, Letter};
use domain::message::Channel;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Most tries of one letter.
pub const TRIES_MAX: u32 = 5;
/// Most tries of an important letter that may have arrived; others are not tried again.
const DOUBTS_MAX: u32 = 2;
/// Pauses between tries, on the wall clock.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(120),
    Duration::from_secs(600),
];
/// Longest pause another side may ask for.
const PAUSE_MAX: Duration = Duration::from_secs(3600);

/// Judges a try; `letter.tries` counts it. `speed`: of the product's clock against the wall's.
pub fn fate(letter: &Letter, delivery: Delivery, now: Timestamp, speed: f64) -> Fate {
    match delivery {
        Delivery::Taken => Fate::Sent,
        Delivery::Said(message) => Fate::Said(message),
        Delivery::Gone(why) => Fate::Gone(why),
        Delivery::Refused(why) => Fate::Failed(why),
        Delivery::Later { after, why } => again(letter, after, why, now, speed, TRIES_MAX)
            .unwrap_or_else(|why| {
                Fate::Failed(format!("{why}; given up after {} tries", letter.tries))
            }),
        // Shown twice is better than a call for help that nobody hears; for the rest it is not.
        Delivery::Unknown(why) => match letter.channel {
            Channel::Important => {
                again(letter, None, why, now, speed, DOUBTS_MAX).unwrap_or_else(Fate::Unknown)
            }
            Channel::Default | Channel::Info => Fate::Unknown(why),
        },
    }
}

fn again(
    letter: &Letter,
    after: Option<Duration>,
    why: String,
    now: Timestamp,
    speed: f64,
    most: u32,
) -> Result<Fate, String> {
    if letter.tries >= most {
        return Err(why);
    }
    let at = later(letter.tries, after, now, speed);
    if at >= letter.until {
        return Err(why);
    }
    Ok(Fate::Retry { at, why })
}

/// When a try may be repeated, on the product's clock.
pub(super) fn later(tries: u32, after: Option<Duration>, now: Timestamp, speed: f64) -> Timestamp {
    let step = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    let pause = PAUSES.get(step).unwrap_or(&PAUSES[PAUSES.len() - 1]);
    let pause = after.map_or(*pause, |asked| asked.clamp(*pause, PAUSE_MAX));
    let seconds = pause.as_secs_f64() * speed;
    now + SignedDuration::try_from_secs_f64(seconds).unwrap_or(SignedDuration::from_hours(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{Recipient, Way};
    use domain::id::RecoveryId;
    use domain::message::{About, Stage};

    fn letter(channel: Channel, tries: u32) -> Letter {
        Letter {
            id: "x".to_owned(),
            to: Recipient::Webhook("ops".to_owned()),
            way: Way::Webhook("ops".to_owned()),
            about: About::Recovery(RecoveryId(1)),
            stage: Stage::NeedsHuman,
            channel,
            title: String::new(),
            body: String::new(),
            path: "/".to_owned(),
            until: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1),
            written_at: Timestamp::UNIX_EPOCH,
            tries,
            in_doubt: false,
        }
    }

    fn at(fate: Fate) -> i64 {
        match fate {
            Fate::Retry { at, .. } => at.as_second(),
            other => panic!("{other:?}"),
        }
    }

    fn busy(after: Option<u64>) -> Delivery {
        Delivery::Later {
            after: after.map(Duration::from_secs),
            why: "busy".to_owned(),
        }
    }

    #[test]
    fn what_was_not_taken_is_tried_again_with_growing_pauses_and_then_given_up() {
        let now = Timestamp::UNIX_EPOCH;
        let pauses = [5, 30, 120, 600];
        for (tries, pause) in (1..).zip(pauses) {
            let judged = fate(&letter(Channel::Info, tries), busy(None), now, 1.0);
            assert_eq!(at(judged), pause);
        }
        let last = fate(&letter(Channel::Info, 5), busy(None), now, 1.0);
        assert_eq!(
            last,
            Fate::Failed("busy; given up after 5 tries".to_owned())
        );
        assert_eq!(
            at(fate(&letter(Channel::Info, 1), busy(None), now, 10.0)),
            50
        );
    }

    #[test]
    fn a_push_service_that_names_a_pause_gets_it_within_bounds() {
        let now = Timestamp::UNIX_EPOCH;
        let asked = |after| fate(&letter(Channel::Info, 1), busy(Some(after)), now, 1.0);
        assert_eq!(at(asked(90)), 90);
        assert_eq!(at(asked(0)), 5);
        // Longer than the message is of use: given up at once.
        assert!(matches!(asked(1_000_000), Fate::Failed(_)));
    }

    #[test]
    fn no_answer_is_unknown_and_never_a_loop() {
        let now = Timestamp::UNIX_EPOCH;
        let lost = || Delivery::Unknown("no answer".to_owned());
        for channel in [Channel::Default, Channel::Info] {
            let judged = fate(&letter(channel, 1), lost(), now, 1.0);
            assert_eq!(judged, Fate::Unknown("no answer".to_owned()));
        }
        assert_eq!(
            at(fate(&letter(Channel::Important, 1), lost(), now, 1.0)),
            5
        );
        let second = fate(&letter(Channel::Important, 2), lost(), now, 1.0);
        assert_eq!(second, Fate::Unknown("no answer".to_owned()));
    }

    #[test]
    fn who_is_gone_is_forgotten_and_who_refuses_is_not_asked_again() {
        let now = Timestamp::UNIX_EPOCH;
        let one = letter(Channel::Important, 1);
        let said = || "410".to_owned();
        assert_eq!(
            fate(&one, Delivery::Gone(said()), now, 1.0),
            Fate::Gone(said())
        );
        assert_eq!(
            fate(&one, Delivery::Refused(said()), now, 1.0),
            Fate::Failed(said())
        );
    }
}
