//! sushy-tools' Redfish emulator: found by name, read, switched on and waited for, by password and over TLS.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../common/launch.rs"]
mod launch;

use cloud::redfish::{Redfish, Settings, SignIn};
use cloud::secret::SecretSource;
use cloud::{Budget, Doctor, Finding};
use domain::id::{ClusterName, NodeName, NodeUid};
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, MachineState, Reading};
use engine::ports::{Clock, Cloud};
use jiff::Timestamp;
use launch::launch;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

fn target(node: &str) -> Target {
    Target {
        cluster: ClusterName::parse("prod").unwrap(),
        node: NodeName::parse(node).unwrap(),
        uid: NodeUid::parse("u").unwrap(),
        provider_id: None,
        ip: Some("127.0.0.1".into()),
    }
}

fn cloud(address: &str, folder: &Path, password: &str, ca: Option<PathBuf>) -> Redfish {
    let file = folder.join(format!("password-{}", password.len()));
    std::fs::write(&file, password).unwrap();
    let settings = Settings {
        name: "rack".into(),
        controller: Some(address.into()),
        system: None,
        machines: BTreeMap::new(),
        username: "ops".into(),
        password: SecretSource::File(file),
        sign_in: SignIn::Auto,
        ca,
        budget: Budget::default(),
    };
    Redfish::new(settings, Arc::new(Wall)).unwrap()
}

async fn seen(cloud: &Redfish, node: &str) -> MachineFacts {
    match cloud.machine(&target(node)).await {
        Reading::Seen(machine) => machine,
        other => panic!("{other:?}"),
    }
}

async fn until_on(cloud: &Redfish, node: &str) {
    let mut beat = tokio::time::interval(Duration::from_millis(250));
    let waiting = async {
        while seen(cloud, node).await.state != MachineState::On {
            beat.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .expect("the machine never came up");
}

#[tokio::test]
async fn a_machine_of_the_emulator_is_found_by_its_nodes_name_and_switched_on() {
    let folder = tempfile::tempdir().unwrap();
    let Some(emulator) = launch("redfish.sh", &[folder.path().to_str().unwrap()]).await else {
        return;
    };
    let address = format!("http://{{ip}}:{}", emulator.port);
    let rack = cloud(&address, folder.path(), "ops-pass", None);
    let off = seen(&rack, "node-2").await;
    assert_eq!(
        (off.state, off.detail.as_str()),
        (MachineState::Off, "Off, health OK")
    );
    assert!(
        off.id
            .ends_with("/redfish/v1/Systems/48eb9f8a-1111-4a4c-8f6f-000000000002"),
        "{}",
        off.id
    );
    assert_eq!(rack.machine(&target("node-3")).await, Reading::Absent);
    assert_eq!(rack.console(&off.id).await, Reading::Absent);

    let done = rack.start(&off.id, "k").await;
    assert_eq!(done, Answer::Done("204".into()));
    until_on(&rack, "node-2").await;
    let already = rack.start(&off.id, "k").await;
    assert_eq!(
        already,
        Answer::AlreadyThere("On when the start came".into())
    );
    assert_eq!(
        seen(&rack, "node-1").await.state,
        MachineState::Off,
        "the other one stays as it is"
    );

    let gone = rack.start(&off.id.replace("000002", "000009"), "k").await;
    assert!(
        matches!(&gone, Answer::NotFound(why) if why.starts_with("404 ")),
        "{gone:?}"
    );
    let stranger = rack
        .start("http://127.0.0.2:1/redfish/v1/Systems/1", "k")
        .await;
    assert!(matches!(stranger, Answer::NotFound(_)), "{stranger:?}");

    let wrong = cloud(&address, folder.path(), "canary-wrong", None);
    let denied = wrong.start(&off.id, "k").await;
    assert!(
        matches!(&denied, Answer::Denied(why) if why.contains("401") && !why.contains("canary")),
        "{denied:?}"
    );
    let found = wrong.examine(&[target("node-1")]).await;
    assert!(
        matches!(&found[0], Finding::Failed(fault) if fault.way_out.contains("username and password")),
        "{found:?}"
    );
    let found = rack.examine(&[target("node-1"), target("node-3")]).await;
    assert!(
        matches!(&found[0], Finding::Well(text) if text.contains("(Off), signed in by password")),
        "{found:?}"
    );
    assert!(
        matches!(&found[1], Finding::Failed(fault) if fault.way_out.contains("machines")),
        "{found:?}"
    );
}

#[tokio::test]
async fn over_tls_only_our_own_authority_opens_the_emulator() {
    let folder = tempfile::tempdir().unwrap();
    let Some(emulator) = launch("redfish.sh", &[folder.path().to_str().unwrap(), "tls"]).await
    else {
        return;
    };
    let address = format!("https://{{ip}}:{}", emulator.port);
    let ca = folder.path().join("ca.pem");
    let rack = cloud(&address, folder.path(), "ops-pass", Some(ca));
    let off = seen(&rack, "node-1").await;
    assert_eq!(off.state, MachineState::Off);
    assert_eq!(rack.start(&off.id, "k").await, Answer::Done("204".into()));
    until_on(&rack, "node-1").await;

    let strange = cloud(&address, folder.path(), "ops-pass", None);
    let answer = strange.start(&off.id, "k").await;
    assert!(
        matches!(&answer, Answer::Retryable(why) if why.contains("cannot be reached")),
        "{answer:?}"
    );
    let found = strange.examine(&[target("node-1")]).await;
    assert!(
        matches!(&found[0], Finding::Failed(fault) if fault.way_out.contains("ca_file")),
        "{found:?}"
    );
}
