//! Console logs as a stand-in for Nova gives them, and every way it may not.

use crate::openstack::{ID, StandIn};
use domain::world::{CONSOLE_MAX, Reading};
use engine::ports::Cloud;
use serde_json::json;

const ACTION: &str = "POST /v2.1/servers/e1607007-1345-4ac9-b7b7-6c4c370953a7/action";

#[tokio::test]
async fn a_console_is_asked_for_by_this_one_action_and_comes_back_plain() {
    let long = "x".repeat(CONSOLE_MAX);
    let body =
        json!({"output": format!("{long}\u{1b}[1mpanic\u{1b}[0m\r\n\tend\u{0}\n")}).to_string();
    let nova = StandIn::new(&[(ACTION, 200, &[], &body)]).await;
    let Reading::Seen(log) = nova.cloud.console(ID).await else {
        panic!("not seen")
    };
    assert_eq!(log.len(), CONSOLE_MAX);
    assert!(log.starts_with('x') && log.ends_with("xpanic\n\tend\n"));
    let asked: Vec<_> = nova
        .seen()
        .into_iter()
        .filter(|one| one.call == ACTION)
        .map(|one| one.body)
        .collect();
    assert_eq!(asked, [json!({"os-getConsoleOutput": {"length": 200}})]);
}

#[tokio::test]
async fn a_cloud_without_a_console_has_none_to_give() {
    for (status, body) in [
        (
            404,
            r#"{"itemNotFound": {"code": 404, "message": "Unable to get console"}}"#,
        ),
        (
            501,
            r#"{"notImplemented": {"code": 501, "message": "not implemented"}}"#,
        ),
        (200, r#"{"output": ""}"#),
        (200, r#"{"output": null}"#),
        (200, r#"{"output": " \n\u0000"}"#),
    ] {
        let nova = StandIn::new(&[(ACTION, status, &[], body)]).await;
        let reading = nova.cloud.console(ID).await;
        assert_eq!(reading, Reading::Absent, "{status} {body}");
    }
}

#[tokio::test]
async fn every_other_refusal_of_a_console_is_told_in_its_own_words() {
    for (status, body, told) in [
        (
            403,
            r#"{"forbidden": {"code": 403, "message": "Policy doesn't allow it"}}"#,
            "403 Policy doesn't allow it",
        ),
        (
            409,
            r#"{"conflictingRequest": {"code": 409, "message": "not yet ready"}}"#,
            "409 not yet ready",
        ),
        (
            400,
            r#"{"badRequest": {"code": 400, "message": "no such action"}}"#,
            "400 no such action",
        ),
        (500, "", "500 Internal Server Error"),
        (200, "not json", "makes no sense"),
    ] {
        let nova = StandIn::new(&[(ACTION, status, &[], body)]).await;
        let reading = nova.cloud.console(ID).await;
        assert!(
            matches!(&reading, Reading::Unreadable(why) if why.contains(told)),
            "{status}: {reading:?}"
        );
    }
    let nowhere = StandIn::nowhere().await;
    assert!(matches!(
        nowhere.cloud.console(ID).await,
        Reading::Unreadable(_)
    ));
    assert!(matches!(
        nowhere.cloud.console("../x").await,
        Reading::Unreadable(_)
    ));
    assert_eq!(nowhere.count(ACTION), 0);
}
