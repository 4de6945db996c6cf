//! The role of the instance we run on.

use super::{count, seen};
use crate::bench::{Wall, target};
use crate::relay::{Relay, answer};
use cloud::Budget;
use cloud::ec2::{Ec2, KeySource, UserStop};
use domain::world::MachineState;
use engine::ports::Cloud;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
