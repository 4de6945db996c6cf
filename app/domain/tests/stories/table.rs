//! The truth table of `confirm_down`: every combination of signals, and the few of them that allow a start.

use crate::world::seconds;
use crate::{drive, script};
use domain::event::{Event, What};
use domain::id::NodeUid;
use domain::plan::Exit;
use domain::recovery::{Recovery, replay};
use domain::step::{self, Facts, Move, StepKind};
use domain::world::{MachineFacts, MachineState, NodeFacts, Reading, Ready};
use jiff::Timestamp;

/// What the API server says of the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Is(Ready),
    Another,
    Gone,
    Unreadable,
}

/// When the node's kubelet last renewed its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lease {
    None,
    BeforeTheAlarm,
    AfterItAndNoMore,
    JustNow,
}

/// What the cloud says of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Machine {
    Is(MachineState),
    Gone,
    Unreadable,
}

/// What is done about it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Start,
    FalseAlarm,
    Looks,
    Human,
}

const NODES: [Node; 6] = [
    Node::Is(Ready::True),
    Node::Is(Ready::False),
    Node::Is(Ready::Unknown),
    Node::Another,
    Node::Gone,
    Node::Unreadable,
];
const LEASES: [Lease; 4] = [
    Lease::None,
    Lease::BeforeTheAlarm,
    Lease::AfterItAndNoMore,
    Lease::JustNow,
];
const MACHINES: [Machine; 8] = [
    Machine::Is(MachineState::On),
    Machine::Is(MachineState::Off),
    Machine::Is(MachineState::Starting),
    Machine::Is(MachineState::Stopping),
    Machine::Is(MachineState::Error),
    Machine::Is(MachineState::Other),
    Machine::Gone,
    Machine::Unreadable,
];

/// The list of who may be started: written down here, not computed.
fn allowed(node: Node, lease: Lease, machine: Machine) -> bool {
    let this_node = matches!(node, Node::Is(Ready::True | Ready::False | Ready::Unknown));
    let silent = matches!(
        lease,
        Lease::None | Lease::BeforeTheAlarm | Lease::AfterItAndNoMore
    );
    let down = matches!(
        machine,
        Machine::Is(MachineState::Off | MachineState::Starting)
    );
    this_node && silent && down
}

/// A recovery that has just begun to look whether the node is down.
fn looking(trigger: &str) -> (Recovery, NodeFacts) {
    let text = format!("a table\n-0:45 node-12 loses power\n0:00 {trigger}\n");
    let mut stage = drive::play(&script::read(&text), None);
    let events = &stage.runs[0].events;
    let begun = |event: &Event| matches!(&event.what, What::StepStarted { step, .. } if *step == StepKind::ConfirmDown);
    let end = events.iter().position(begun).expect("it looks");
    let recovery = replay(&events[..=end]).unwrap();
    (recovery, stage.world.node("node-12").facts.clone())
}

fn facts(
    of: &NodeFacts,
    signals: (Node, Lease, Machine),
    alarm: Timestamp,
    now: Timestamp,
) -> Facts {
    let (node, lease, machine) = signals;
    let mut read = of.clone();
    read.lease_renewed = match lease {
        Lease::None => None,
        Lease::BeforeTheAlarm => Some(alarm - seconds(30)),
        Lease::AfterItAndNoMore => Some(alarm + seconds(5)),
        Lease::JustNow => Some(now - seconds(2)),
    };
    let node = match node {
        Node::Is(ready) => {
            read.ready = ready;
            Reading::Seen(read)
        }
        Node::Another => {
            read.uid = NodeUid::parse("another").unwrap();
            Reading::Seen(read)
        }
        Node::Gone => Reading::Absent,
        Node::Unreadable => Reading::Unreadable("refused".to_owned()),
    };
    let machine = match machine {
        Machine::Is(state) => Reading::Seen(MachineFacts::new("i-12", state, state.word())),
        Machine::Gone => Reading::Absent,
        Machine::Unreadable => Reading::Unreadable("503".to_owned()),
    };
    Facts {
        node,
        machine,
        cluster: Reading::Absent,
        others: Vec::new(),
    }
}

fn verdict(next: &Move) -> Verdict {
    match next {
        Move::Append(What::StepSucceeded { exit: None, .. }) => Verdict::Start,
        Move::Append(What::StepSucceeded {
            exit: Some(Exit::FalseAlarm),
            ..
        }) => Verdict::FalseAlarm,
        Move::Append(What::StepFailed { .. } | What::NeedsHuman { .. }) => Verdict::Human,
        Move::Append(other) => panic!("{other:?} is no verdict"),
        Move::Later(_) | Move::NotYet(..) => Verdict::Looks,
        Move::Call(call) => panic!("{call:?} while looking"),
        Move::Check(ask) => panic!("{ask:?} while looking"),
    }
}

#[test]
fn of_all_signals_only_two_that_agree_allow_a_start() {
    let mut rows = 0;
    for trigger in ["alarm", "mara starts node-12"] {
        let (recovery, node) = looking(trigger);
        let began = recovery.started_at();
        // A minute on, and at the end of the step's time: what never becomes clear goes to a person.
        for (now, over) in [(began + seconds(90), false), (began + seconds(301), true)] {
            for signals in NODES.into_iter().flat_map(|node| {
                LEASES
                    .into_iter()
                    .flat_map(move |lease| MACHINES.map(|machine| (node, lease, machine)))
            }) {
                let facts = facts(&node, signals, began, now);
                let next = step::decide(&recovery, StepKind::ConfirmDown, &facts, now);
                let found = verdict(&next);
                let place = format!("{trigger}, {signals:?}, over: {over}");
                let start = allowed(signals.0, signals.1, signals.2);
                assert_eq!(found == Verdict::Start, start, "{place}: {next:?}");
                let well = signals.0 == Node::Is(Ready::True)
                    && matches!(signals.1, Lease::AfterItAndNoMore | Lease::JustNow)
                    && signals.2 == Machine::Is(MachineState::On);
                assert_eq!(found == Verdict::FalseAlarm, well, "{place}: {next:?}");
                assert!(
                    !(over && found == Verdict::Looks),
                    "{place} is looked at for ever"
                );
                rows += 1;
            }
        }
    }
    assert_eq!(rows, 2 * 2 * 6 * 4 * 8);
}
