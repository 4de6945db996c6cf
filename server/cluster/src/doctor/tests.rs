//! Clocks and addresses, as the doctor judges them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::{Finding, Way, skew};
use http::{HeaderMap, HeaderValue, header};

#[test]
fn clocks_that_differ_are_told_with_the_direction() {
    let now = "2026-11-22T10:00:00Z".parse().unwrap();
    let told = |date: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, HeaderValue::from_static(date));
        skew(&headers, now)
    };
    assert_eq!(told("Sun, 22 Nov 2026 10:00:15 GMT"), None);
    let behind = told("Sun, 22 Nov 2026 09:58:00 GMT").unwrap();
    assert!(
        matches!(&behind, Finding::Lacking(text) if text.contains("120 s behind ours")),
        "{behind:?}"
    );
    let ahead = told("Sun, 22 Nov 2026 10:00:30 GMT").unwrap();
    assert!(
        matches!(&ahead, Finding::Lacking(text) if text.contains("30 s ahead of ours")),
        "{ahead:?}"
    );
    assert_eq!(told("yesterday"), None);
}

#[test]
fn only_what_leaves_this_machine_in_clear_is_warned_about() {
    let clear = |server: &str| {
        let way = Way {
            server: server.to_owned(),
            proxy: None,
        };
        way.in_clear()
    };
    assert!(clear("http://10.0.0.1:8080/") && clear("http://api.example/"));
    assert!(!clear("https://10.0.0.1:6443/"));
    assert!(
        !clear("http://127.0.0.1:1/") && !clear("http://[::1]:1/") && !clear("http://localhost:1/")
    );
}
