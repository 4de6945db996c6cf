//! Text and JSON as alarms, and what is said of a body that is neither.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use alarms::read::BODY_MAX;
use alarms::{Format, Parsed, ReadError, read};
use domain::alarm::{Status, TEXT_MAX};
use domain::id::SourceName;
use proptest::prelude::*;

const STORY: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

fn source() -> SourceName {
    SourceName::parse("monitor").unwrap()
}

fn text(body: &str) -> Parsed {
    read(&Format::Any, Some("text/plain"), &source(), body.as_bytes()).unwrap()
}

fn json(body: &str) -> Result<Parsed, ReadError> {
    read(
        &Format::Any,
        Some("application/json"),
        &source(),
        body.as_bytes(),
    )
}

#[test]
fn text_gives_one_alarm_a_line() {
    let parsed = text(&format!(
        "\u{feff}{STORY}\r\n\r\n  \t\nsecond\x07 one\twith a tab \n"
    ));
    let texts: Vec<&str> = parsed
        .alarms
        .iter()
        .map(|alarm| alarm.text.as_str())
        .collect();
    assert_eq!(texts, [STORY, "second one with a tab"]);
    let alarm = &parsed.alarms[0];
    assert_eq!(
        (alarm.status, alarm.starts_at, alarm.close_with.as_deref()),
        (Status::Firing, None, None)
    );
    assert_eq!(
        alarm.fingerprint,
        domain::alarm::fingerprint(&source(), STORY)
    );
    assert_eq!(
        alarm.fingerprint,
        text(&STORY.to_lowercase()).alarms[0].fingerprint
    );
}

