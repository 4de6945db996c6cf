//! Reads a story's first part.

use domain::step::Answer;
use jiff::{SignedDuration, Timestamp};

/// What happens at one moment.
#[derive(Debug, Clone)]
pub struct Beat {
    pub at: Timestamp,
    pub what: String,
}

/// A story before it is played.
#[derive(Debug, Clone)]
pub struct Story {
    pub beats: Vec<Beat>,
    /// Played again and again, interrupted at every point, this way.
    pub sweep: Option<String>,
}

/// 0:00 of every story.
pub fn zero() -> Timestamp {
    "2026-11-01T09:40:00Z".parse().unwrap()
}

pub fn read(text: &str) -> Story {
    let mut story = Story {
        beats: Vec::new(),
        sweep: None,
    };
    for line in text
        .lines()
        .skip(1)
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        if let Some(sweep) = line.strip_prefix("sweep ") {
            story.sweep = Some(sweep.to_owned());
            continue;
        }
        let (at, what) = line
            .split_once(' ')
            .unwrap_or_else(|| panic!("not a beat: {line}"));
        story.beats.push(Beat {
            at: zero() + offset(at),
            what: what.trim().to_owned(),
        });
    }
    story.beats.sort_by_key(|beat| beat.at);
    story
}

fn offset(text: &str) -> SignedDuration {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text),
    };
    let seconds = text
        .split(':')
        .map(|part| {
            part.parse::<i64>()
                .unwrap_or_else(|_| panic!("not a time: {text}"))
        })
        .fold(0, |sum, part| sum * 60 + part);
    SignedDuration::from_secs(sign * seconds)
}

/// The answer a script gives in place of an effect; `None` when the effect takes place.
pub fn answer(text: &str) -> Option<Answer> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let said = rest.to_owned();
    Some(match word {
        "refused" => Answer::Refused(said),
        "capacity" => Answer::Capacity(said),
        "throttled" => Answer::Throttled("too many calls".to_owned(), said.parse().ok()),
        "denied" => Answer::Denied(said),
        "retryable" => Answer::Retryable(said),
        "conflict" => Answer::Conflict(said),
        "dropped" => Answer::Unknown("no answer within 8 s".to_owned()),
        "lose" => return None,
        other => panic!("no such answer: {other}"),
    })
}
