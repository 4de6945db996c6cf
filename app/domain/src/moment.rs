//! Times of day as sentences for people write them, in UTC.

use jiff::Timestamp;

/// `09:12`: what a sentence needs of a time.
pub fn clock(at: Timestamp) -> String {
    at.to_string().get(11..16).unwrap_or_default().to_owned()
}

/// `09:41:07`, where seconds matter.
pub fn precise(at: Timestamp) -> String {
    at.to_string().get(11..19).unwrap_or_default().to_owned()
}
