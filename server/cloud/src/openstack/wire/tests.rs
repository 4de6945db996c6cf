//! What is read out of foreign headers and bodies.

use super::*;

#[test]
fn the_sentence_of_a_service_is_found_in_its_wrapping() {
    let body = br#"{"conflictingRequest": {"code": 409, "message": "Cannot 'start' instance x\nwhile y"}}"#;
    assert_eq!(message(body, None), "Cannot 'start' instance x while y");
    assert_eq!(
        message(b"<html>nginx</html>", Some("Bad Gateway")),
        "Bad Gateway"
    );
    assert_eq!(message(b"", None), "without a word");
    assert_eq!(message(b"overloaded", None), "overloaded");
}

#[test]
fn an_http_date_is_read() {
    let date = http_date("Sun, 06 Nov 1994 08:49:37 GMT").expect("is valid");
    assert_eq!(date.to_string(), "1994-11-06T08:49:37Z");
    assert!(http_date("soon").is_none());
}
