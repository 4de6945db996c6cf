//! Times on the wire: RFC 3339, UTC, milliseconds, `Z`.

use crate::web::problem::Problem;
use app::desk::views::Basis;
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

/// What a power act rests on, as a program sends it; refused when its time is over.
pub fn basis(facts: Option<String>, not_after: Option<&str>) -> Result<Basis, Problem> {
    let not_after = not_after.map(|at| read("not_after", at)).transpose()?;
    let basis = Basis { facts, not_after };
    basis.in_time(Timestamp::now())?;
    Ok(basis)
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