#[test]
fn json_gives_one_alarm_or_a_list() {
    let one = json(&format!(
        r#"{{"text":"{STORY}","labels":{{"severity":"page"}},"starts_at":"2026-11-22T19:52:15.439+01:00","status":"resolved","fingerprint":"f1"}}"#
    ));
    let alarm = &one.unwrap().alarms[0];
    assert_eq!(
        (
            alarm.text.as_str(),
            alarm.fingerprint.as_str(),
            alarm.status
        ),
        (STORY, "f1", Status::Resolved)
    );
    assert_eq!(
        alarm.starts_at.unwrap().to_string(),
        "2026-11-22T18:52:15.439Z"
    );
    assert_eq!(alarm.labels["severity"], "page");
    let list = json(r#"[{"text":"a"},{"text":"b\n\u0000c","labels":{}}]"#).unwrap();
    assert_eq!(list.alarms.len(), 2);
    assert_eq!(list.alarms[1].text, "b\nc");
    assert_eq!(list.alarms[0].starts_at, None);
}

#[test]
fn without_a_content_type_the_body_tells_what_it_is() {
    let seen = |body: &str| {
        read(&Format::Any, None, &source(), body.as_bytes())
            .unwrap()
            .alarms[0]
            .text
            .clone()
    };
    assert_eq!(seen(STORY), STORY);
    assert_eq!(seen(r#" {"text":"x"}"#), "x");
    assert_eq!(
        seen(
            r#"{"version":"4","alerts":[{"status":"firing","labels":{"alertname":"Down","node":"n1","a":"b"},"startsAt":"2026-11-22T19:52:15Z"}]}"#
        ),
        "Down a=b node=n1"
    );
}

#[test]
fn a_text_that_is_too_long_is_cut_and_flagged() {
    let parsed = text(&"ä".repeat(TEXT_MAX));
    assert!(parsed.alarms[0].truncated);
    assert_eq!(parsed.alarms[0].text.len(), TEXT_MAX);
}

#[test]
fn what_only_the_labels_say_is_the_text_and_the_identity() {
    let hook = |labels: &str| {
        json(&format!(r#"{{"version":"4","alerts":[{{"status":"firing","labels":{labels},"annotations":{{"runbook_url":"x"}},"startsAt":"2026-11-22T19:52:15Z"}}]}}"#)).unwrap().alarms[0].clone()
    };
    let (one, other) = (
        hook(r#"{"alertname":"Down","node":"n1"}"#),
        hook(r#"{"alertname":"Down","node":"n2"}"#),
    );
    assert_eq!(one.text, "Down node=n1");
    assert_ne!(one.fingerprint, other.fingerprint);
}

#[test]
fn every_malformed_body_gets_its_status_and_a_sentence_that_names_the_fault() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let many = format!("[{}]", vec![r#"{"text":"x"}"#; 1_001].join(","));
    let json = Some("application/json");
    let hook = |alert: &str| format!(r#"{{"version":"4","alerts":[{alert}]}}"#);
    let table: Vec<(Option<&str>, Vec<u8>, u16, &str)> = vec![
        (json, b"".into(), 400, "the body is empty"),
        (None, b" \r\n".into(), 400, "the body is empty"),
        (
            Some("text/plain"),
            b"\x01\n".into(),
            400,
            "the body has no alarm: every line is blank",
        ),
        (
            Some("text/plain"),
            b"ab\xff".into(),
            400,
            "the body is not UTF-8: byte 3 is wrong",
        ),
        (
            json,
            br#"{"text":"#.into(),
            400,
            "the JSON cannot be read: EOF while parsing a value at line 1 column 8",
        ),
        (
            json,
            b"{\n\"text\": x}".into(),
            400,
            "the JSON cannot be read: expected value at line 2 column 9",
        ),
        (
            json,
            br#"{"text":"x","lables":{}}"#.into(),
            400,
            "unknown field `lables`, expected one of `text`, `labels`, `starts_at`, `status`, `fingerprint` at line 1 column 20",
        ),
        (
            json,
            br#"{"labels":{}}"#.into(),
            400,
            "missing field `text` at line 1 column 13",
        ),
        (
            json,
            br#"{"text":3}"#.into(),
            400,
            "invalid type: integer `3`, expected a string at line 1 column 9",
        ),
        (
            json,
            br#"{"text":"x"} y"#.into(),
            400,
            "trailing characters at line 1 column 14",
        ),
        (
            json,
            br#""text""#.into(),
            400,
            "invalid type: string \"text\", expected an object",
        ),
        (
            json,
            br#"[["text"]]"#.into(),
            400,
            "invalid type: sequence, expected an object at line 1 column 1",
        ),
        (json, br#"{"text":" \n"}"#.into(), 400, "text is empty"),
        (
            json,
            br#"[{"text":"a"},{"text":"b","status":"open"}]"#.into(),
            400,
            "[1].status \"open\" is neither firing nor resolved",
        ),
        (
            json,
            br#"[{"text":"a","starts_at":"yesterday"}]"#.into(),
            400,
            "[0].starts_at \"yesterday\" is not an RFC 3339 time",
        ),
        (
            json,
            br#"{"text":"a","fingerprint":""}"#.into(),
            400,
            "fingerprint \"\" is not 1 to 256 printable characters",
        ),
        (json, b"[]".into(), 400, "the list has no alarm"),
        (json, deep.into_bytes(), 400, "the JSON cannot be read: "),
        (
            json,
            br#"{"version":"3","alerts":[]}"#.into(),
            400,
            "version \"3\" of Alertmanager's webhook is not known: expected \"4\"",
        ),
        (json, hook("").into(), 400, "alerts is empty"),
        (
            json,
            br#"{"alerts":[]}"#.into(),
            400,
            "missing field `version`",
        ),
        (
            json,
            hook(r#"{"status":"firing","startsAt":"2026-11-22T19:52:15Z"}"#).into(),
            400,
            "missing field `labels`",
        ),
        (
            json,
            hook(r#"{"status":"firing","labels":{},"startsAt":"2026-11-22T19:52:15Z"}"#).into(),
            400,
            "alerts[0].labels is empty",
        ),
        (
            json,
            hook(r#"{"status":"maybe","labels":{"a":"b"},"startsAt":"2026-11-22T19:52:15Z"}"#)
                .into(),
            400,
            "alerts[0].status \"maybe\" is neither firing nor resolved",
        ),
        (
            json,
            hook(r#"{"status":"firing","labels":{"a":"b"},"startsAt":"now"}"#).into(),
            400,
            "alerts[0].startsAt \"now\" is not an RFC 3339 time",
        ),
        (
            json,
            many.into_bytes(),
            413,
            "the body has 1001 alarms; at most 1000 are taken at once",
        ),
        (
            None,
            vec![b'x'; BODY_MAX + 1],
            413,
            "the body has 2097153 bytes; at most 2097152 are taken",
        ),
        (
            Some("application/x-www-form-urlencoded"),
            b"x".into(),
            415,
            "content type \"application/x-www-form-urlencoded\" is not taken: send application/json or text/plain",
        ),
        (
            Some("text/plain; charset=ISO-8859-1"),
            b"x".into(),
            415,
            "charset \"iso-8859-1\" is not taken: send UTF-8",
        ),
    ];
    for (content_type, body, status, sentence) in table {
        let error = read(&Format::Any, content_type, &source(), &body).unwrap_err();
        assert_eq!(error.status(), status, "{error}");
        assert!(error.to_string().contains(sentence), "{error} / {sentence}");
    }
}

#[test]
fn a_source_of_one_format_takes_no_other() {
    let refused = |format, content_type| {
        read(&format, Some(content_type), &source(), br#"{"text":"x"}"#).unwrap_err()
    };
    assert_eq!(refused(Format::Text, "application/json").status(), 415);
    assert_eq!(refused(Format::Json, "text/plain").status(), 415);
    assert_eq!(refused(Format::Alertmanager, "text/plain").status(), 415);
    assert!(
        refused(Format::Alertmanager, "application/json")
            .to_string()
            .contains("missing field `version`")
    );
}

#[test]
fn an_unknown_part_of_a_webhook_may_be_as_deep_as_it_likes() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let body = format!(
        r#"{{"version":"4","new":{deep},"alerts":[{{"status":"firing","labels":{{"a":"b"}},"startsAt":"2026-11-22T19:52:15Z"}}]}}"#
    );
    assert_eq!(json(&body).unwrap().alarms.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_body_can_break_the_reader(body in proptest::collection::vec(any::<u8>(), 0..200), typed in any::<bool>()) {
        let content_type = typed.then_some("application/json");
        if let Ok(parsed) = read(&Format::Any, content_type, &source(), &body) {
            prop_assert!(parsed.alarms.iter().all(|alarm| !alarm.text.is_empty() && !alarm.fingerprint.is_empty()));
        }
    }

    #[test]
    fn any_line_of_text_is_read_or_blank(line in "\\PC{0,80}") {
        let parsed = read(&Format::Any, Some("text/plain"), &source(), line.as_bytes());
        prop_assert_eq!(parsed.is_ok(), !line.trim().is_empty() && line.trim() != "\u{feff}");
    }
}
