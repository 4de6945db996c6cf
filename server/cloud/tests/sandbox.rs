//! The make-believe cloud over its real wire: find, read, start, and the class of every fault.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cloud::Budget;
use cloud::openstack::{OpenStack, Settings, UserStop, Who};
use cloud::secret::SecretSource;
use domain::id::{ClusterName, NodeName, NodeUid};
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, MachineState, Reading};
use engine::ports::{Clock, Cloud};
use jiff::Timestamp;
use sandbox::{World, WorldConfig};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A world with a client for its cloud; the folder holds the password.
struct Stage {
    world: World,
    cloud: OpenStack,
    folder: TempDir,
}

impl Stage {
    async fn new(username: &str) -> Self {
        let config = WorldConfig {
            speed: 20.0,
            ..WorldConfig::default()
        };
        let world = World::start(config).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let password = folder.path().join("password");
        std::fs::write(&password, format!("{}\n", world.openstack_password())).unwrap();
        let cloud = client(&world, &password, username);
        Self {
            world,
            cloud,
            folder,
        }
    }

    /// Forgets that the cloud asked to be left alone.
    fn anew(&mut self) {
        let password = self.folder.path().join("password");
        self.cloud = client(&self.world, &password, "uncordon");
    }

    async fn control(&self, method: reqwest::Method, path: &str, body: &Value) {
        let url = format!("{}/sandbox/{path}", self.world.control_url());
        let answer = reqwest::Client::new()
            .request(method, url)
            .json(body)
            .send()
            .await
            .unwrap();
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
    }

    async fn power_off(&self) -> MachineFacts {
        self.control(
            reqwest::Method::POST,
            "clusters/prod/nodes/node-12/power-off",
            &json!({}),
        )
        .await;
        self.until(MachineState::Off).await
    }

    async fn fault(&self, pattern: &str, effect: &str) {
        let fault = json!({"match": pattern, "times": 1, "do": effect, "retry_after": 2});
        self.control(reqwest::Method::PUT, "faults", &json!({"faults": [fault]}))
            .await;
    }

    async fn seen(&self) -> MachineFacts {
        match self.cloud.machine(&target(None, "10.0.0.12")).await {
            Reading::Seen(machine) => machine,
            other => panic!("{other:?}"),
        }
    }

