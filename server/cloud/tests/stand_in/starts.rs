//! What a start is answered with, by a stand-in for Keystone and Nova, and the class of each.

use crate::openstack::{ID, SERVER, StandIn};
use domain::step::Answer;
use engine::ports::Cloud;

/// Status, headers and sentence of Nova, and what it means.
type Row<'a> = (u16, &'a [(&'a str, &'a str)], &'a str, Answer);

const SHOW: &str = "GET /v2.1/servers/e1607007-1345-4ac9-b7b7-6c4c370953a7";
const ACTION: &str = "POST /v2.1/servers/e1607007-1345-4ac9-b7b7-6c4c370953a7/action";
const TOKENS: &str = "POST /v3/auth/tokens";

#[tokio::test]
async fn every_answer_to_a_start_has_its_class() {
    let date = [
        ("date", "Sun, 22 Nov 2026 20:00:00 GMT"),
        ("retry-after", "Sun, 22 Nov 2026 20:01:30 GMT"),
    ];
    let said = |text: &str| format!(r#"{{"x": {{"message": "{text}"}}}}"#);
    let words = |code: u16, text: &str| format!("{code} {text}");
    let table: Vec<Row<'_>> = vec![
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
