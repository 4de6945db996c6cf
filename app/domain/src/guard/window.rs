//! Maintenance windows: when nothing automatic begins, once or every week, in UTC.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A time in which people work on a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Window {
    /// `2026-12-01T01:00Z/2026-12-01T05:00Z`.
    Once {
        /// First moment.
        from: Timestamp,
        /// First moment after it.
        to: Timestamp,
    },
    /// `Sun 01:00-05:00`; an end before the beginning is on the next day.
    Weekly {
        /// Day on which it begins.
        day: Weekday,
        /// Time of day at which it begins.
        from: Time,
        /// How long.
        long: SignedDuration,
    },
}

const DAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

impl Window {
    /// The end of this window if `now` is in it.
    pub fn holds_until(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Once { from, to } => (*from <= now && now < *to).then_some(*to),
            Self::Weekly { day, from, long } => {
                let today = now.to_zoned(TimeZone::UTC).date();
                // A window may have begun yesterday and go past midnight.
                [today, today.yesterday().unwrap_or(today)]
                    .into_iter()
                    .filter(|date| date.weekday() == *day)
                    .filter_map(|date| date.to_datetime(*from).to_zoned(TimeZone::UTC).ok())
                    .map(|begin| begin.timestamp())
                    .find(|begin| *begin <= now && now < *begin + *long)
                    .map(|begin| begin + *long)
            }
        }
    }

    fn once(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('/')?;
        let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        (from < to).then_some(Self::Once { from, to })
    }

    fn weekly(text: &str) -> Option<Self> {
        let (day, times) = text.split_once(' ')?;
        let day = DAYS
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(day))?
            .1;
        let (from, to) = times.trim().split_once('-')?;
        let from: Time = from.trim().parse().ok()?;
        let to: Time = to.trim().parse().ok()?;
        let mut long = to.duration_since(from);
        if long <= SignedDuration::ZERO {
            long += SignedDuration::from_hours(24);
        }
        Some(Self::Weekly { day, from, long })
    }
}

impl TryFrom<String> for Window {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::once(&text)
            .or_else(|| Self::weekly(&text))
            .ok_or_else(|| {
                format!(
                    "{text:?} is no window: write \"Sun 01:00-05:00\" or \"2026-12-01T01:00Z/2026-12-01T05:00Z\", in UTC"
                )
            })
    }
}

impl From<Window> for String {
    fn from(window: Window) -> Self {
        window.to_string()
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once { from, to } => write!(f, "{from}/{to}"),
            Self::Weekly { day, from, long } => {
                let name = DAYS
                    .into_iter()
                    .find(|(_, one)| one == day)
                    .map_or("", |(name, _)| name);
                let to = from.wrapping_add(*long);
                write!(
                    f,
                    "{name} {:02}:{:02}-{:02}:{:02}",
                    from.hour(),
                    from.minute(),
                    to.hour(),
                    to.minute()
                )
            }
        }
    }
}
