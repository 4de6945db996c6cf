//! What controllers say, and where their links may lead.

use super::*;

#[test]
fn the_message_with_a_meaning_is_taken() {
    let body = br#"{"error": {"code": "Base.1.0.GeneralError", "message": "see more", "@Message.ExtendedInfo": [
        {"MessageId": "Base.1.0.Success"},
        {"MessageId": "iLO.2.14.InvalidOperationForSystemState", "Message": "The operation was not successful due to the current power state.", "Resolution": "None"}]}}"#;
    let one = said(body).expect("is valid");
    assert_eq!(one.name.as_deref(), Some("InvalidOperationForSystemState"));
    assert_eq!(
        one.message,
        "The operation was not successful due to the current power state."
    );
    let plain = br#"{"error": {"code": "Base.1.0.GeneralError", "message": "Fake system nope was not found", "@Message.ExtendedInfo": [{"MessageId": "Base.1.0.GeneralError"}]}}"#;
    let one = said(plain).expect("is valid");
    assert_eq!(
        (one.name, one.message.as_str()),
        (None, "Fake system nope was not found")
    );
}

#[test]
fn a_link_never_leads_to_another_host() {
    let here: Url = "https://bmc-12.example/redfish/v1/Systems/1"
        .parse()
        .expect("is valid");
    let there = join(&here, "/redfish/v1/Managers/1").expect("is valid");
    assert_eq!(
        there.as_str(),
        "https://bmc-12.example/redfish/v1/Managers/1"
    );
    for path in [
        "https://elsewhere.example/x",
        "//elsewhere.example/x",
        "http://bmc-12.example/x",
    ] {
        assert!(join(&here, path).is_err(), "{path}");
    }
}
