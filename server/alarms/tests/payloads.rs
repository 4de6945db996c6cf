//! Bodies that a real Alertmanager 0.25 sent, read as alarms.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use alarms::{Format, Parsed, read};
use domain::alarm::{NewAlarm, Status};
use domain::id::SourceName;

fn parsed(name: &str) -> Parsed {
    let path = format!("{}/tests/payloads/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let body = std::fs::read(path).unwrap();
    let source = SourceName::parse("am").unwrap();
    let by_itself = read(&Format::Any, Some("application/json"), &source, &body).unwrap();
    assert_eq!(
        by_itself,
        read(
            &Format::Alertmanager,
            Some("application/json; charset=utf-8"),
            &source,
            &body
        )
        .unwrap()
    );
    by_itself
}

/// Fingerprint, start, status and node of each alarm.
fn outline(parsed: &Parsed) -> Vec<(&str, String, Status, &str)> {
    let row = |alarm: &NewAlarm| alarm.starts_at.unwrap().to_string();
    parsed
        .alarms
        .iter()
        .map(|alarm| {
            (
                alarm.fingerprint.as_str(),
                row(alarm),
                alarm.status,
                alarm.labels["node"].as_str(),
            )
        })
        .collect()
}

#[test]
fn one_firing_alert_becomes_one_alarm_with_its_words_and_labels() {
    let parsed = parsed("firing-1");
    assert_eq!(parsed.truncated, 0);
    assert_eq!(
        outline(&parsed),
        [(
            "4fc4479058822cf9",
            "2026-11-22T19:53:43.439Z".into(),
            Status::Firing,
            "node-1"
        )]
    );
    let alarm = &parsed.alarms[0];
    assert_eq!(
        alarm.text,
        "Node node-1 is not ready\n127.0.0.1:19191 has been down for more than 4 seconds (value 0)."
    );
    assert_eq!(alarm.labels.len(), 8);
    assert_eq!(alarm.labels["cluster"], "prod-eu");
    assert_eq!(
        alarm.close_with.as_deref(),
        Some("http://monitor.example:19093")
    );
    assert!(!alarm.truncated);
    assert_eq!(alarm.source.as_str(), "am");
}

#[test]
fn the_start_keeps_its_nanoseconds() {
    let parsed = parsed("firing-1-amtool");
    let alarm = &parsed.alarms[0];
    assert_eq!(
        alarm.starts_at.unwrap().to_string(),
        "2026-11-22T19:53:06.410015869Z"
    );
    assert_eq!(
        (alarm.text.as_str(), alarm.fingerprint.as_str()),
        ("by amtool", "411e36c8067e0df6")
    );
    assert_eq!(alarm.status, Status::Firing);
}

#[test]
fn a_group_of_two_becomes_two_alarms() {
    assert_eq!(
        outline(&parsed("firing-group-2")),
        [
            (
                "4fc4479058822cf9",
                "2026-11-22T19:52:17.439Z".into(),
                Status::Firing,
                "node-1"
            ),
            (
                "628e9a199b3296df",
                "2026-11-22T19:52:15.439Z".into(),
                Status::Firing,
                "node-2"
            ),
        ]
    );
}

#[test]
fn in_a_group_that_still_fires_the_alert_that_is_over_is_resolved() {
    assert_eq!(
        outline(&parsed("firing-group-1-resolved-1-firing")),
        [
            (
                "4fc4479058822cf9",
                "2026-11-22T19:52:17.439Z".into(),
                Status::Resolved,
                "node-1"
            ),
            (
                "628e9a199b3296df",
                "2026-11-22T19:52:15.439Z".into(),
                Status::Firing,
                "node-2"
            ),
        ]
    );
}

#[test]
fn a_resolved_alert_keeps_the_start_it_fired_with() {
    let (fired, over) = (parsed("firing-group-2"), parsed("resolved-1"));
    assert_eq!(over.alarms[0].status, Status::Resolved);
    assert_eq!(over.alarms[0].starts_at, fired.alarms[1].starts_at);
    assert_eq!(over.alarms[0].fingerprint, fired.alarms[1].fingerprint);
    assert_eq!(
        parsed("resolved-by-timeout").alarms[0].status,
        Status::Resolved
    );
}

#[test]
fn an_alert_that_fires_again_has_its_fingerprint_and_a_new_start() {
    let again = parsed("firing-again-after-flap");
    let first = parsed("firing-group-2");
    let start = |parsed: &Parsed, fingerprint: &str| {
        parsed
            .alarms
            .iter()
            .find(|alarm| alarm.fingerprint == fingerprint)
            .and_then(|alarm| alarm.starts_at)
    };
    assert!(
        again
            .alarms
            .iter()
            .all(|alarm| alarm.status == Status::Firing)
    );
    assert!(start(&again, "628e9a199b3296df") > start(&first, "628e9a199b3296df"));
}

#[test]
fn what_the_source_left_out_is_counted() {
    let parsed = parsed("firing-truncated-max_alerts-5-of-12");
    assert_eq!((parsed.alarms.len(), parsed.truncated), (5, 7));
    assert_eq!(parsed.alarms[0].text, "Pod shop/web-0 is restarting");
}
