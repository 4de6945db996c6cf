//! Times for people: always the clock's time, in UTC, beside the age.

use jiff::Timestamp;
use leptos::prelude::*;

/// `4 s ago, 09:41:07`, readable by programs too.
pub fn ago(at: Timestamp, now: Timestamp) -> AnyView {
    let text = format!("{} ago, {}", span(at, now), when(at, now));
    view! { <time datetime=stamp(at)>{text}</time> }.into_any()
}

/// `09:41:07`, with the day in front when it is another one.
pub fn moment(at: Timestamp, now: Timestamp) -> AnyView {
    view! { <time datetime=stamp(at)>{when(at, now)}</time> }.into_any()
}

/// RFC 3339 with milliseconds.
pub fn stamp(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// `09:41:07`.
pub fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

/// `Sunday 22 November 2026`.
pub fn day(at: Timestamp) -> String {
    at.strftime("%A %-d %B %Y").to_string()
}

/// The time of day, or with the day if that is not today.
pub fn when(at: Timestamp, now: Timestamp) -> String {
    let day = |of: Timestamp| of.strftime("%F").to_string();
    if day(at) == day(now) {
        clock(at)
    } else {
        at.strftime("%-d %b %H:%M:%S").to_string()
    }
}

/// How long: `4 s`, `2 min 41 s`, `3 h 5 min`, `2 days`.
pub fn span(from: Timestamp, to: Timestamp) -> String {
    long(to.duration_since(from).as_secs().max(0))
}

/// So many seconds in words; a number and its unit stay on one line.
pub fn long(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds}\u{a0}s"),
        60..3600 if seconds % 60 == 0 => format!("{}\u{a0}min", seconds / 60),
        60..3600 => format!("{}\u{a0}min\u{a0}{}\u{a0}s", seconds / 60, seconds % 60),
        3600..172_800 if seconds % 3600 < 60 => format!("{}\u{a0}h", seconds / 3600),
        3600..172_800 => format!(
            "{}\u{a0}h\u{a0}{}\u{a0}min",
            seconds / 3600,
            seconds % 3600 / 60
        ),
        other => format!("{}\u{a0}days", other / 86_400),
    }
}

/// `2:41`, or `1:02:03` from an hour on: how long something took, to compare.
pub fn took(from: Timestamp, to: Timestamp) -> String {
    let all = to.duration_since(from).as_secs().max(0);
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}
