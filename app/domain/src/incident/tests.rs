//! Who belongs to an incident, when it ends, and what its note says.

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn node(number: u32) -> NodeName {
    NodeName::parse(&format!("node-{number}")).expect("a name")
}

fn prod() -> ClusterName {
    ClusterName::parse("prod").expect("a name")
}

fn down(number: u32, host: &str, second: i64) -> Spot {
    Spot {
        cluster: prod(),
        node: node(number),
        machine: Some(format!("m-{number}")),
        address: Some(format!("10.0.0.{number}")),
        host: host.to_owned(),
        down_at: Some(at(second)),
        up_at: None,
        recovery: None,
    }
}

fn up(number: u32, host: &str, second: i64) -> Spot {
    Spot {
        down_at: None,
        up_at: Some(at(second)),
        ..down(number, host, 0)
    }
}

const WINDOW: SignedDuration = SignedDuration::from_secs(600);

#[test]
fn only_what_went_down_together_on_one_host_is_one_incident() {
    let spots = [
        down(1, "h1", 1000),
        down(2, "h1", 1400),
        down(3, "h1", 9000),
        down(4, "h2", 1000),
        up(5, "h1", 0),
        down(6, "h3", 0),
        down(7, "h3", 5000),
    ];
    let found = together(&spots, WINDOW);
    let told: Vec<(&str, Vec<&str>)> = found
        .iter()
        .map(|(host, down)| {
            let nodes = down.iter().map(|one| one.node.as_str()).collect();
            (*host, nodes)
        })
        .collect();
    assert_eq!(told, [("h1", vec!["node-1", "node-2"])]);
}

fn opened() -> Incident {
    let spots = [down(1, "h1", 1000), down(2, "h1", 1010)];
    let all: Vec<&Spot> = spots.iter().collect();
    Incident::open("region-one", "h1", &all, at(1020))
}

#[test]
fn it_takes_in_who_follows_and_ends_when_all_are_well_and_nobody_is_at_work() {
    let mut incident = opened();
    let mut third = down(3, "h1", 1100);
    third.recovery = Some(RecoveryId(7));
    incident.learn(
        &[down(1, "h1", 1000), down(2, "h1", 1010), third.clone()],
        WINDOW,
        at(1101),
    );
    assert_eq!(incident.members.len(), 3);
    incident.learn(
        &[
            down(1, "h1", 1000),
            down(2, "h1", 1010),
            third.clone(),
            down(8, "h1", 0),
        ],
        WINDOW,
        at(1102),
    );
    assert_eq!(incident.members.len(), 3, "it was down long before");
    assert!(incident.holds(RecoveryId(7)));
    third = Spot {
        recovery: Some(RecoveryId(7)),
        ..up(3, "h1", 1190)
    };
    incident.learn(
        &[up(1, "h1", 1200), up(2, "h1", 1210), third],
        WINDOW,
        at(1211),
    );
    assert_eq!(incident.closed_at, None, "somebody is at work");
    assert_eq!(incident.members[0].up_at, Some(at(1200)));
    incident.learn(
        &[up(1, "h1", 1200), down(2, "h1", 1300), up(3, "h1", 1190)],
        WINDOW,
        at(1301),
    );
    assert_eq!(
        (incident.closed_at, incident.members[1].up_at),
        (None, None),
        "down again"
    );
    incident.learn(
        &[up(1, "h1", 1200), up(2, "h1", 1400), up(3, "h1", 1190)],
        WINDOW,
        at(1401),
    );
    assert_eq!(incident.closed_at, Some(at(1401)));
}

#[test]
fn a_node_that_left_its_cluster_or_its_host_keeps_nothing_open() {
    let mut incident = opened();
    incident.learn(&[down(2, "h9", 1010)], WINDOW, at(1100));
    assert_eq!(incident.closed_at, Some(at(1100)));
}

#[test]
fn what_one_start_met_holds_the_others_back_until_something_comes_up() {
    let mut incident = opened();
    assert_eq!(incident.holds_back(&prod(), &node(2)), None);
    incident.refused = Some(RefusedStart {
        cluster: prod(),
        node: node(1),
        at: at(1100),
        why: "No valid host".to_owned(),
    });
    let why = incident.holds_back(&prod(), &node(2)).expect("held");
    assert!(
        why.contains("host h1 is down") && why.contains("node-1"),
        "{why}"
    );
    assert_eq!(
        incident.holds_back(&prod(), &node(1)),
        None,
        "its own start"
    );
    assert_eq!(incident.holds_back(&prod(), &node(9)), None, "no member");
    incident.closed_at = Some(at(2000));
    assert_eq!(incident.holds_back(&prod(), &node(2)), None);
}

#[test]
fn the_note_lists_host_machines_and_times_and_cannot_be_broken_by_names() {
    let mut incident = opened();
    incident.host = "h1|<b>\n`x`".to_owned();
    incident.members[0].up_at = Some(at(2000));
    let text = incident.note(Form::Plain, at(3000));
    assert_eq!(
        text,
        "Several machines on one physical host went down together.

Host:               h1|<b> `x`
Account or cluster: region-one
Machines:           2
From:               1970-01-01 00:16:40 UTC
Until:              not over, as of 1970-01-01 00:50:00 UTC

- machine m-1, address 10.0.0.1, node node-1: down 1970-01-01 00:16:40 UTC, back 1970-01-01 00:33:20 UTC
- machine m-2, address 10.0.0.2, node node-2: down 1970-01-01 00:16:50 UTC, back not yet

Please say what happened to this host, and whether these machines can be started.
"
    );
    let marked = incident.note(Form::Markdown, at(3000));
    assert!(marked.contains("| Host | `h1/<b> 'x'` |"), "{marked}");
    assert!(
        marked.contains(
            "| `m-1` | `10.0.0.1` | `node-1` | 1970-01-01 00:16:40 UTC | 1970-01-01 00:33:20 UTC |"
        ),
        "{marked}"
    );
}
