//! What is handed out of a recovery: the postmortem draft as Markdown, and its events as CSV or JSON.

mod escape;
mod events;
mod markdown;
mod names;

pub use events::{csv, json};
pub use markdown::markdown;

use crate::timeline::{Line, Timeline, in_order};
use jiff::Timestamp;
use jiff::tz::Offset;

/// The form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// The draft.
    #[default]
    Markdown,
    /// The events, for a table.
    Csv,
    /// The events, for a program.
    Json,
}

/// What may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Zone of the times, as a fixed offset from UTC.
    pub zone: Offset,
    /// Only the events of the story.
    pub story: bool,
    /// Whether persons are named.
    pub names: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            zone: Offset::UTC,
            story: false,
            names: true,
        }
    }
}

/// Writes a recovery in a form.
pub fn write(told: &Timeline, now: Timestamp, format: Format, options: Options) -> String {
    let hidden;
    let told = if options.names {
        told
    } else {
        hidden = names::hidden(told);
        &hidden
    };
    match format {
        Format::Markdown => markdown(told, now, options),
        Format::Csv => csv(told, options),
        Format::Json => json(told, options),
    }
}

/// Reads `UTC`, `Z`, `+02:00`, `-0330` or `+2`; a blank in front stands for the plus that a URL swallowed.
pub fn zone(text: &str) -> Option<Offset> {
    if matches!(text.to_ascii_lowercase().as_str(), "" | "utc" | "z") {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+" | " ", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    if digits.is_empty() || digits.len() > 4 || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at(if digits.len() > 2 {
        digits.len() - 2
    } else {
        digits.len()
    });
    let hours: i32 = hours.parse().ok()?;
    let minutes: i32 = if minutes.is_empty() {
        0
    } else {
        minutes.parse().ok()?
    };
    let seconds = sign * (hours * 3600 + minutes * 60);
    (minutes < 60 && hours <= 15).then(|| Offset::from_seconds(seconds).ok())?
}

/// `UTC`, or `UTC+02:00`.
fn zone_name(zone: Offset) -> String {
    let minutes = zone.seconds() / 60;
    if minutes == 0 {
        return "UTC".to_owned();
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    format!(
        "UTC{sign}{:02}:{:02}",
        minutes.abs() / 60,
        minutes.abs() % 60
    )
}

/// `2026-11-01 09:41:07` in a zone.
fn moment(at: Timestamp, zone: Offset) -> String {
    zone.to_datetime(at).strftime("%F %T").to_string()
}

/// The events and messages asked for, by the time they happened.
fn chosen(told: &Timeline, options: Options) -> Vec<Line> {
    let all = told.everything();
    let sorted = in_order(&all).into_iter();
    let chosen = sorted.filter(|line| line.starred || !options.story);
    chosen.cloned().collect()
}
