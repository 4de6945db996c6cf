//! What people feel of a failure: one figure at the alarm, at each step and at the end, measured beside the recovery.

use crate::event::{Event, What};
use crate::trigger::Trigger;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A moment at which the figure is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Number of the event; 0 is the first signal, before there were any.
    pub n: u32,
    /// When.
    pub at: Timestamp,
    /// What happened then, in words: `Start the machine`.
    pub of: String,
}

/// The figure at a moment, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// When.
    pub moment: Moment,
    /// What is measured, in words.
    pub what: String,
    /// The figure; `None`: it could not be measured.
    pub value: Option<f64>,
    /// Why not.
    pub why: Option<String>,
}

/// The figures that stand out of a recovery's samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// At the first moment that was measured.
    pub first: f64,
    /// The least, and when.
    pub least: (f64, Timestamp),
    /// The most, and when.
    pub most: (f64, Timestamp),
    /// At the last moment that was measured.
    pub last: f64,
    /// Moments without a figure.
    pub gaps: usize,
}

/// The moments of a log: the first signal, the plan, each step's begin, and each end.
pub fn moments(events: &[Event]) -> Vec<Moment> {
    let mut all = Vec::new();
    for (event, n) in events.iter().zip(1_u32..) {
        let of = match &event.what {
            What::Planned { plan, .. } => {
                let signal = match &plan.trigger {
                    Trigger::Alarm { starts_at, .. } => Some(*starts_at),
                    Trigger::Person { .. } => None,
                };
                let first = plan.down_since.into_iter().chain(signal).min();
                if let Some(at) = first.filter(|at| *at < event.at) {
                    all.push(Moment {
                        n: 0,
                        at,
                        of: "First signal".to_owned(),
                    });
                }
                "Begin".to_owned()
            }
            What::StepStarted {
                step, attempt: 1, ..
            } => step.title().into_owned(),
            What::NeedsHuman { .. } => "A person is needed".to_owned(),
            What::Finished { .. } => "End".to_owned(),
            _ => continue,
        };
        all.push(Moment {
            n,
            at: event.at,
            of,
        });
    }
    all
}

/// What stands out; `None` when nothing was measured.
pub fn figures(samples: &[Sample]) -> Option<Figures> {
    let known = || {
        samples
            .iter()
            .filter_map(|one| Some((one.value?, one.moment.at)))
    };
    let (first, _) = known().next()?;
    let (last, _) = known().next_back()?;
    let least = known().reduce(|one, next| if next.0 < one.0 { next } else { one })?;
    let most = known().reduce(|one, next| if next.0 > one.0 { next } else { one })?;
    Some(Figures {
        first,
        least,
        most,
        last,
        gaps: samples.iter().filter(|one| one.value.is_none()).count(),
    })
}

/// All of it in words, for who cannot see the line; `clock` writes a moment.
pub fn words(samples: &[Sample], clock: impl Fn(Timestamp) -> String) -> String {
    let Some(newest) = samples.last() else {
        return "not measured".to_owned();
    };
    let why = samples.iter().rev().find_map(|one| one.why.clone());
    let because = why.map(|why| format!(" ({why})")).unwrap_or_default();
    let Some(of) = figures(samples) else {
        return format!("{}: could not be measured{because}", newest.what);
    };
    let gaps = match of.gaps {
        0 => String::new(),
        1 => format!("; 1 moment could not be measured{because}"),
        many => format!("; {many} moments could not be measured{because}"),
    };
    format!(
        "{}: {} at first, lowest {} at {}, highest {} at {}, {} at last{gaps}",
        newest.what,
        figure(of.first),
        figure(of.least.0),
        clock(of.least.1),
        figure(of.most.0),
        clock(of.most.1),
        figure(of.last),
    )
}

/// A figure with at most four digits behind the point, and none that say nothing.
pub fn figure(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Sample, figure, words};
    use jiff::Timestamp;

    fn sample(n: u32, value: Option<f64>) -> Sample {
        Sample {
            moment: Moment {
                n,
                at: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(n.into()),
                of: "Begin".to_owned(),
            },
            what: "success rate".to_owned(),
            value,
            why: value.is_none().then(|| "Prometheus: refused".to_owned()),
        }
    }

    #[test]
    fn the_words_say_what_the_line_shows_and_what_is_missing() {
        let said = |all: &[Option<f64>]| {
            let all: Vec<Sample> = (0..).zip(all).map(|(n, one)| sample(n, *one)).collect();
            words(&all, |at| at.as_second().to_string())
        };
        assert_eq!(said(&[]), "not measured");
        assert_eq!(
            said(&[None, None]),
            "success rate: could not be measured (Prometheus: refused)"
        );
        assert_eq!(
            said(&[Some(1.0), Some(0.5), None, Some(0.98)]),
            "success rate: 1 at first, lowest 0.5 at 1, highest 1 at 0, 0.98 at last; 1 moment could not be measured (Prometheus: refused)"
        );
    }

    #[test]
    fn figures_have_no_digits_that_say_nothing() {
        for (value, text) in [
            (1.0, "1"),
            (0.98, "0.98"),
            (0.123_456, "0.1235"),
            (-0.0, "0"),
            (12_000.5, "12000.5"),
        ] {
            assert_eq!(figure(value), text);
        }
    }
}
