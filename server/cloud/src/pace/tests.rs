//! Turns: a burst, then a steady trickle, and nothing while the service wants to be left alone.

use super::*;
use jiff::Timestamp;

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

fn pace(per_second: f64, burst: u32) -> Pace {
    Pace::new(Budget { per_second, burst }, Arc::new(Wall))
}

#[test]
fn a_burst_goes_at_once_the_rest_waits_and_the_last_are_sent_away() {
    let pace = pace(1.0, 3);
    let now = pace.state().counted_at;
    let waits: Vec<Result<Duration, u32>> = (0..8).map(|_| pace.take(Kind::Read, now)).collect();
    let second = |n| Ok(Duration::from_secs(n));
    assert_eq!(
        waits,
        [
            second(0),
            second(0),
            second(0),
            second(1),
            second(2),
            second(3),
            second(4),
            Err(5)
        ]
    );
    let later = now + Duration::from_secs(7);
    assert_eq!(pace.take(Kind::Read, later), second(0), "it fills up again");
}

#[test]
fn while_a_service_wants_to_be_left_alone_no_call_of_that_kind_is_made() {
    let pace = pace(5.0, 20);
    pace.throttled(Kind::Act, Some(30));
    let now = Instant::now();
    assert!(matches!(pace.take(Kind::Act, now), Err(29 | 30)));
    assert_eq!(pace.take(Kind::Read, now), Ok(Duration::ZERO));
    pace.throttled(Kind::Read, Some(86_400));
    assert!(
        matches!(pace.take(Kind::Read, Instant::now()), Err(0..=600)),
        "ten minutes at the most"
    );
}

#[test]
fn without_a_time_the_rest_is_random_and_its_limit_doubles_up_to_a_minute() {
    let limits: Vec<f64> = [1, 2, 5, 6, 40].into_iter().map(back_off).collect();
    assert_eq!(limits, [2.0, 4.0, 32.0, 60.0, 60.0]);
    let shares: Vec<f64> = (0..50).map(|_| share()).collect();
    assert!(shares.iter().all(|one| (0.0..=1.0).contains(one)));
    assert!(shares.iter().any(|one| *one < 0.5) && shares.iter().any(|one| *one > 0.5));
}
