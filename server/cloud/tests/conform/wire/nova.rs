//! Application credentials, and what Nova remembers of a machine that is off.

use super::{secret, seen};
use crate::bench::{Wall, target};
use crate::relay::{Fate, Relay, answer};
use cloud::Budget;
use cloud::openstack::{Credential, OpenStack, UserStop, Who};
use engine::ports::Cloud;
use std::sync::Arc;

fn openstack(url: &str, who: Who) -> OpenStack {
    let settings = cloud::openstack::Settings {
        name: "os".into(),
        auth_url: format!("{url}/v3"),
        who,
        region: None,
        interface: None,
        ca: None,
        user_stop: UserStop::Offer,
        budget: Budget::default(),
    };
    OpenStack::new(settings, Arc::new(Wall)).unwrap()
}

/// Nova with one machine that is off and a past.
async fn nova(acts: &'static str, act: &'static str) -> Relay {
    Relay::start(None, move |request| {
        let base = format!("http://{}", request.header("host"));
        match request.call.as_str() {
            "POST /v3/auth/tokens" => {
                let body = format!(r#"{{"token": {{"expires_at": "2026-11-22T21:10:49.000000Z", "issued_at": "2026-11-22T20:10:49.000000Z", "catalog": [{{"type": "compute", "endpoints": [{{"interface": "public", "region_id": "R", "url": "{base}/v2.1"}}]}}]}}}}"#);
                Fate::Answer(201, vec![("x-subject-token".into(), "t".into())], body)
            }
            "GET /v2.1/servers/u1" => answer(200, r#"{"server": {"id": "u1", "status": "SHUTOFF", "OS-EXT-SRV-ATTR:host": "compute-7", "OS-EXT-AZ:availability_zone": "zone-b"}}"#),
            "GET /v2.1/servers/u1/os-instance-actions" => answer(200, acts),
            "GET /v2.1/servers/u1/os-instance-actions/req-9" => answer(200, act),
            _ => answer(404, "{}"),
        }
    })
    .await
}

#[tokio::test]
async fn an_application_credential_signs_in_without_a_scope() {
    let folder = tempfile::tempdir().unwrap();
    let relay = nova("{}", "{}").await;
    for (credential, wanted) in [
        (
            Credential::Id("21dced".into()),
            serde_json::json!({"id": "21dced", "secret": "s3cret"}),
        ),
        (
            Credential::Named {
                name: "uncordon".into(),
                user: "ops".into(),
                domain: "Default".into(),
            },
            serde_json::json!({"name": "uncordon", "user": {"name": "ops", "domain": {"name": "Default"}}, "secret": "s3cret"}),
        ),
    ] {
        let who = Who::Application {
            credential,
            secret: secret(folder.path(), "s3cret"),
        };
        let machine = seen(
            openstack(&relay.url, who)
                .machine(&target(Some("openstack:///u1")))
                .await,
        );
        assert_eq!(
            (machine.host.as_deref(), machine.zone.as_deref()),
            (Some("compute-7"), Some("zone-b"))
        );
        let sent = relay
            .seen()
            .into_iter()
            .rfind(|one| one.call == "POST /v3/auth/tokens")
            .unwrap();
        let sent: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
        assert_eq!(
            sent["auth"]["identity"]["methods"],
            serde_json::json!(["application_credential"])
        );
        assert_eq!(sent["auth"]["identity"]["application_credential"], wanted);
        assert!(sent["auth"].get("scope").is_none());
    }
}

#[tokio::test]
async fn what_was_last_done_with_a_machine_tells_a_stop_on_purpose_and_why_a_start_failed() {
    let folder = tempfile::tempdir().unwrap();
    let stop = r#"{"instanceActions": [{"action": "stop", "request_id": "req-1", "user_id": "ada", "start_time": "2026-11-22T19:00:00.000000", "message": null}]}"#;
    let lost = r#"{"instanceActions": [{"action": "stop", "request_id": "req-1", "user_id": null, "start_time": "2026-11-22T19:00:00.000000", "message": null}]}"#;
    let failed = r#"{"instanceActions": [{"action": "stop", "request_id": "req-1", "user_id": "ada", "start_time": "2026-11-22T19:00:00.000000", "message": null}, {"action": "start", "request_id": "req-9", "user_id": "us", "start_time": "2026-11-22T19:05:00.000000", "message": "Error"}]}"#;
    let event = r#"{"instanceAction": {"action": "start", "request_id": "req-9", "events": [{"event": "compute_start_instance", "result": "Error", "details": "Volume vol-1 could not be attached"}]}}"#;
    for (acts, purpose, detail) in [
        (
            stop,
            Some("the user ada stopped it at 2026-11-22T19:00:00Z"),
            "SHUTOFF",
        ),
        (lost, None, "SHUTOFF"),
        (
            failed,
            None,
            "SHUTOFF; the last start failed at 2026-11-22T19:05:00Z: Volume vol-1 could not be attached",
        ),
        ("forbidden", None, "SHUTOFF"),
    ] {
        let relay = nova(acts, event).await;
        let who = Who::User {
            name: "u".into(),
            password: secret(folder.path(), "p"),
            domain: "D".into(),
            project: "p".into(),
            project_domain: "D".into(),
        };
        let machine = seen(
            openstack(&relay.url, who)
                .machine(&target(Some("openstack:///u1")))
                .await,
        );
        assert_eq!(
            (machine.purpose.as_deref(), machine.detail.as_str()),
            (purpose, detail),
            "{acts}"
        );
    }
}
