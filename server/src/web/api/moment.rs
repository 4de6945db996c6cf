//! Times on the wire: RFC 3339, UTC, milliseconds, `Z`.

use crate::web::problem::Problem;
use jiff::Timestamp;

/// Writes a time.
#[must_use]
pub fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Reads a time; any offset is taken.
pub fn read(field: &str, text: &str) -> Result<Timestamp, Problem> {
    text.parse().map_err(|error| {
        Problem::field(
            field,
            &format!("{text:?} is not a time like 2026-01-31T09:12:00.000Z: {error}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_milliseconds_and_read_with_any_offset() {
        let at = read("since", "2026-01-31T10:12:00+01:00").ok().map(written);
        assert_eq!(at.as_deref(), Some("2026-01-31T09:12:00.000Z"));
        let at = read("since", "2026-01-31T09:12:00.123987Z")
            .ok()
            .map(written);
        assert_eq!(at.as_deref(), Some("2026-01-31T09:12:00.123Z"));
        assert!(read("since", "yesterday").is_err());
    }
}
