//! Every provider under every fault that lasts: counted calls over virtual time, and never a failure where nothing failed.

use crate::bench::{Bench, Next, signs_in, throttled};
use crate::list::ALL;
use crate::relay::{Fate, answer};
use domain::step::Answer;
use domain::world::Reading;
use std::time::Duration;

/// Looks, one after the other.
const LOOKS: usize = 120;
/// Time between two of them: the engine looks no more often.
const PAUSE: Duration = Duration::from_secs(5);

/// Lets virtual time pass while nothing is on the wire.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Makes an answer.
type Fault = fn() -> Fate;

/// A fault of reading: what the service says, and how many calls beside sign-ins may come of so many looks at the most.
const READING: [(&str, Fault, usize); 4] = [
    // 600 s of looks, 30 s apart: the rest is not even sent.
    ("429", || throttled(429, "30", "{}"), 21),
    ("403", || answer(403, "{}"), 2 * LOOKS),
    ("503", || answer(503, "{}"), 2 * LOOKS),
    ("401", || answer(401, "{}"), 3 * LOOKS),
];

#[tokio::test]
async fn a_service_that_refuses_reads_is_not_stormed_and_the_machine_is_never_taken_for_gone() {
    for maker in ALL {
        for (fault, fate, most) in READING {
            let bench = Bench::new(maker).await;
            bench.set(|stage| stage.instead = Some((fate, usize::MAX)));
            for look in 0..LOOKS {
                let read = bench.cloud.machine(&bench.target).await;
                assert!(
                    matches!(read, Reading::Unreadable(_)),
                    "{} {fault}, look {look}: {read:?}",
                    bench.name
                );
                pass(PAUSE).await;
            }
            let seen = bench.relay.seen();
            let (sign_ins, calls): (Vec<_>, Vec<_>) = seen.iter().partition(|one| signs_in(one));
            assert!(
                (1..=most).contains(&calls.len()),
                "{} {fault}: {} calls",
                bench.name,
                calls.len()
            );
            let allowed = if fault == "401" { 3 * LOOKS } else { 4 };
            assert!(
                sign_ins.len() <= allowed,
                "{} {fault}: {} sign-ins",
                bench.name,
                sign_ins.len()
            );

            // It is over: the next look sees, once it may be sent.
            bench.set(|stage| stage.instead = None);
            pass(Duration::from_secs(61)).await;
            let read = bench.cloud.machine(&bench.target).await;
            assert!(
                matches!(read, Reading::Seen(_)),
                "{} after {fault}: {read:?}",
                bench.name
            );
        }
    }
}

#[tokio::test]
async fn a_token_that_ends_now_and_then_costs_a_new_one_and_no_more() {
    for maker in ALL {
        let bench = Bench::new(maker).await;
        let mut lost = 0;
        const ENDS: usize = 10;
        for look in 0..10 * ENDS {
            if look % 10 == 5 {
                bench.set(|stage| stage.instead = Some((|| answer(401, "{}"), 1)));
            }
            let read = bench.cloud.machine(&bench.target).await;
            lost += usize::from(matches!(read, Reading::Unreadable(_)));
            assert!(
                !matches!(read, Reading::Absent),
                "{} look {look}",
                bench.name
            );
            pass(PAUSE).await;
        }
        // Where there is nothing to renew the service lied once, and is believed once.
        assert!(lost <= ENDS, "{}: {lost} looks were lost", bench.name);
        let sign_ins = bench
            .relay
            .seen()
            .iter()
            .filter(|one| signs_in(one))
            .count();
        assert!(
            sign_ins <= 2 * (ENDS + 1),
            "{}: {sign_ins} sign-ins for {ENDS} ends",
            bench.name
        );
    }
}

#[tokio::test]
async fn a_start_under_a_lasting_fault_keeps_its_class_and_is_sent_no_more_than_it_is_asked() {
    for maker in ALL {
        for (next, most) in [
            (Next::Throttle("30"), 21),
            (Next::Capacity, LOOKS),
            (Next::Denied, LOOKS),
            (Next::Broken, LOOKS),
            (Next::HangUp, LOOKS),
        ] {
            let bench = Bench::new(maker).await;
            bench.set(|stage| stage.next = next);
            for turn in 0..LOOKS {
                let said = bench.cloud.start(&bench.machine, "key-1").await;
                let fits = match &said {
                    Answer::Throttled(..) => matches!(next, Next::Throttle(_)),
                    Answer::Capacity(_) => next == Next::Capacity,
                    Answer::Denied(_) => next == Next::Denied,
                    Answer::Unknown(_) => matches!(next, Next::Broken | Next::HangUp),
                    // A refusal for good would end the recovery: nothing here is one.
                    Answer::Done(_)
                    | Answer::AlreadyThere(_)
                    | Answer::Retryable(_)
                    | Answer::Conflict(_)
                    | Answer::NotFound(_)
                    | Answer::Refused(_) => false,
                };
                assert!(fits, "{} {next:?}, turn {turn}: {said:?}", bench.name);
                pass(PAUSE).await;
            }
            let starts = bench.starts();
            assert!(
                (1..=most).contains(&starts),
                "{} {next:?}: {starts} starts",
                bench.name
            );
            let all = bench.relay.seen().len();
            // A Redfish start is a session, the way to the system and a look at it: seven calls.
            assert!(
                all <= 8 * most,
                "{} {next:?}: {all} calls for {starts} starts",
                bench.name
            );
        }
    }
}
