//! World time and its spellings.

use super::{WorldClock, micros, millis, seconds, secs};
use jiff::Timestamp;

#[test]
fn world_time_runs_away_from_its_anchor_at_the_given_speed() {
    let t0 = Timestamp::from_second(1_000).expect("in range");
    let clock = WorldClock::new(Some(t0), 60.0);
    assert_eq!(clock.at(t0), t0);
    assert_eq!(clock.at(t0 + secs(2)), t0 + secs(120));
}

#[test]
fn times_are_written_in_each_protocols_precision() {
    let at = Timestamp::from_microsecond(1_500_000).expect("in range");
    assert_eq!(seconds(at), "1970-01-01T00:00:01Z");
    assert_eq!(millis(at), "1970-01-01T00:00:01.500Z");
    assert_eq!(micros(at), "1970-01-01T00:00:01.500000Z");
}
