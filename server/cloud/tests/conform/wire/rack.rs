//! A controller that keeps to the standard and makes it hard.

use super::{count, secret, seen};
use crate::bench::{Wall, target};
use crate::relay::{Fate, Relay, Request, answer};
use cloud::Budget;
use cloud::redfish::{Redfish, SignIn};
use domain::step::Answer;
use domain::world::{MachineState, Reading};
use engine::ports::Cloud;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn rack(url: &str, folder: &Path, sign_in: SignIn) -> Redfish {
    let settings = cloud::redfish::Settings {
        name: "rack".into(),
        controller: None,
        system: None,
        machines: BTreeMap::from([("node-12".into(), format!("{url}/redfish/v1/Systems/Self"))]),
        username: "ops".into(),
        password: secret(folder, "ops-pass"),
        sign_in,
        ca: None,
        budget: Budget::default(),
    };
    Redfish::new(settings, Arc::new(Wall)).unwrap()
}

/// A controller whose sessions are all taken, that says elsewhere what it takes, and keeps a hardware log.
fn full(request: &Request) -> Fate {
    let basic = request.header("authorization") == "Basic b3BzOm9wcy1wYXNz";
    match request.call.as_str() {
        "GET /redfish/v1/" => answer(
            200,
            r#"{"Links": {"Sessions": {"@odata.id": "/redfish/v1/SessionService/Sessions"}}}"#,
        ),
        "POST /redfish/v1/SessionService/Sessions" => answer(
            503,
            r#"{"error": {"@Message.ExtendedInfo": [{"MessageId": "Base.1.8.SessionLimitExceeded", "Message": "Too many sessions."}]}}"#,
        ),
        _ if !basic => answer(401, "{}"),
        "GET /redfish/v1/Systems/Self" => answer(
            200,
            r##"{"Id": "Self", "PowerState": "Off", "Status": {"State": "Enabled", "Health": "Warning"}, "LogServices": {"@odata.id": "/redfish/v1/Systems/Self/LogServices"},
            "Actions": {"#ComputerSystem.Reset": {"target": "/redfish/v1/Systems/Self/Actions/ComputerSystem.Reset", "@Redfish.ActionInfo": "/redfish/v1/Systems/Self/ResetActionInfo"}}}"##,
        ),
        "GET /redfish/v1/Systems/Self/ResetActionInfo" => answer(
            200,
            r#"{"Parameters": [{"Name": "ResetType", "AllowableValues": ["ForceOff", "ForceOn"]}]}"#,
        ),
        "POST /redfish/v1/Systems/Self/Actions/ComputerSystem.Reset"
            if request.body == r#"{"ResetType":"ForceOn"}"# =>
        {
            Fate::Answer(
                202,
                vec![("location".into(), "/redfish/v1/TaskService/Tasks/7".into())],
                String::new(),
            )
        }
        "GET /redfish/v1/Systems/Self/LogServices" => answer(
            200,
            r#"{"Members": [{"@odata.id": "/redfish/v1/Systems/Self/LogServices/AuditLog"}, {"@odata.id": "/redfish/v1/Systems/Self/LogServices/SEL"}]}"#,
        ),
        "GET /redfish/v1/Systems/Self/LogServices/SEL/Entries" => answer(
            200,
            r#"{"Members": [{"Created": "2026-11-22T19:26:01Z", "Severity": "Critical", "Message": "CPU 1 has an internal error (IERR)."}, {"Created": "2026-11-22T19:25:00Z", "Severity": "OK", "Message": "Power supply 2 regained."}]}"#,
        ),
        _ => answer(404, "{}"),
    }
}

#[tokio::test]
async fn a_controller_without_a_free_session_takes_the_password_its_own_start_word_and_gives_its_hardware_log()
 {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(None, full).await;
    let bmc = rack(&relay.url, folder.path(), SignIn::Auto);
    let machine = seen(bmc.machine(&target(None)).await);
    assert_eq!(
        (machine.state, machine.detail.as_str()),
        (MachineState::Off, "Off, health Warning")
    );
    assert_eq!(
        bmc.start(&machine.id, "k").await,
        Answer::Done("202 /redfish/v1/TaskService/Tasks/7".into())
    );
    let log = bmc.console(&machine.id).await;
    let lines = "2026-11-22T19:25:00Z OK Power supply 2 regained.\n2026-11-22T19:26:01Z Critical CPU 1 has an internal error (IERR).\n";
    assert_eq!(log, Reading::Seen(lines.into()));
    assert_eq!(
        count(&relay, "POST /redfish/v1/SessionService"),
        1,
        "it is not asked for a session again and again"
    );

    let only = rack(&relay.url, folder.path(), SignIn::Session);
    let answer = only.start(&machine.id, "k").await;
    assert!(
        matches!(&answer, Answer::Retryable(why) if why.contains("SessionLimitExceeded")),
        "{answer:?}"
    );
}
