//! Recorded machines and what they mean.

use super::super::xml::items;
use super::*;
use crate::ec2::KeySource;
use crate::pace::Budget;
use roxmltree::Document;

fn settings() -> Settings {
    Settings {
        name: "aws".into(),
        region: "us-east-1".into(),
        endpoint: None,
        sts_endpoint: None,
        keys: KeySource::Auto,
        vpc: None,
        host_tag: Some("rack-host".into()),
        ca: None,
        user_stop: UserStop::Offer,
        budget: Budget::default(),
    }
}

/// As moto wrote it, with what only AWS itself would say put in.
fn item(state: &str, code: &str, message: &str, rest: &str) -> Instance {
    let text = format!(
        "<r xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15\"><s><item><instanceId>i-24519b9d6af0a1cb5</instanceId>\
         <instanceState><code>80</code><name>{state}</name></instanceState><reason>User initiated (2026-11-22 19:26:01 GMT)</reason>\
         <stateReason><code>{code}</code><message>{message}</message></stateReason><launchTime>2026-11-22T19:25:59.000Z</launchTime>\
         <placement><availabilityZone>us-east-1a</availabilityZone>{rest}</placement><privateIpAddress>10.26.61.53</privateIpAddress>\
         <tagSet><item><key>rack-host</key><value>r7-h3</value></item><item><key>aws:autoscaling:groupName</key><value>web</value></item></tagSet></item></s></r>"
    );
    let document = Document::parse(&text).expect("is valid");
    Instance::read(
        items(document.root_element(), "s")
            .next()
            .expect("is there"),
    )
    .expect("is whole")
}

#[test]
fn a_stop_by_a_user_or_from_inside_is_on_purpose_and_a_stop_by_aws_is_not() {
    for (code, purpose) in [
        (
            "Client.UserInitiatedShutdown",
            Some("a user stopped it at 2026-11-22T19:26:01Z (Client.UserInitiatedShutdown)"),
        ),
        (
            "Client.InstanceInitiatedShutdown",
            Some(
                "its own operating system shut it down at 2026-11-22T19:26:01Z (Client.InstanceInitiatedShutdown)",
            ),
        ),
        ("Server.ScheduledStop", None),
        ("Server.InternalError", None),
        ("Server.InsufficientInstanceCapacity", None),
        ("Server.SpotInstanceShutdown", None),
        ("Client.InternalError", None),
        ("Client.VolumeLimitExceeded", None),
    ] {
        let machine = facts(
            item("stopped", code, &format!("{code}: words"), ""),
            None,
            &settings(),
        );
        assert_eq!(machine.purpose.as_deref(), purpose, "{code}");
        assert_eq!(machine.state, MachineState::Off);
        assert_eq!(machine.detail, format!("stopped, {code}: words"));
        assert_eq!(
            machine.since.expect("is there").to_string(),
            "2026-11-22T19:26:01Z"
        );
    }
    let mut start = settings();
    start.user_stop = UserStop::Start;
    let machine = facts(
        item("stopped", "Client.UserInitiatedShutdown", "x", ""),
        None,
        &start,
    );
    assert_eq!(machine.purpose, None);
    let running = facts(
        item("running", "Client.UserInitiatedShutdown", "x", ""),
        None,
        &settings(),
    );
    assert_eq!(
        (running.purpose, running.detail.as_str()),
        (None, "running")
    );
}

#[test]
fn host_zone_and_group_are_told_where_aws_tells_them() {
    let machine = facts(item("stopped", "", "", ""), None, &settings());
    assert_eq!(machine.host.as_deref(), Some("r7-h3"), "by tag");
    assert_eq!(machine.zone.as_deref(), Some("us-east-1a"));
    let claim = machine.claim().expect("a group");
    assert_eq!(claim.healer, Healer::AutoscalingGroup);
    assert!(claim.evidence.ends_with("the autoscaling group web"));
    let own = "<tenancy>host</tenancy><hostId>h-0123</hostId>";
    let machine = facts(item("running", "", "", own), None, &settings());
    assert_eq!(
        machine.host.as_deref(),
        Some("h-0123"),
        "a dedicated host says more than a tag"
    );
    assert_eq!(
        machine.since.expect("is there").to_string(),
        "2026-11-22T19:25:59Z"
    );
}

#[test]
fn what_aws_checks_and_plans_stands_beside_the_state() {
    let text = "<r><item><systemStatus><status>impaired</status></systemStatus><instanceStatus><status>ok</status></instanceStatus>\
        <eventsSet><item><code>instance-retirement</code><description>The instance is running on degraded hardware</description><notBefore>2026-11-30T00:00:00.000Z</notBefore></item>\
        <item><code>system-reboot</code><description>[Completed] done</description></item></eventsSet></item></r>";
    let document = Document::parse(text).expect("is valid");
    let status = Status::read(document.root_element().first_child().expect("is there"));
    let machine = facts(item("running", "", "", ""), Some(&status), &settings());
    assert!(
        machine
            .detail
            .starts_with("running; AWS's check of the physical host fails"),
        "{}",
        machine.detail
    );
    assert!(
        machine.detail.ends_with(
            "; planned by AWS: instance-retirement, not before 2026-11-30T00:00:00.000Z"
        ),
        "{}",
        machine.detail
    );
}

#[test]
fn every_state_of_ec2_has_its_state() {
    for (name, expected) in [
        ("pending", MachineState::Starting),
        ("running", MachineState::On),
        ("stopping", MachineState::Stopping),
        ("stopped", MachineState::Off),
        ("shutting-down", MachineState::Other),
        ("terminated", MachineState::Other),
    ] {
        assert_eq!(state(name), expected, "{name}");
    }
}
