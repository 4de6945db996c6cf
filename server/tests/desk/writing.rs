//! Writing rules and lines: pins block, tries compare, readings do nothing.

use super::{RULE, alarm, person, place, until};
use app::desk::Desk;
use app::desk::Typing;
use app::desk::views::{ReadingKind, Said, TryOrder};
use app::error::AppError;
use domain::access::Role;
use domain::id::{AlarmId, PersonName, RuleName};
use domain::rule::{Draft, Mode, Must, Pin, shipped};
use std::collections::BTreeMap;

const STORY: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

fn pinned(must: Must, text: &str) -> Pin {
    Pin::new(must, text, BTreeMap::new())
}

fn refused(answer: &Result<domain::rule::Rule, AppError>, says: &str) {
    match answer {
        Err(AppError::Invalid { field, message, .. }) => {
            assert_eq!(field, "pins");
            assert!(message.contains(says), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_failing_pin_blocks_saving_and_pins_belong_to_versions() {
    let place = place(Mode::Ask).await;
    let (admin, desk) = (person(Role::Admin), &place.desk);
    let mut draft = shipped(Mode::Ask);
    draft.pins = vec![
        pinned(Must::Match, STORY),
        pinned(Must::NotMatch, "HOST 10.0.0.9 up"),
    ];
    let two = desk.change_rule(&admin, RULE, 1, &draft).await.unwrap();
    assert_eq!((two.version, two.draft.pins.len()), (2, 2));
    let narrow = Draft {
        pattern: r"HOST (?P<ip>10\.0\.0\.99) down".to_owned(),
        ..draft.clone()
    };
    let failing = desk.change_rule(&admin, RULE, 2, &narrow).await;
    refused(
        &failing,
        "pin 1 must match and does not: \"HOST 10.0.0.12 down",
    );
    let wide = Draft {
        pattern: "HOST (?P<ip>[0-9.]+)".to_owned(),
        ..draft.clone()
    };
    refused(
        &desk.change_rule(&admin, RULE, 2, &wide).await,
        "pin 2 must not match and does",
    );
    let new = Draft {
        name: RuleName::parse("other").unwrap(),
        ..wide
    };
    refused(&desk.add_rule(&admin, &new).await, "pin 2");
    let bare = Draft {
        pins: Vec::new(),
        ..narrow
    };
    desk.change_rule(&admin, RULE, 2, &bare).await.unwrap();
    let back = desk.restore_rule(&admin, RULE, 2).await.unwrap();
    assert_eq!(
        back.draft.pins, draft.pins,
        "pins come back with their version"
    );
}

#[tokio::test]
async fn somebody_who_saved_in_between_is_named() {
    let place = place(Mode::Ask).await;
    let admin = person(Role::Admin);
    let draft = shipped(Mode::Ask);
    place
        .desk
        .change_rule(&admin, RULE, 1, &draft)
        .await
        .unwrap();
    let late = place.desk.change_rule(&admin, RULE, 1, &draft).await;
    let text = "Kato saved version 2 while you edited version 1.".to_owned();
    assert_eq!(late, Err(AppError::Conflict { text }));
}

#[tokio::test]
async fn a_try_tells_what_is_new_lost_taken_earlier_and_what_it_would_start() {
    let place = place(Mode::Observe).await;
    let (admin, desk) = (person(Role::Admin), &place.desk);
    for text in [
        STORY,
        "HOST 10.0.0.12 lost, IP: 10.0.0.12",
        "HOST 10.9.9.9 lost, IP: 10.9.9.9",
    ] {
        alarm(&place, text).await;
    }
    let order = TryOrder {
        pattern: "HOST .* (lost|gone), IP: (?P<ip>[0-9.]+)".to_owned(),
        rule: Some(RULE),
        pins: vec![pinned(Must::Match, STORY)],
        ..TryOrder::default()
    };
    let tried = desk.try_rule(&admin, &order).await.unwrap();
    assert_eq!(
        (tried.looked_at, tried.matched, tried.against),
        (3, 2, Some(1))
    );
    assert_eq!((tried.added.count, tried.lost.count), (2, 1));
    assert_eq!(tried.lost.alarms[0].1.text, STORY);
    assert_eq!(
        (tried.replayed.starts, tried.replayed.nodes),
        (1, 1),
        "10.9.9.9 is no node"
    );
    assert_eq!(tried.pins, [false]);
    let late = TryOrder {
        pattern: "(?P<ip>10.0.0.12)".to_owned(),
        rule: None,
        ..order.clone()
    };
    let tried = desk.try_rule(&admin, &late).await.unwrap();
    let earlier = [("host-down".to_owned(), 1)];
    assert_eq!((tried.earlier, tried.against), (earlier.to_vec(), None));
    let nothing = TryOrder {
        pattern: "HOST .* vanished, IP: (?P<ip>[0-9.]+)".to_owned(),
        ..order
    };
    let tried = desk.try_rule(&admin, &nothing).await.unwrap();
    assert_eq!((tried.matched, tried.near.len()), (0, 3));
    assert_eq!(&nothing.pattern[..tried.near[0].pattern], "HOST .* ");
}

#[tokio::test]
async fn a_rule_begins_with_a_pattern_that_matches_its_alarm() {
    let place = place(Mode::Observe).await;
    let admin = person(Role::Admin);
    alarm(&place, "lost contact to node-12 in prod").await;
    let pattern = place.desk.begin_pattern(&admin, AlarmId(1)).await.unwrap();
    assert_eq!(
        pattern,
        "lost contact to (?P<node>[A-Za-z0-9.-]+) in (?P<cluster>[A-Za-z0-9._-]+)"
    );
}

#[tokio::test]
async fn a_reading_says_what_a_line_would_do_and_does_nothing() {
    let place = place(Mode::Ask).await;
    let (who, desk) = (person(Role::Responder), &place.desk);
    let read = async |line: &str| desk.read_command(&who, line).await.unwrap();
    let well = read("10.0.0.12 startup").await;
    assert_eq!(well.kind, ReadingKind::Held);
    assert!(well.text.contains("Nothing to start"), "{}", well.text);
    place.world.power_off();
    until(|| place.world.cordon_now() == domain::world::Cordon::Open).await;
    let start = read("startup prod/node-12").await;
    assert_eq!(start.kind, ReadingKind::Act);
    assert_eq!(
        start.text,
        "Start node-12 (10.0.0.12) in prod. One tap, 5 s to cancel."
    );
    let near = read("10.0.0.2 startup").await;
    assert_eq!(
        (near.kind, near.offers[0].line.as_str()),
        (ReadingKind::Wrong, "10.0.0.12 startup")
    );
    let cluster = read("cluster-health prd").await;
    assert_eq!(cluster.offers[0].line, "cluster-health prod");
    let verb = read("10.0.0.12 strat").await;
    assert_eq!(
        (verb.position, verb.offers[0].line.as_str()),
        (Some(10), "10.0.0.12 start")
    );
    assert_eq!(read("status").await.kind, ReadingKind::Read);
    assert!(read("approve 77").await.text.contains("no recovery #77"));
    let viewer = person(Role::Viewer);
    let held = desk
        .read_command(&viewer, "10.0.0.12 startup")
        .await
        .unwrap();
    assert_eq!(held.kind, ReadingKind::Held);
    assert!(
        place.store.recoveries_now().is_empty(),
        "a reading begins nothing"
    );
}

#[tokio::test]
async fn a_shared_text_is_searched_for_a_known_node() {
    let place = place(Mode::Ask).await;
    let (who, desk) = (person(Role::Viewer), &place.desk);
    let found = async |text: &str| desk.shared(&who, text).await.unwrap().map(|one| one.line);
    assert_eq!(
        found("FIRING: host down (10.0.0.12), see runbook")
            .await
            .as_deref(),
        Some("10.0.0.12 startup")
    );
    assert_eq!(
        found("Look at NODE-12.").await.as_deref(),
        Some("node-12 startup")
    );
    assert_eq!(found("status").await.as_deref(), Some("status"));
    assert_eq!(found("nothing to see in 10.99.0.1").await, None);
    let help = desk.command_help(&who).await.unwrap();
    assert_eq!(help.examples.len(), 6);
    for call in help.calls.iter().chain(&help.examples) {
        assert!(domain::command::parse(&call.line).is_ok(), "{}", call.line);
    }
}

#[tokio::test]
async fn each_person_has_a_history_of_their_own() {
    let place = place(Mode::Ask).await;
    let (who, desk) = (person(Role::Viewer), &place.desk);
    // The history lies in a real file: real time must run for it.
    tokio::time::resume();
    let said = Said {
        line: "10.0.0.12 startup".to_owned(),
        reply: "node-12 is Ready".to_owned(),
        refused: true,
        recovery: None,
    };
    desk.keep_said(&who, &said).await.unwrap();
    let mine = desk.said(&who).await.unwrap();
    assert_eq!((mine.len(), &mine[0].said, mine[0].acts), (1, &said, true));
    let mut other = who;
    other.name = PersonName::parse("Ines").unwrap();
    assert!(desk.said(&other).await.unwrap().is_empty());
}
