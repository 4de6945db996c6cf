//! What must hold for any line that is typed, not only for the ones we thought of.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use domain::command::{Command, Named, parse};
use domain::guard::Switch;
use domain::id::RecoveryId;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9-]{0,20}[a-z0-9]".prop_filter("a verb is not a name", |name| {
        ![
            "start",
            "startup",
            "nodes",
            "health",
            "cluster-health",
            "status",
            "alarms",
            "who",
            "help",
            "approve",
            "stop",
            "ack",
            "confirm",
            "link",
            "pause",
            "freeze",
            "resume",
        ]
        .contains(&name.as_str())
    })
}

fn target() -> impl Strategy<Value = Named> {
    prop_oneof![
        any::<[u8; 4]>().prop_map(|ip| Named::Ip {
            ip: std::net::Ipv4Addr::from(ip).to_string()
        }),
        any::<[u16; 8]>().prop_map(|ip| {
            let ip = std::net::IpAddr::V6(std::net::Ipv6Addr::from(ip)).to_canonical();
            Named::Ip { ip: ip.to_string() }
        }),
        (proptest::option::of(name()), name())
            .prop_map(|(cluster, node)| Named::Node { cluster, node }),
        Just(Named::Last),
    ]
}

fn reason() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z0-9,:#-]{0,10}( [A-Za-z0-9]{1,10}){0,4}"
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        target().prop_map(|target| Command::Start { target }),
        proptest::option::of(name()).prop_map(|cluster| Command::Health { cluster }),
        proptest::option::of(name()).prop_map(|cluster| Command::Nodes { cluster }),
        Just(Command::Status),
        Just(Command::Alarms),
        Just(Command::Who),
        Just(Command::Help),
        (1..=i64::MAX as u64).prop_map(|id| Command::Approve { id: RecoveryId(id) }),
        (1..=i64::MAX as u64).prop_map(|id| Command::Acknowledge { id: RecoveryId(id) }),
        "[0-9]{4}".prop_map(|code| Command::Confirm { code }),
        "[0-9]{8}".prop_map(|code| Command::Link { code }),
        (1..=i64::MAX as u64).prop_map(|id| Command::Stop { id: RecoveryId(id) }),
        proptest::option::of(reason()).prop_map(|reason| Command::Switch {
            mode: Switch::Pause,
            reason
        }),
        proptest::option::of(reason()).prop_map(|reason| Command::Switch {
            mode: Switch::Freeze,
            reason
        }),
        reason().prop_map(|reason| Command::Switch {
            mode: Switch::Run,
            reason: Some(reason)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_line_makes_the_parser_panic(line in any::<String>()) {
        let _ = parse(&line);
    }

    #[test]
    fn no_nearly_right_line_makes_the_parser_panic(line in "/?(@last|start|startup|health|nodes|10\\.0\\.0\\.12|prod/node-12|#12|stop|resume|[\u{2013}\u{00A0}'.\u{201C}]| ){0,6}") {
        if let Err(error) = parse(&line) {
            prop_assert!(!error.message.is_empty());
            if let Some(nearest) = error.nearest {
                prop_assert!(parse(&nearest).is_ok(), "{nearest:?} is offered and not valid");
            }
        }
    }

    #[test]
    fn a_command_shown_is_the_command_read(command in command()) {
        prop_assert_eq!(parse(&command.to_string()), Ok(command));
    }

    #[test]
    fn case_blanks_slash_and_full_stop_do_not_matter(target in target(), start in any::<bool>()) {
        let verb = if start { "START" } else { "Startup" };
        let line = format!("/{target}\u{00A0}  {verb}.");
        prop_assert_eq!(parse(&line), Ok(Command::Start { target: target.clone() }));
        let line = format!("{verb} {target}");
        prop_assert_eq!(parse(&line), Ok(Command::Start { target }));
    }
}

fn start(target: Named) -> Command {
    Command::Start { target }
}

fn ip(ip: &str) -> Named {
    Named::Ip { ip: ip.to_owned() }
}

fn node(cluster: Option<&str>, node: &str) -> Named {
    Named::Node {
        cluster: cluster.map(str::to_owned),
        node: node.to_owned(),
    }
}

#[test]
fn every_call_of_the_help_is_a_call() {
    for line in domain::command::help().lines() {
        let call = line.split("  ").next().unwrap();
        assert!(parse(call).is_ok(), "{call}");
    }
}

#[test]
fn what_phones_and_chats_make_of_a_line_is_read() {
    let cases = [
        ("10.0.0.12 startup", start(ip("10.0.0.12"))),
        ("Start 10.0.0.12.", start(ip("10.0.0.12"))),
        ("/startup\u{00A0}10.0.0.12", start(ip("10.0.0.12"))),
        ("\u{201C}10.0.0.12\u{201D} startup", start(ip("10.0.0.12"))),
        ("FD00::12 startup", start(ip("fd00::12"))),
        ("[fd00::12] startup", start(ip("fd00::12"))),
        ("::ffff:10.0.0.12 startup", start(ip("10.0.0.12"))),
        ("Node\u{2013}12 start", start(node(None, "node-12"))),
        ("prod/node-12 startup", start(node(Some("prod"), "node-12"))),
        (
            "prod/10.0.0.12 startup",
            start(node(Some("prod"), "10.0.0.12")),
        ),
        ("@last startup", start(Named::Last)),
        (
            "cluster\u{2014}health Prod",
            Command::Health {
                cluster: Some("prod".to_owned()),
            },
        ),
        (
            "prod health",
            Command::Health {
                cluster: Some("prod".to_owned()),
            },
        ),
        ("health", Command::Health { cluster: None }),
        (
            "approve #1042",
            Command::Approve {
                id: RecoveryId(1042),
            },
        ),
        ("Stop 7.", Command::Stop { id: RecoveryId(7) }),
        (
            "pause Storage \u{2018}A\u{2019} is moved",
            Command::Switch {
                mode: Switch::Pause,
                reason: Some("Storage 'A' is moved".to_owned()),
            },
        ),
        (
            "freeze",
            Command::Switch {
                mode: Switch::Freeze,
                reason: None,
            },
        ),
    ];
    for (line, command) in cases {
        assert_eq!(parse(line), Ok(command), "{line}");
    }
}

#[test]
fn what_is_no_call_is_refused_with_the_word_and_what_is_near() {
    let cases = [
        ("10.0.0.12 strat", Some("10.0.0.12 start"), 10, "strat"),
        ("10.0.0.12", Some("10.0.0.12 startup"), 0, "10.0.0.12"),
        ("10.0.0.12 reboot", None, 10, "reboot"),
        ("10.0.0.012 startup", None, 0, "leading zero"),
        ("10.0.0.256 startup", None, 0, "0 to 255"),
        ("10.0.0 startup", None, 0, "four numbers"),
        (
            "cluster health prod",
            Some("cluster-health prod"),
            15,
            "prod",
        ),
        (
            "cluster-helth prod",
            Some("cluster-health prod"),
            0,
            "cluster-helth",
        ),
        ("helth", Some("health"), 0, "helth"),
        ("health 10.0.0.12", None, 7, "address"),
        ("aprove 12", Some("approve 12"), 0, "aprove"),
        ("approve", None, 0, "number"),
        ("approve 0", None, 8, "0"),
        ("stop -1", None, 5, "-1"),
        ("status prod", Some("status"), 7, "prod"),
        ("resume", None, 0, "reason"),
        ("start", None, 0, "needs a node"),
        ("10.0.0.12 10.0.0.13 startup", None, 10, "one at a time"),
        ("start 10.0.0.12 now", Some("start 10.0.0.12"), 16, "now"),
        ("@first startup", None, 0, "@last"),
        ("", Some("help"), 0, "nothing"),
    ];
    for (line, nearest, position, word) in cases {
        let error = parse(line).expect_err(line);
        assert_eq!(error.nearest.as_deref(), nearest, "{line}: {error}");
        assert!(error.message.contains(word), "{line}: {error}");
        assert_eq!(error.position, position, "{line}: {error}");
    }
}

#[test]
fn names_that_are_near_are_offered_nearest_first() {
    let known = ["node-11", "node-12", "10.0.0.1", "10.0.0.11", "db"];
    let near = |word| domain::command::nearest_names(word, known);
    assert_eq!(near("10.0.0.0"), ["10.0.0.1", "10.0.0.11"]);
    assert_eq!(near("Nod-12"), ["node-12", "node-11"]);
    assert_eq!(near("da"), [""; 0], "a short name is not guessed");
}

#[test]
fn every_example_of_the_manual_is_a_call() {
    let manual = include_str!("../../../docs/chat.md");
    let mut blocks = manual.split("```chat\n").skip(1);
    let lines = blocks
        .next()
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    assert!(
        blocks.next().is_none() && lines.lines().count() >= 18,
        "{lines}"
    );
    for line in lines.lines() {
        assert!(parse(line).is_ok(), "{line}: {:?}", parse(line));
    }
}

#[test]
fn what_only_reads_is_told_from_what_acts() {
    for line in domain::command::help().lines() {
        let call = line.split("  ").next().unwrap();
        let acts = [
            "startup", "approve", "stop", "ack", "confirm", "link", "pause", "freeze", "resume",
        ];
        let expected = acts
            .iter()
            .any(|verb| call.split(' ').any(|word| word == *verb));
        assert_eq!(parse(call).unwrap().acts(), expected, "{call}");
    }
}
