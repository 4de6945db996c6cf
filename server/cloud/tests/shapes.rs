//! A stand-in for Keystone and Nova with recorded shapes, for what the make-believe world does not do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "stand_in/openstack.rs"]
mod stand_in;

use cloud::openstack::{OpenStack, Settings};
use cloud::secret::SecretSource;
use domain::step::Answer;
use domain::world::{MachineState, Reading};
use engine::ports::Cloud;
use stand_in::{ID, SERVER, StandIn, TOKEN, Wall, by_address, by_id, server};
use std::sync::Arc;

const SHOW: &str = "GET /v2.1/servers/e1607007-1345-4ac9-b7b7-6c4c370953a7";
const LIST: &str = "GET /v2.1/servers/detail";
const ACTION: &str = "POST /v2.1/servers/e1607007-1345-4ac9-b7b7-6c4c370953a7/action";
const TOKENS: &str = "POST /v3/auth/tokens";

#[tokio::test]
async fn a_recorded_server_is_read() {
    let nova = StandIn::new(&[(SHOW, 200, &[], SERVER)]).await;
    let Reading::Seen(machine) = nova.cloud.machine(&by_id()).await else {
        panic!("not seen")
    };
    assert_eq!(
        (machine.id.as_str(), machine.state, machine.detail.as_str()),
        (ID, MachineState::On, "ACTIVE")
    );
    assert_eq!(
        machine.since.unwrap().to_string(),
        "2026-11-22T20:10:55.61333Z"
    );
    assert_eq!(
        machine.host.as_deref(),
        Some("15693362e5e4554d72fbb153796bfda56c1a0f331161e202e1868382")
    );
    let seen = nova.seen();
    assert_eq!(seen[1].token, "tok-1");
    assert_eq!(seen[1].version, "compute 2.79");
    assert_eq!(
        seen[0].body["auth"]["scope"]["project"]["domain"]["name"],
        "Default"
    );
}

#[tokio::test]
async fn only_exactly_the_address_counts() {
    let page = format!(
        r#"{{"servers": [{}, {}]}}"#,
        server("near", "192.168.1.110"),
        server("right", "192.168.1.11")
    );
    let nova = StandIn::new(&[(LIST, 200, &[], &page)]).await;
    let Reading::Seen(machine) = nova.cloud.machine(&by_address()).await else {
        panic!("not seen")
    };
    assert_eq!(machine.id, "right");
    assert_eq!(nova.seen()[1].query, "ip=192.168.1.11");
}

#[tokio::test]
async fn an_address_of_several_machines_is_nobodys() {
    let page = format!(
        r#"{{"servers": [{}, {}]}}"#,
        server("a", "192.168.1.11"),
        server("b", "192.168.1.11")
    );
    let nova = StandIn::new(&[(LIST, 200, &[], &page)]).await;
    let reading = nova.cloud.machine(&by_address()).await;
    assert_eq!(
        reading,
        Reading::Unreadable("several machines have the address 192.168.1.11: a, b".into())
    );
}

