//! What is read out of foreign headers and bodies.

use super::*;

fn told(body: &[u8], reason: Option<&str>) -> String {
    let said = wrapped(body).map(|said| said.message);
    sentence(
        &said.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned()),
        reason,
    )
}

#[test]
fn the_sentence_of_a_service_is_found_in_its_wrapping() {
    let body = br#"{"conflictingRequest": {"code": 409, "message": "Cannot 'start' instance x\nwhile y"}}"#;
    assert_eq!(told(body, None), "Cannot 'start' instance x while y");
    assert_eq!(
        told(b"<html>nginx</html>", Some("Bad Gateway")),
        "Bad Gateway"
    );
    assert_eq!(told(b"", None), "without a word");
    assert_eq!(told(b"overloaded", None), "overloaded");
}

#[test]
fn what_was_sent_in_secret_is_cut_out_of_what_comes_back() {
    let url: Url = "http://127.0.0.1/".parse().expect("is valid");
    let request = Client::new()
        .get(url)
        .bearer_auth("canary-token")
        .build()
        .expect("is valid");
    let password = Secret::new("canary-password");
    let hidden = hidden(&request, &[&password, &Secret::new("abc")]);
    let echo = "no: Bearer canary-token, canary-token, canary-password, abc".to_owned();
    assert_eq!(cut(echo, &hidden), "no: (hidden), (hidden), (hidden), abc");
}

#[test]
fn an_http_date_is_read() {
    let date = http_date("Sun, 06 Nov 1994 08:49:37 GMT").expect("is valid");
    assert_eq!(date.to_string(), "1994-11-06T08:49:37Z");
    assert!(http_date("soon").is_none());
}
