//! What each provider does beyond the list, by recorded and documented shapes.

use crate::bench::{Wall, target};
use crate::relay::{Fate, Relay, Request, answer};
use cloud::Budget;
use cloud::ec2::{Ec2, KeySource, UserStop};
use cloud::http::{Http, shipped};
use cloud::openstack::{Credential, OpenStack, Who};
use cloud::redfish::{Redfish, SignIn};
use cloud::secret::SecretSource;
use domain::step::Answer;
use domain::world::{MachineFacts, MachineState, Reading};
use engine::ports::Cloud;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn secret(folder: &Path, text: &str) -> SecretSource {
    let path = folder.join("secret");
    std::fs::write(&path, text).unwrap();
    SecretSource::File(path)
}

fn seen(reading: Reading<MachineFacts>) -> MachineFacts {
    match reading {
        Reading::Seen(machine) => machine,
        other => panic!("{other:?}"),
    }
}

/// EC2 with its metadata service: keys that last `life` seconds.
async fn instance_role(life: i64) -> (Relay, Ec2) {
    let made = AtomicUsize::new(0);
    let relay = Relay::start(None, move |request| match request.call.as_str() {
        "PUT /latest/api/token" if request.header("x-aws-ec2-metadata-token-ttl-seconds") == "60" => answer(200, "v2-token"),
        _ if request.call.contains("meta-data") && request.header("x-aws-ec2-metadata-token") != "v2-token" => answer(401, ""),
        "GET /latest/meta-data/iam/security-credentials/" => answer(200, "uncordon-role\n"),
        "GET /latest/meta-data/iam/security-credentials/uncordon-role" => {
            let number = made.fetch_add(1, Ordering::SeqCst) + 1;
            let until = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(life);
            answer(200, format!(r#"{{"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "ASIA{number}", "SecretAccessKey": "s", "Token": "session-{number}", "Expiration": "{until}"}}"#))
        }
        // The first keys are taken back after one call.
        _ if request.header("authorization").contains("ASIA1/") && request.body.contains("DescribeInstanceStatus") => {
            answer(401, "<ErrorResponse><Errors><Error><Code>ExpiredToken</Code><Message>gone</Message></Error></Errors></ErrorResponse>")
        }
        _ if request.body.contains("DescribeInstanceStatus") => answer(200, "<r><instanceStatusSet/></r>"),
        _ => answer(200, "<r><reservationSet><item><instancesSet><item><instanceId>i-24519b9d</instanceId><instanceState><name>running</name></instanceState></item></instancesSet></item></reservationSet></r>"),
    })
    .await;
    let settings = cloud::ec2::Settings {
        name: "aws".into(),
        region: "eu-central-1".into(),
        endpoint: Some(relay.url.clone()),
        sts_endpoint: Some(relay.url.clone()),
        keys: KeySource::Instance {
            endpoint: Some(relay.url.clone()),
        },
        vpc: None,
        host_tag: None,
        ca: None,
        user_stop: UserStop::Offer,
        budget: Budget::default(),
    };
    (relay, Ec2::new(settings, Arc::new(Wall)).unwrap())
}

fn count(relay: &Relay, words: &str) -> usize {
    relay
        .seen()
        .iter()
        .filter(|one| one.call.contains(words))
        .count()
}

#[tokio::test]
async fn the_instances_role_is_asked_by_imdsv2_kept_while_it_lasts_and_renewed_when_it_is_refused()
{
    let (relay, ec2) = instance_role(21_600).await;
    let node = target(Some("aws:///eu-central-1a/i-24519b9d"));
    for _ in 0..3 {
        assert_eq!(seen(ec2.machine(&node).await).state, MachineState::On);
    }
    assert_eq!(
        count(&relay, "security-credentials/uncordon-role"),
        2,
        "once, and once after a refusal"
    );
    let last = relay.seen().pop().unwrap();
    assert_eq!(last.header("x-amz-security-token"), "session-2");
    assert!(
        last.header("authorization")
            .starts_with("AWS4-HMAC-SHA256 Credential=ASIA2/")
    );

    let (relay, ec2) = instance_role(0).await;
    ec2.machine(&node).await;
    let before = count(&relay, "security-credentials/uncordon-role");
    ec2.machine(&node).await;
    assert!(
        count(&relay, "security-credentials/uncordon-role") > before,
        "keys that ended are not used"
    );
}

/// DigitalOcean as documented: two pages, the second under the address that the first names.
async fn droplets(
    next: &'static str,
    handler: fn(&Request) -> Option<Fate>,
) -> (Relay, Http, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(None, move |request| {
        if let Some(fate) = handler(request) {
            return fate;
        }
        let droplet = |id: u32, ip: &str| {
            format!(r#"{{"id": {id}, "name": "node", "status": "off", "locked": true, "region": {{"slug": "nyc3"}}, "networks": {{"v4": [{{"ip_address": "203.0.113.{id}", "type": "public"}}, {{"ip_address": "{ip}", "type": "private"}}], "v6": []}}}}"#)
        };
        let base = format!("http://{}", request.header("host"));
        match request.call.as_str() {
            "GET /v2/droplets?per_page=200&page=1" => answer(200, format!(r#"{{"droplets": [{}], "links": {{"pages": {{"next": "{}"}}}}}}"#, droplet(7, "127.0.0.10"), next.replace("BASE", &base))),
            "GET /v2/droplets?page=2&per_page=200" => answer(200, format!(r#"{{"droplets": [{}], "links": {{}}}}"#, droplet(8, "127.0.0.1"))),
            "GET /v2/droplets/8" => answer(200, format!(r#"{{"droplet": {}}}"#, droplet(8, "127.0.0.1"))),
            "POST /v2/droplets/8/actions" if request.body == r#"{"type":"power_on"}"# => {
                answer(201, r#"{"action": {"id": 36804636, "status": "in-progress", "type": "power_on", "resource_id": 8}}"#)
            }
            _ => answer(404, r#"{"id": "not_found", "message": "The resource you requested could not be found."}"#),
        }
    })
    .await;
    let settings = cloud::http::Settings {
        name: "do".into(),
        template: toml::from_str(shipped("digitalocean").unwrap()).unwrap(),
        base: Some(format!("{}/v2", relay.url)),
        secrets: BTreeMap::from([("token".into(), secret(folder.path(), "dop_v1_canary"))]),
        ca: None,
        budget: Budget::default(),
    };
    (relay, Http::new(settings, Arc::new(Wall)).unwrap(), folder)
}

#[tokio::test]
async fn a_droplet_is_found_by_its_private_address_on_the_second_page_and_started() {
    let (relay, cloud, _folder) = droplets("BASE/v2/droplets?page=2&per_page=200", |_| None).await;
    let machine = seen(cloud.machine(&target(None)).await);
    assert_eq!(
        (machine.id.as_str(), machine.state, machine.zone.as_deref()),
        ("8", MachineState::Off, Some("nyc3"))
    );
    assert_eq!(machine.detail, "off, locked by an action under way");
    assert_eq!(
        seen(cloud.machine(&target(Some("digitalocean://8"))).await),
        machine
    );
    assert_eq!(cloud.start("8", "k").await, Answer::Done("36804636".into()));
    assert!(
        matches!(cloud.start("9", "k").await, Answer::NotFound(why) if why.starts_with("404 not_found: The resource"))
    );
    assert!(
        relay
            .seen()
            .iter()
            .all(|one| one.header("authorization") == "Bearer dop_v1_canary")
    );
}

#[tokio::test]
async fn a_next_page_on_another_host_is_not_followed_with_our_token() {
    let (_relay, cloud, _folder) =
        droplets("http://127.0.0.2:9/v2/droplets?page=2", |_| None).await;
    let read = cloud.machine(&target(None)).await;
    assert!(
        matches!(&read, Reading::Unreadable(why) if why.contains("another host")),
        "{read:?}"
    );
}

#[tokio::test]
async fn a_droplet_with_another_action_under_way_is_a_conflict_and_one_that_is_on_is_as_wanted() {
    let busy = |request: &Request| {
        request.call.starts_with("POST ").then(|| answer(422, r#"{"id": "unprocessable_entity", "message": "Droplet already has a pending event."}"#))
    };
    let (_relay, cloud, _folder) = droplets("", busy).await;
    assert!(
        matches!(cloud.start("8", "k").await, Answer::Conflict(why) if why.contains("pending event"))
    );
    let on = |request: &Request| {
        let id = r#"{"droplet": {"id": 8, "status": "active", "networks": {}}}"#;
        match request.call.as_str() {
            "GET /v2/droplets/8" => Some(answer(200, id)),
            call if call.starts_with("POST ") => Some(answer(
                422,
                r#"{"id": "unprocessable_entity", "message": "Droplet is already powered on."}"#,
            )),
            _ => None,
        }
    };
    let (_relay, cloud, _folder) = droplets("", on).await;
    assert!(matches!(
        cloud.start("8", "k").await,
        Answer::AlreadyThere(_)
    ));
}

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
    let rack_ = rack(&relay.url, folder.path(), SignIn::Auto);
    let machine = seen(rack_.machine(&target(None)).await);
    assert_eq!(
        (machine.state, machine.detail.as_str()),
        (MachineState::Off, "Off, health Warning")
    );
    assert_eq!(
        rack_.start(&machine.id, "k").await,
        Answer::Done("202 /redfish/v1/TaskService/Tasks/7".into())
    );
    let log = rack_.console(&machine.id).await;
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