#[tokio::test]
async fn when_the_filter_finds_nobody_all_pages_are_looked_through() {
    let first = format!(
        r#"{{"servers": [{}], "servers_links": [{{"rel": "next", "href": "x"}}]}}"#,
        server("a", "192.168.1.9")
    );
    let second = format!(r#"{{"servers": [{}]}}"#, server("b", "192.168.1.11"));
    let empty = r#"{"servers": []}"#;
    let nova = StandIn::new(&[
        (LIST, 200, &[], empty),
        (LIST, 200, &[], &first),
        (LIST, 200, &[], &second),
    ])
    .await;
    let Reading::Seen(machine) = nova.cloud.machine(&by_address()).await else {
        panic!("not seen")
    };
    assert_eq!(machine.id, "b");
    let queries: Vec<String> = nova
        .seen()
        .into_iter()
        .skip(1)
        .map(|one| one.query)
        .collect();
    assert_eq!(queries, ["ip=192.168.1.11", "", "marker=a"]);
    let nova = StandIn::new(&[(LIST, 200, &[], empty)]).await;
    assert_eq!(nova.cloud.machine(&by_address()).await, Reading::Absent);
}

#[tokio::test]
async fn a_machine_in_a_cell_that_is_down_and_nonsense_are_unreadable() {
    for (status, body, why) in [
        (
            200,
            format!(r#"{{"server": {{"id": "{ID}", "status": "UNKNOWN"}}}}"#),
            "its cell is down",
        ),
        (
            200,
            "<html>".into(),
            "makes no sense: expected value at line 1 column 1",
        ),
        (200, r#"{"server": {}}"#.into(), "missing field `id`"),
        (302, String::new(), "302 Found"),
    ] {
        let nova = StandIn::new(&[(SHOW, status, &[("location", "/elsewhere")], &body)]).await;
        let reading = nova.cloud.machine(&by_id()).await;
        assert!(
            matches!(&reading, Reading::Unreadable(said) if said.contains(why)),
            "{reading:?}"
        );
    }
}

#[tokio::test]
async fn every_answer_to_a_start_has_its_class() {
    let date = [
        ("date", "Sun, 22 Nov 2026 20:00:00 GMT"),
        ("retry-after", "Sun, 22 Nov 2026 20:01:30 GMT"),
    ];
    let said = |text: &str| format!(r#"{{"x": {{"message": "{text}"}}}}"#);
    let words = |code: u16, text: &str| format!("{code} {text}");
    let table: Vec<(u16, &[(&str, &str)], &str, Answer)> = vec![
        (
            202,
            &[("x-openstack-request-id", "req-1")],
            "",
            Answer::Done("req-1".into()),
        ),
        (
            202,
            &[("x-compute-request-id", "req-2")],
            "",
            Answer::Done("req-2".into()),
        ),
        (
            400,
            &[],
            "no such action",
            Answer::Refused(words(400, "no such action")),
        ),
        (
            403,
            &[],
            "Policy doesn't allow",
            Answer::Denied(words(403, "Policy doesn't allow")),
        ),
        (
            403,
            &[],
            "Quota exceeded for cores",
            Answer::Capacity(words(403, "Quota exceeded for cores")),
        ),
        (
            404,
            &[],
            "no mapping to a cell",
            Answer::NotFound(words(404, "no mapping to a cell")),
        ),
        (
            413,
            &[("retry-after", "9")],
            "over limit",
            Answer::Throttled(words(413, "over limit"), Some(9)),
        ),
        (
            429,
            &date,
            "slow down",
            Answer::Throttled(words(429, "slow down"), Some(90)),
        ),
        (
            429,
            &[],
            "slow down",
            Answer::Throttled(words(429, "slow down"), None),
        ),
        (
            500,
            &[],
            "Unexpected API Error",
            Answer::Unknown(words(500, "Unexpected API Error")),
        ),
        (
            500,
            &[],
            "No valid host was found",
            Answer::Capacity(words(500, "No valid host was found")),
        ),
        (
            502,
            &[],
            "bad gateway",
            Answer::Unknown(words(502, "bad gateway")),
        ),
        (503, &[], "down", Answer::Retryable(words(503, "down"))),
        (
            503,
            &[("retry-after", "5")],
            "down",
            Answer::Throttled(words(503, "down"), Some(5)),
        ),
        (504, &[], "late", Answer::Unknown(words(504, "late"))),
    ];
    for (status, headers, text, answer) in table {
        let nova = StandIn::new(&[(ACTION, status, headers, &said(text))]).await;
        assert_eq!(nova.cloud.start(ID, "k").await, answer);
        assert_eq!(nova.count(ACTION), 1, "a start is sent once");
    }
}

#[tokio::test]
async fn a_conflict_is_judged_by_what_the_machine_is_doing() {
    let conflict = r#"{"conflictingRequest": {"code": 409, "message": "Cannot 'start' instance"}}"#;
    let shown = |change: &str| SERVER.replace(r#""status": "ACTIVE""#, change);
    for (now, expected) in [
        (SERVER.to_owned(), "AlreadyThere"),
        (shown(r#""status": "BUILD""#), "AlreadyThere"),
        (shown(r#""status": "SHUTOFF""#), "Conflict"),
        (shown(r#""status": "ERROR""#), "Conflict"),
        (
            shown(r#""status": "SHUTOFF", "x": 1"#)
                .replace(r#""locked": false"#, r#""locked": true"#),
            "Denied",
        ),
    ] {
        let nova = StandIn::new(&[(ACTION, 409, &[], conflict), (SHOW, 200, &[], &now)]).await;
        let answer = format!("{:?}", nova.cloud.start(ID, "k").await);
        assert!(answer.starts_with(expected), "{answer}");
    }
}

#[tokio::test]
async fn a_second_refusal_of_the_token_is_final() {
    let refused = r#"{"error": {"code": 401, "title": "Unauthorized", "message": "no"}}"#;
    let nova = StandIn::new(&[(ACTION, 401, &[], refused)]).await;
    assert_eq!(
        nova.cloud.start(ID, "k").await,
        Answer::Denied("401 no".into())
    );
    assert_eq!((nova.count(TOKENS), nova.count(ACTION)), (2, 2));
}

#[tokio::test]
async fn a_nova_that_is_too_old_for_the_microversion_is_spoken_to_plainly() {
    let nova = StandIn::new(&[(SHOW, 406, &[], ""), (SHOW, 200, &[], SERVER)]).await;
    for _ in 0..2 {
        assert!(matches!(
            nova.cloud.machine(&by_id()).await,
            Reading::Seen(_)
        ));
    }
    let versions: Vec<String> = nova
        .seen()
        .into_iter()
        .skip(1)
        .map(|one| one.version)
        .collect();
    assert_eq!(versions, ["compute 2.79", "", ""]);
}

#[tokio::test]
async fn a_token_is_kept_while_it_lasts_and_the_password_is_read_for_each_new_one() {
    let nova = StandIn::new(&[(SHOW, 200, &[], SERVER)]).await;
    nova.cloud.machine(&by_id()).await;
    nova.cloud.machine(&by_id()).await;
    assert_eq!(nova.count(TOKENS), 1);
    let short = TOKEN.replace("21:10:49", "20:10:49");
    let nova = StandIn::new(&[
        (TOKENS, 201, &[("x-subject-token", "t")], &short),
        (SHOW, 200, &[], SERVER),
    ])
    .await;
    nova.cloud.machine(&by_id()).await;
    std::fs::write(nova.folder.path().join("password"), "second\n").unwrap();
    nova.cloud.machine(&by_id()).await;
    let sent: Vec<String> = nova
        .seen()
        .iter()
        .filter(|one| one.call == TOKENS)
        .map(|one| one.password())
        .collect();
    assert_eq!(sent, ["first", "second"]);
}

#[tokio::test]
async fn without_a_token_a_start_was_never_sent() {
    for (status, headers, expected) in [
        (
            401,
            vec![],
            Answer::Denied("sign-in to Keystone failed: 401 no".into()),
        ),
        (
            429,
            vec![("retry-after", "3")],
            Answer::Throttled("sign-in to Keystone failed: 429 no".into(), Some(3)),
        ),
        (
            500,
            vec![],
            Answer::Retryable("sign-in to Keystone failed: 500 no".into()),
        ),
        (
            503,
            vec![],
            Answer::Retryable("sign-in to Keystone failed: 503 no".into()),
        ),
        (
            404,
            vec![],
            Answer::Refused("sign-in to Keystone failed: 404 no".into()),
        ),
    ] {
        let nova = StandIn::new(&[(TOKENS, status, &headers, "no"), (ACTION, 202, &[], "")]).await;
        assert_eq!(nova.cloud.start(ID, "k").await, expected);
        assert_eq!(nova.count(ACTION), 0);
    }
    let nova = StandIn::new(&[]).await;
    std::fs::remove_file(nova.folder.path().join("password")).unwrap();
    let answer = nova.cloud.start(ID, "k").await;
    assert!(
        matches!(&answer, Answer::Retryable(why) if why.contains("password cannot be read")),
        "{answer:?}"
    );
    let nowhere = StandIn::nowhere().await;
    let answer = nowhere.cloud.start(ID, "k").await;
    assert!(
        matches!(&answer, Answer::Retryable(why) if why.contains("Connection refused")),
        "{answer:?}"
    );
    assert!(matches!(
        nowhere.cloud.start("../x", "k").await,
        Answer::Refused(_)
    ));
}

#[tokio::test]
async fn the_catalog_is_searched_by_region_and_interface_and_says_what_it_has() {
    let two = TOKEN.replace(
        r#"{"interface": "public", "region_id": "RegionOne", "region": "RegionOne", "url": "{base}/v2.1"}"#,
        r#"{"interface": "public", "region_id": "A", "url": "{base}/a"}, {"interface": "public", "region_id": "B", "url": "{base}/v2.1/"}"#,
    );
    let subject = [("x-subject-token", "t")];
    let answers: [(&str, u16, &[(&str, &str)], &str); 2] =
        [(TOKENS, 201, &subject, &two), (SHOW, 200, &[], SERVER)];
    let seen = |region: Option<&'static str>, interface: Option<&'static str>| {
        let answers = &answers;
        async move {
            let change = move |settings: &mut Settings| {
                settings.region = region.map(Into::into);
                settings.interface = interface.map(Into::into);
            };
            StandIn::with(answers, change)
                .await
                .cloud
                .machine(&by_id())
                .await
        }
    };
    assert!(matches!(seen(Some("B"), None).await, Reading::Seen(_)));
    for (region, interface, why) in [
        (None, None, "the catalog has compute in A, B: set region"),
        (
            Some("C"),
            None,
            "the catalog has compute in A, B, not in region C",
        ),
        (
            Some("A"),
            Some("internal"),
            "the catalog has no internal compute endpoint",
        ),
    ] {
        let said = Reading::Unreadable(format!("sign-in to Keystone failed: {why}"));
        assert_eq!(seen(region, interface).await, said);
    }
}

#[tokio::test]
async fn the_doctor_names_the_way_out() {
    for (call, status, way_out) in [
        (TOKENS, 404, "auth_url is not Keystone's: it ends in /v3"),
        (
            TOKENS,
            403,
            "the user has no role in the project: give it member",
        ),
        (TOKENS, 500, "Keystone has trouble: try again later"),
        (
            TOKENS,
            200,
            "auth_url is probably not Keystone's: it ends in /v3",
        ),
        (
            LIST,
            403,
            "the user may not list machines: give it the member role in the project",
        ),
        (
            LIST,
            404,
            "the compute endpoint of the catalog is not Nova's: check region and interface",
        ),
    ] {
        let nova = StandIn::new(&[(call, status, &[], "no")]).await;
        assert_eq!(nova.cloud.check().await.unwrap_err().way_out, way_out);
    }
    let way_out = StandIn::nowhere()
        .await
        .cloud
        .check()
        .await
        .unwrap_err()
        .way_out;
    assert_eq!(
        way_out,
        "check auth_url, the network and, for https, the ca file"
    );
}

#[test]
fn settings_that_cannot_work_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("ca.pem");
    std::fs::write(&pem, "nothing").unwrap();
    type Change<'a> = Box<dyn Fn(&mut Settings) + 'a>;
    let table: Vec<(Change<'_>, &str)> = vec![
        (
            Box::new(|s| s.auth_url = "keystone:5000".into()),
            "auth_url \"keystone:5000\" is not valid",
        ),
        (
            Box::new(|s| s.auth_url = "http://k/v2.0".into()),
            "expected http(s)://host/.../v3",
        ),
        (
            Box::new(|s| s.interface = Some("open".into())),
            "interface \"open\" is not valid: expected public, internal",
        ),
        (
            Box::new(|s| s.ca = Some(folder.path().join("none"))),
            "none cannot be used: No such file",
        ),
        (
            Box::new(|s| s.ca = Some(pem.clone())),
            "ca.pem cannot be used: it holds no PEM certificate",
        ),
    ];
    for (change, sentence) in table {
        let mut settings = stand_in::settings("http://127.0.0.1:1", SecretSource::Env("X".into()));
        change(&mut settings);
        let error = OpenStack::new(settings, Arc::new(Wall))
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains(sentence), "{error}");
    }
}
