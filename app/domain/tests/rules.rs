//! Rules while they are written: switches, pins, what else takes an alarm, where a pattern stops matching.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use domain::guard::{Guards, Replayed, replay};
use domain::id::{NodeName, RuleId, RuleName};
use domain::rule::begin::{Names, pattern_of};
use domain::rule::diff::{changes, cut};
use domain::rule::flags::{Flags, join, split};
use domain::rule::near::Steps;
use domain::rule::pattern::Pattern;
use domain::rule::pin::{self, PinError};
use domain::rule::sieve::Sieve;
use domain::rule::{Draft, Mode, Must, Pin, Rule, shipped};
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeMap;

const STORY: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

fn draft(pattern: &str) -> Draft {
    Draft {
        pattern: pattern.to_owned(),
        ..shipped(Mode::Observe)
    }
}

fn rule(id: u64, name: &str, position: u32, pattern: &str) -> Rule {
    Rule {
        id: RuleId(id),
        version: 1,
        draft: Draft {
            name: RuleName::parse(name).unwrap(),
            position,
            ..draft(pattern)
        },
    }
}

fn pinned(must: Must, text: &str) -> Pin {
    Pin::new(must, text, BTreeMap::new())
}

fn names() -> Names {
    Names {
        nodes: ["node-12", "10.0.0.12"].map(str::to_owned).to_vec(),
        clusters: vec!["prod".to_owned()],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn switches_taken_off_and_put_back_leave_every_pattern_as_it_was(pattern in "(\\(\\?(m|-i|m-i|i|im|s)\\)){0,2}.{0,20}") {
        let (flags, body) = split(&pattern);
        prop_assert_eq!(join(flags, body), pattern);
    }

    #[test]
    fn the_first_pattern_of_a_rule_matches_the_alarm_it_came_from(text in "[ -~\n]{1,200}", node in "node-[0-9]{1,3}") {
        let text = format!("{node} {text}");
        let pattern = Pattern::parse(&pattern_of(&text, &names()));
        prop_assert!(pattern.is_ok(), "{:?}", pattern.err());
        prop_assert!(pattern.unwrap().find(&text).is_some(), "{}", pattern_of(&text, &names()));
    }

    #[test]
    fn no_pattern_makes_the_search_for_near_alarms_panic(pattern in any::<String>(), text in any::<String>()) {
        if let Some(reach) = Steps::new(&pattern).reach(&text) {
            prop_assert!(pattern.is_char_boundary(reach.pattern));
            prop_assert!(text.get(reach.start..reach.end).is_some());
        }
    }

    #[test]
    fn a_text_is_cut_into_three_parts_that_make_it_whole(a in ".{0,12}", b in ".{0,12}") {
        let (front, own, back) = cut(&a, &b);
        prop_assert_eq!(format!("{front}{own}{back}"), a.clone());
        let (other_front, _, other_back) = cut(&b, &a);
        prop_assert_eq!((front, back), (other_front, other_back));
    }
}

#[test]
fn a_switch_changes_what_the_live_path_matches() {
    let both = |flags: Flags, body: &str, text: &str| {
        Pattern::parse(&join(flags, body))
            .unwrap()
            .find(text)
            .is_some()
    };
    let off = Flags {
        ignore_case: false,
        multi_line: false,
    };
    let lines = Flags {
        ignore_case: true,
        multi_line: true,
    };
    assert!(both(Flags::default(), "host (?P<ip>.+)", "HOST 1"));
    assert!(!both(off, "host (?P<ip>.+)", "HOST 1"));
    assert!(!both(Flags::default(), "^host (?P<ip>.+)", "down\nHOST 1"));
    assert!(both(lines, "^host (?P<ip>.+)", "down\nHOST 1"));
}

#[test]
fn pins_are_checked_by_the_function_of_the_live_path() {
    let mut of = draft(r"HOST (?P<ip>[0-9.]+) down");
    pin::add(&mut of.pins, pinned(Must::Match, STORY));
    pin::add(
        &mut of.pins,
        pinned(Must::NotMatch, "HOST 10.0.0.12 up again"),
    );
    assert_eq!(pin::failing(&of), Ok(None));
    of.pattern = r"HOST (?P<ip>[0-9.]+)".to_owned();
    let told = pin::failing(&of).unwrap().unwrap();
    assert_eq!(
        told,
        "pin 2 must not match and does: \"HOST 10.0.0.12 up again\""
    );
    of.pattern = r"host (?P<ip>[a-z]+) up".to_owned();
    assert!(
        pin::failing(&of)
            .unwrap()
            .unwrap()
            .starts_with("pin 1 must match and does not")
    );
    of.pattern = "HOST (".to_owned();
    assert!(pin::failing(&of).is_err(), "a bad pattern is its own fault");
}

#[test]
fn labels_count_for_pins_and_a_rule_that_is_off_keeps_them() {
    let mut of = draft(r"HOST (?P<ip>[0-9.]+)");
    of.enabled = false;
    of.labels = BTreeMap::from([("severity".to_owned(), "critical".to_owned())]);
    let labelled = Pin::new(Must::Match, STORY, of.labels.clone());
    of.pins = vec![labelled, pinned(Must::NotMatch, STORY)];
    assert_eq!(pin::held(&of), Ok(vec![true, true]));
    of.labels.clear();
    assert_eq!(pin::held(&of), Ok(vec![true, false]));
}

#[test]
fn a_text_is_pinned_once_and_pins_are_few_and_short() {
    let mut pins = vec![pinned(Must::Match, "a"), pinned(Must::Match, "b")];
    pin::add(&mut pins, pinned(Must::NotMatch, "a"));
    assert_eq!(
        pins,
        [pinned(Must::Match, "b"), pinned(Must::NotMatch, "a")]
    );
    assert_eq!(pin::within(&pins), Ok(()));
    assert_eq!(pin::read(&pin::write(&pins)), Ok(pins.clone()));
    assert_eq!(pin::read(""), Ok(Vec::new()));
    assert_eq!(pin::read("[{]"), Err(PinError::Unreadable));
    let twice = [pins[0].clone(), pins[1].clone(), pins[0].clone()];
    assert_eq!(pin::within(&twice), Err(PinError::Twice(1, 3)));
    assert_eq!(
        pin::within(&[pinned(Must::Match, " ")]),
        Err(PinError::Empty(1))
    );
    let long = |n: usize| pinned(Must::Match, &format!("{n}{}", "x".repeat(7000)));
    assert_eq!(
        pin::within(&[long(1), long(2), long(3)]),
        Err(PinError::TooLong)
    );
    let many: Vec<Pin> = (0..21)
        .map(|n| pinned(Must::Match, &n.to_string()))
        .collect();
    assert_eq!(pin::within(&many), Err(PinError::TooMany));
    assert!(long(1).short().chars().count() < 100);
}

#[test]
fn the_sieve_tells_what_is_new_what_is_lost_and_what_an_earlier_rule_takes() {
    let rules = [
        rule(1, "hosts", 2, r"HOST (?P<ip>[0-9.]+) down"),
        rule(2, "first", 1, r"HOST (?P<ip>10\.0\.0\.13)"),
        rule(3, "later", 2, r"HOST (?P<ip>.+)"),
    ];
    let new = Draft {
        position: 2,
        ..draft(r"HOST (?P<ip>[0-9.]+) (down|lost)")
    };
    let sieve = Sieve::new(&new, Some(RuleId(1)), &rules).unwrap();
    assert!(sieve.compares());
    let none = BTreeMap::new();
    let see = |text: &str| {
        let look = sieve.look(text, &none);
        (
            look.found.is_some(),
            look.was.is_some(),
            look.taken_by.map(|one| one.id.0),
        )
    };
    assert_eq!(see(STORY), (true, true, None));
    assert_eq!(see("HOST 10.0.0.12 lost"), (true, false, None));
    assert_eq!(see("HOST 10.0.0.13 down"), (true, true, Some(2)));
    let narrow = Sieve::new(
        &draft(r"HOST (?P<ip>[0-9.]+) lost"),
        Some(RuleId(1)),
        &rules,
    )
    .unwrap();
    assert!(narrow.look(STORY, &none).found.is_none() && narrow.look(STORY, &none).was.is_some());
    let fresh = Sieve::new(&Draft { position: 3, ..new }, None, &rules).unwrap();
    assert!(!fresh.compares());
    assert_eq!(fresh.look(STORY, &none).taken_by.unwrap().id, RuleId(1));
}

#[test]
fn rules_at_the_same_place_stand_in_the_order_of_their_numbers() {
    let rules = [
        rule(5, "one", 1, r"HOST (?P<ip>.+)"),
        rule(6, "two", 1, r"HOST (?P<ip>.+)"),
    ];
    let none = BTreeMap::new();
    let second = Sieve::new(&rules[1].draft, Some(RuleId(6)), &rules).unwrap();
    assert_eq!(second.look(STORY, &none).taken_by.unwrap().id, RuleId(5));
    let first = Sieve::new(&rules[0].draft, Some(RuleId(5)), &rules).unwrap();
    assert!(first.look(STORY, &none).taken_by.is_none());
}

#[test]
fn a_pattern_that_matches_nothing_says_where_it_stops() {
    let pattern = r"HOST (?P<host>\S+) gone, IP: (?P<ip>[0-9.]+)";
    let steps = Steps::new(pattern);
    let reach = steps.reach(STORY).unwrap();
    assert_eq!(&pattern[..reach.pattern], r"HOST (?P<host>\S+) ");
    assert_eq!(&STORY[reach.start..reach.end], "HOST 10.0.0.12 ");
    assert_eq!(steps.reach("disk is full"), None);
    assert_eq!(
        Steps::new("(a|b)").reach("a"),
        None,
        "one part has no beginning"
    );
    let long = "word ".repeat(200);
    assert!(
        Steps::new(&long)
            .reach("word word word")
            .is_none_or(|reach| reach.pattern > 0)
    );
}

#[test]
fn the_first_pattern_names_the_node_wherever_the_alarm_does() {
    let cases = [
        (
            STORY,
            r"HOST (?P<host>\S+) down, IP: (?P<ip>[0-9A-Fa-f:.]+) Cluster (?P<cluster>[A-Za-z0-9._-]+)",
        ),
        (
            "lost contact to node-12 in prod, code 7",
            r"lost contact to (?P<node>[A-Za-z0-9.-]+) in (?P<cluster>[A-Za-z0-9._-]+), code \d+",
        ),
        (
            "worker7 is (very) down",
            r"(?P<node>[A-Za-z0-9.-]+) is \(very\) down",
        ),
        (
            "from 10.9.9.9 to 10.0.0.12 at 10:31",
            r"from [0-9A-Fa-f:.]+ to (?P<ip>[0-9A-Fa-f:.]+) at \d+:\d+",
        ),
        ("fd00::12 down", "(?P<ip>[0-9A-Fa-f:.]+) down"),
        ("nothing names a node", "nothing names a node"),
    ];
    for (text, pattern) in cases {
        assert_eq!(pattern_of(text, &names()), pattern, "{text}");
    }
}

#[test]
fn versions_differ_field_by_field() {
    let old = shipped(Mode::Ask);
    let mut new = old.clone();
    new.position = 7;
    new.pins.push(pinned(Must::Match, STORY));
    let told: Vec<_> = changes(&old, &new)
        .into_iter()
        .map(|one| (one.field, one.old, one.new))
        .collect();
    assert_eq!(
        told,
        [
            ("Position", "1".to_owned(), "7".to_owned()),
            ("Pins", "none".to_owned(), format!("must match: {STORY}")),
        ]
    );
    assert_eq!(cut("HOST down", "HOST is down"), ("HOST ", "", "down"));
    assert_eq!(cut("HOST is down", "HOST down"), ("HOST ", "is ", "down"));
}

#[test]
fn the_limits_are_played_over_past_alarms() {
    let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
    let node = |name: &str| NodeName::parse(name).unwrap();
    let alarms = [
        (node("node-1"), at(0)),
        (node("node-1"), at(5)),
        (node("node-2"), at(6)),
        (node("node-3"), at(7)),
        (node("node-4"), at(70)),
    ];
    let guards = Guards {
        cool_down_s: 600,
        starts_per_hour: 2,
        ..Guards::default()
    };
    assert_eq!(
        replay(&guards, &alarms),
        Replayed {
            starts: 5,
            nodes: 4,
            held: 2
        }
    );
    let free = Guards {
        cool_down_s: 0,
        starts_per_hour: 0,
        flap_max: 0,
        ..Guards::default()
    };
    assert_eq!(replay(&free, &alarms).held, 0);
}
