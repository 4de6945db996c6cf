//! A start that is looked at again: only the machine that was seen down, never twice, and never as old news.

use crate::world::seconds;
use crate::{drive, script};
use domain::event::{Event, What};
use domain::recovery::{Recovery, replay, restart};
use domain::step::{self, Call, Class, Facts, Move, StepKind};
use domain::trigger::Actor;
use domain::world::{MachineFacts, MachineState, NodeFacts, Reading};
use jiff::Timestamp;

/// The log of a recovery whose step has just begun, and the node it is about.
fn begun(kind: StepKind) -> (Vec<Event>, NodeFacts, Timestamp) {
    let mut stage = drive::play(
        &script::read("one\n-0:45 node-12 loses power\n0:00 alarm\n"),
        None,
    );
    let events = &stage.runs[0].events;
    let first =
        |event: &Event| matches!(&event.what, What::StepStarted { step, .. } if *step == kind);
    let end = events.iter().position(first).expect("the step begins");
    let log = events[..=end].to_vec();
    let at = log[end].at;
    (log, stage.world.node("node-12").facts.clone(), at)
}

/// The process ended so many times, at these moments.
fn doubted(log: &[Event], step: StepKind, at: &[Timestamp]) -> Recovery {
    let doubt = |at: &Timestamp| Event {
        at: *at,
        actor: Actor::Uncordon,
        what: What::StepInDoubt {
            step,
            reason: "the process ended".to_owned(),
        },
    };
    let all: Vec<Event> = log.iter().cloned().chain(at.iter().map(doubt)).collect();
    replay(&all).unwrap()
}

fn facts(node: &NodeFacts, machine: &str) -> Facts {
    Facts {
        node: Reading::Seen(node.clone()),
        machine: Reading::Seen(MachineFacts::new(machine, MachineState::Off, "SHUTOFF")),
        cluster: Reading::Absent,
        others: Vec::new(),
    }
}

fn failed(next: &Move) -> Option<Class> {
    match next {
        Move::Append(What::StepFailed { class, .. }) => Some(*class),
        _ => None,
    }
}

fn starts(next: &Move) -> bool {
    matches!(next, Move::Call(Call::Start { .. }))
}

#[test]
fn only_the_machine_that_was_seen_down_is_started() {
    let (log, node, at) = begun(StepKind::StartMachine);
    let recovery = replay(&log).unwrap();
    let now = at + seconds(1);
    let of = |machine| {
        step::decide(
            &recovery,
            StepKind::StartMachine,
            &facts(&node, machine),
            now,
        )
    };
    assert!(starts(&of("vm-12")), "{:?}", of("vm-12"));
    assert_eq!(failed(&of("vm-13")), Some(Class::NotFound));
}

#[test]
fn a_start_whose_answer_was_lost_is_sent_again_while_it_is_news_and_three_times_at_most() {
    let (log, node, at) = begun(StepKind::StartMachine);
    let kind = StepKind::StartMachine;
    let off = facts(&node, "vm-12");
    let once = doubted(&log, kind, &[at + seconds(5)]);
    let soon = step::decide(&once, kind, &off, at + seconds(8));
    assert!(
        matches!(soon, Move::Later(_) | Move::NotYet(..)),
        "it may still show: {soon:?}"
    );
    let later = step::decide(&once, kind, &off, at + seconds(30));
    assert!(starts(&later), "{later:?}");
    let end = once.deadline(kind).unwrap();
    let old = step::decide(&once, kind, &off, end);
    assert_eq!(failed(&old), Some(Class::TimedOut), "{old:?}");
    let thrice = doubted(&log, kind, &[5, 20, 40].map(|s| at + seconds(s)));
    let poison = step::decide(&thrice, kind, &off, at + seconds(60));
    assert_eq!(failed(&poison), Some(Class::Poison), "{poison:?}");
}

#[test]
fn a_step_in_which_process_after_process_ends_is_given_to_a_person() {
    for (kind, apart, parked) in [
        // An act is in doubt however long ago the others were.
        (StepKind::Cordon, 20, true),
        (StepKind::StartMachine, 2000, true),
        (StepKind::Uncordon, 2000, true),
        // Looking may take long: only deaths in quick succession count.
        (StepKind::WaitReady, 20, true),
        (StepKind::WaitReady, 2000, false),
        (StepKind::CheckNode, 20, true),
        (StepKind::CheckWorkload, 2000, false),
    ] {
        let (log, _, at) = begun(kind);
        let deaths: Vec<Timestamp> = (1..=3).map(|n| at + seconds(n * apart)).collect();
        let two = doubted(&log, kind, &deaths[..2]);
        let found = restart::found(&two, deaths[1] + seconds(apart));
        assert!(
            matches!(found, Some(What::StepInDoubt { .. })),
            "{kind:?}: {found:?}"
        );
        let three = doubted(&log, kind, &deaths);
        let found = restart::found(&three, deaths[2] + seconds(apart));
        let poison = matches!(
            found,
            Some(What::StepFailed {
                class: Class::Poison,
                retry_at: None,
                ..
            })
        );
        assert_eq!(poison, parked, "{kind:?}, {apart} s apart: {found:?}");
    }
}