    async fn until_console(&self, machine: &str, words: &str) {
        let mut beat = tokio::time::interval(Duration::from_millis(20));
        let waiting = async {
            loop {
                beat.tick().await;
                match self.cloud.console(machine).await {
                    Reading::Seen(log) if log.contains(words) => return,
                    Reading::Seen(_) => {}
                    other => panic!("{other:?}"),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting)
            .await
            .expect("the console never said so");
    }

    async fn until(&self, state: MachineState) -> MachineFacts {
        let mut beat = tokio::time::interval(Duration::from_millis(20));
        let waiting = async {
            loop {
                beat.tick().await;
                let machine = self.seen().await;
                if machine.state == state {
                    return machine;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting)
            .await
            .expect("the machine never got there")
    }
}

fn client(world: &World, password: &std::path::Path, username: &str) -> OpenStack {
    let settings = Settings {
        name: "sandbox".into(),
        auth_url: world.keystone_url(),
        who: Who::User {
            name: username.into(),
            password: SecretSource::File(password.to_owned()),
            domain: "Default".into(),
            project: "prod".into(),
            project_domain: "Default".into(),
        },
        region: None,
        interface: None,
        ca: None,
        user_stop: UserStop::Offer,
        budget: Budget::default(),
    };
    OpenStack::new(settings, Arc::new(Wall)).unwrap()
}

fn target(provider_id: Option<&str>, ip: &str) -> Target {
    Target {
        cluster: ClusterName::parse("prod").unwrap(),
        node: NodeName::parse("node-12").unwrap(),
        uid: NodeUid::parse("u").unwrap(),
        provider_id: provider_id.map(Into::into),
        ip: Some(ip.into()),
    }
}

const ACTION: &str = "POST /v2.1/servers/*/action";

#[tokio::test]
async fn a_machine_is_found_by_address_and_by_provider_id_and_comes_up_when_started() {
    let stage = Stage::new("uncordon").await;
    let on = stage.seen().await;
    assert_eq!((on.state, on.detail.as_str()), (MachineState::On, "ACTIVE"));
    assert!(on.host.is_some() && on.since.is_some());
    for id in [
        format!("openstack:///{}", on.id),
        format!("openstack://region-1/{}", on.id),
    ] {
        let same = stage.cloud.machine(&target(Some(&id), "10.0.0.99")).await;
        assert_eq!(same, Reading::Seen(on.clone()));
    }
    let off = stage.power_off().await;
    assert_eq!((off.detail.as_str(), &off.id), ("SHUTOFF", &on.id));

    let answer = stage.cloud.start(&off.id, "recovery-1").await;
    assert!(
        matches!(&answer, Answer::Done(request) if request.starts_with("req-")),
        "{answer:?}"
    );
    let again = stage.cloud.start(&off.id, "recovery-1").await;
    assert!(matches!(again, Answer::AlreadyThere(_)), "{again:?}");
    stage.until(MachineState::On).await;
}

#[tokio::test]
async fn the_console_tells_how_a_machine_died_and_begins_anew_when_it_boots() {
    let stage = Stage::new("uncordon").await;
    let on = stage.seen().await;
    let Reading::Seen(before) = stage.cloud.console(&on.id).await else {
        panic!("no console")
    };
    assert!(before.contains("node-12 login:"), "{before}");
    assert!(!before.contains(|one: char| one.is_control() && one != '\n' && one != '\t'));
    stage
        .control(
            reqwest::Method::POST,
            "clusters/prod/nodes/node-12/hang",
            &json!({}),
        )
        .await;
    stage.until_console(&on.id, "soft lockup").await;
    let off = stage.power_off().await;
    assert!(matches!(
        stage.cloud.console(&off.id).await,
        Reading::Seen(log) if !log.contains("Reached target Power-Off")
    ));
    stage.cloud.start(&off.id, "k").await;
    stage.until(MachineState::On).await;
    let Reading::Seen(booted) = stage.cloud.console(&on.id).await else {
        panic!("no console")
    };
    assert!(
        booted.starts_with("[    0.000000] Linux version") && !booted.contains("soft lockup"),
        "{booted}"
    );
}

#[tokio::test]
async fn a_console_that_cannot_be_read_says_why() {
    let mut stage = Stage::new("uncordon").await;
    let machine = stage.seen().await.id;
    for effect in ["500", "403", "429", "503", "refuse", "hang"] {
        stage.anew();
        stage.fault(ACTION, effect).await;
        let reading = stage.cloud.console(&machine).await;
        assert!(
            matches!(&reading, Reading::Unreadable(why) if !why.is_empty()),
            "{effect}: {reading:?}"
        );
    }
    stage.anew();
    let nobody = "00000000-0000-0000-0000-000000000000";
    assert_eq!(stage.cloud.console(nobody).await, Reading::Absent);
    let reader = Stage::new("uncordon-reader").await;
    let reading = reader.cloud.console(&reader.seen().await.id).await;
    assert!(
        matches!(&reading, Reading::Unreadable(why) if why.starts_with("403 Policy")),
        "{reading:?}"
    );
}

#[tokio::test]
async fn every_fault_of_a_start_has_its_class() {
    let mut stage = Stage::new("uncordon").await;
    let machine = stage.power_off().await.id;
    let mut got = Vec::new();
    for effect in ["500", "refuse", "429", "503", "403", "conflict"] {
        stage.anew();
        stage.fault(ACTION, effect).await;
        got.push((effect, stage.cloud.start(&machine, "k").await));
    }
    for (effect, answer) in got {
        let right = match effect {
            "500" | "refuse" => matches!(answer, Answer::Unknown(_)),
            "429" | "503" => matches!(answer, Answer::Throttled(_, Some(2))),
            "403" => matches!(answer, Answer::Denied(_)),
            _ => matches!(answer, Answer::Conflict(_)),
        };
        assert!(right, "{effect}: {answer:?}");
    }
    assert_eq!(stage.seen().await.state, MachineState::Off);
}

#[tokio::test]
async fn a_start_whose_answer_is_lost_is_unknown_and_the_world_tells_what_became_of_it() {
    let stage = Stage::new("uncordon").await;
    let machine = stage.power_off().await.id;
    stage.fault(ACTION, "drop_after_accept").await;
    let answer = stage.cloud.start(&machine, "k").await;
    assert!(matches!(answer, Answer::Unknown(_)), "{answer:?}");
    stage.until(MachineState::On).await;
}

#[tokio::test]
async fn a_start_that_is_never_answered_is_unknown() {
    let stage = Stage::new("uncordon").await;
    let machine = stage.power_off().await.id;
    stage.fault(ACTION, "hang").await;
    let answer = stage.cloud.start(&machine, "k").await;
    assert!(
        matches!(&answer, Answer::Unknown(why) if why.ends_with("nothing within 8 s")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_start_without_room_is_taken_and_the_machine_says_why_it_failed() {
    let stage = Stage::new("uncordon").await;
    let machine = stage.power_off().await.id;
    stage.fault(ACTION, "capacity").await;
    assert!(matches!(
        stage.cloud.start(&machine, "k").await,
        Answer::Done(_)
    ));
    let failed = stage.until(MachineState::Error).await;
    assert!(failed.detail.starts_with("ERROR: "), "{}", failed.detail);
}

#[tokio::test]
async fn a_token_that_is_no_longer_taken_is_renewed_once() {
    let stage = Stage::new("uncordon").await;
    let machine = stage.power_off().await.id;
    stage.fault(ACTION, "401").await;
    let answer = stage.cloud.start(&machine, "k").await;
    assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
}

#[tokio::test]
async fn what_cannot_be_read_is_never_absent() {
    let mut stage = Stage::new("uncordon").await;
    for effect in ["500", "refuse", "403", "429", "503", "hang"] {
        stage.anew();
        stage.fault("GET /v2.1/servers/*", effect).await;
        let reading = stage.cloud.machine(&target(None, "10.0.0.12")).await;
        assert!(
            matches!(reading, Reading::Unreadable(_)),
            "{effect}: {reading:?}"
        );
    }
    stage.anew();
    // A regex of 10.0.0.1 fits 10.0.0.11 to 10.0.0.19 as well.
    let reading = stage.cloud.machine(&target(None, "10.0.0.1")).await;
    assert!(matches!(reading, Reading::Seen(_)), "{reading:?}");
    assert_eq!(
        stage.cloud.machine(&target(None, "10.0.0.99")).await,
        Reading::Absent
    );
    let nobody = "00000000-0000-0000-0000-000000000000";
    let id = format!("openstack:///{nobody}");
    assert_eq!(
        stage.cloud.machine(&target(Some(&id), "10.0.0.12")).await,
        Reading::Absent
    );
    assert!(matches!(
        stage.cloud.start(nobody, "k").await,
        Answer::NotFound(_)
    ));
}

#[tokio::test]
async fn a_reader_may_look_but_not_start_and_the_doctor_says_so() {
    let stage = Stage::new("uncordon-reader").await;
    let machine = stage.seen().await.id;
    let answer = stage.cloud.start(&machine, "k").await;
    assert!(
        matches!(&answer, Answer::Denied(why) if why.contains("Policy")),
        "{answer:?}"
    );
    let fault = stage.cloud.check().await.unwrap_err();
    assert_eq!(
        fault.what,
        "signed in with the role reader, which may look but not start"
    );
}

#[tokio::test]
async fn the_doctor_signs_in_and_a_wrong_password_is_named_and_can_be_mended_without_a_restart() {
    let stage = Stage::new("uncordon").await;
    let password = stage.folder.path().join("password");
    std::fs::write(&password, "wrong").unwrap();
    let fault = stage.cloud.check().await.unwrap_err();
    assert!(
        fault.what.starts_with("sign-in to Keystone failed: 401 "),
        "{fault}"
    );
    assert!(
        fault
            .way_out
            .starts_with("check username, password, project"),
        "{fault}"
    );
    let reading = stage.cloud.machine(&target(None, "10.0.0.12")).await;
    assert!(matches!(reading, Reading::Unreadable(_)), "{reading:?}");
    assert!(matches!(
        stage.cloud.start("a", "k").await,
        Answer::Denied(_)
    ));
    std::fs::write(&password, stage.world.openstack_password()).unwrap();
    let said = stage.cloud.check().await.unwrap();
    assert!(
        said.starts_with("signed in (roles: member), compute at http://127.0.0.1:"),
        "{said}"
    );
    assert!(said.ends_with("machines can be read"), "{said}");
}
