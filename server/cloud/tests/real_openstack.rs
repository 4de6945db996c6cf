//! A real Keystone and Nova (see `real/openstack.sh`): read, stop, start, and the refusals as they really come.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cloud::Budget;
use cloud::openstack::{Credential, OpenStack, Settings, UserStop, Who};
use cloud::secret::SecretSource;
use domain::id::{ClusterName, NodeName, NodeUid};
use domain::step::Answer;
use domain::target::Target;
use domain::world::{MachineFacts, MachineState, Reading};
use engine::ports::{Clock, Cloud};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The running services; both end when the launcher's standard input closes, which dropping this does.
struct Real {
    keystone: String,
    nova: String,
    _launcher: Child,
}

impl Real {
    async fn start() -> Self {
        let free = || std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let held = [free(), free(), free()];
        let ports: Vec<String> = held
            .iter()
            .map(|one| one.local_addr().unwrap().port().to_string())
            .collect();
        drop(held);
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real/openstack.sh");
        let launcher = Command::new("bash")
            .arg(script)
            .args(&ports)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut launcher = launcher.unwrap();
        let mut lines = BufReader::new(launcher.stdout.take().unwrap()).lines();
        let first = tokio::time::timeout(Duration::from_secs(900), lines.next_line())
            .await
            .expect("took 15 minutes");
        assert_eq!(
            first.unwrap().as_deref(),
            Some("ready"),
            "the launcher failed"
        );
        let url = |port: &str, path: &str| format!("http://127.0.0.1:{port}/{path}");
        Self {
            keystone: url(&ports[0], "v3"),
            nova: url(&ports[1], "v2.1"),
            _launcher: launcher,
        }
    }

    fn cloud(&self, folder: &Path, user: &str, password: &str) -> OpenStack {
        let file = folder.join(format!("{user}-{}", password.len()));
        std::fs::write(&file, password).unwrap();
        let settings = Settings {
            name: "real".into(),
            auth_url: self.keystone.clone(),
            who: Who::User {
                name: user.into(),
                password: SecretSource::File(file),
                domain: "Default".into(),
                project: "demo".into(),
                project_domain: "Default".into(),
            },
            region: Some("RegionOne".into()),
            interface: None,
            ca: None,
            user_stop: UserStop::Offer,
            budget: Budget::default(),
        };
        OpenStack::new(settings, Arc::new(Wall)).unwrap()
    }

    /// Does to a machine what the product never does.
    async fn order(&self, user: (&str, &str), machine: &str, action: &Value) {
        let http = reqwest::Client::new();
        let (name, project) = user;
        let body = json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": {
                "name": name, "domain": {"id": "default"}, "password": name,
            }}},
            "scope": {"project": {"name": project, "domain": {"id": "default"}}},
        }});
        let answer = http
            .post(format!("{}/auth/tokens", self.keystone))
            .json(&body)
            .send()
            .await
            .unwrap();
        let token = answer.headers()["x-subject-token"]
            .to_str()
            .unwrap()
            .to_owned();
        let url = format!("{}/servers/{machine}/action", self.nova);
        let answer = http
            .post(url)
            .header("x-auth-token", token)
            .json(action)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 202, "{}", answer.text().await.unwrap());
    }
}

impl Real {
    /// An application credential of demo: its id, and a file with its secret.
    async fn application(&self, folder: &Path) -> (String, PathBuf) {
        let http = reqwest::Client::new();
        let body = json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": {
                "name": "demo", "domain": {"id": "default"}, "password": "demo",
            }}},
            "scope": {"project": {"name": "demo", "domain": {"id": "default"}}},
        }});
        let tokens = format!("{}/auth/tokens", self.keystone);
        let answer = http.post(tokens).json(&body).send().await.unwrap();
        let token = answer.headers()["x-subject-token"].clone();
        let said: Value = answer.json().await.unwrap();
        let user = said["token"]["user"]["id"].as_str().unwrap();
        let url = format!("{}/users/{user}/application_credentials", self.keystone);
        let made: Value = http
            .post(url)
            .header("x-auth-token", token)
            .json(&json!({"application_credential": {"name": "uncordon"}}))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let made = &made["application_credential"];
        let file = folder.join("application");
        std::fs::write(&file, made["secret"].as_str().unwrap()).unwrap();
        (made["id"].as_str().unwrap().to_owned(), file)
    }

    /// Signed in with it, the machine is read and started like any other.
    async fn by_application(&self, folder: &Path) {
        let (id, file) = self.application(folder).await;
        for credential in [
            Credential::Id(id),
            Credential::Named {
                name: "uncordon".into(),
                user: "demo".into(),
                domain: "Default".into(),
            },
        ] {
            let settings = Settings {
                name: "real".into(),
                auth_url: self.keystone.clone(),
                who: Who::Application {
                    credential,
                    secret: SecretSource::File(file.clone()),
                },
                region: None,
                interface: None,
                ca: None,
                user_stop: UserStop::Offer,
                budget: Budget::default(),
            };
            let cloud = OpenStack::new(settings, Arc::new(Wall)).unwrap();
            let on = until(&cloud, MachineState::On).await;
            let already = cloud.start(&on.id, "k").await;
            assert!(matches!(already, Answer::AlreadyThere(_)), "{already:?}");
        }
    }
}

fn target(provider_id: Option<String>, ip: &str) -> Target {
    Target {
        cluster: ClusterName::parse("prod").unwrap(),
        node: NodeName::parse("node-12").unwrap(),
        uid: NodeUid::parse("u").unwrap(),
        provider_id,
        ip: Some(ip.into()),
    }
}

async fn until(cloud: &OpenStack, state: MachineState) -> MachineFacts {
    let mut beat = tokio::time::interval(Duration::from_millis(100));
    let waiting = async {
        loop {
            beat.tick().await;
            match cloud.machine(&target(None, "10.42.0.12")).await {
                Reading::Seen(machine) if machine.state == state => return machine,
                Reading::Seen(_) => {}
                other => panic!("{other:?}"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .expect("the machine never got there")
}

async fn reads_and_starts(real: &Real, cloud: &OpenStack) -> MachineFacts {
    let on = until(cloud, MachineState::On).await;
    assert_eq!(on.detail, "ACTIVE");
    assert!(on.since.is_some() && on.host.is_some());
    let same = cloud
        .machine(&target(
            Some(format!("openstack:///{}", on.id)),
            "10.42.0.99",
        ))
        .await;
    assert_eq!(same, Reading::Seen(on.clone()));

    let console = cloud.console(&on.id).await;
    assert!(
        matches!(&console, Reading::Seen(log) if log.contains("FAKE CONSOLE OUTPUT")),
        "{console:?}"
    );

    let already = cloud.start(&on.id, "k").await;
    assert_eq!(
        already,
        Answer::AlreadyThere("ACTIVE when the start came".into())
    );
    real.order(("demo", "demo"), &on.id, &json!({"os-stop": null}))
        .await;
    let off = until(cloud, MachineState::Off).await;
    assert_eq!(off.detail, "SHUTOFF");
    let purpose = off.purpose.expect("a user stopped it");
    assert!(
        purpose.starts_with("the user ") && purpose.contains(" stopped it at 20"),
        "{purpose}"
    );
    let started = cloud.start(&on.id, "k").await;
    assert!(
        matches!(&started, Answer::Done(request) if request.starts_with("req-")),
        "{started:?}"
    );
    until(cloud, MachineState::On).await
}

async fn refuses(real: &Real, cloud: &OpenStack, machine: &str, folder: &Path) {
    let nobody = "00000000-0000-0000-0000-000000000000";
    let gone = cloud.start(nobody, "k").await;
    assert!(
        matches!(&gone, Answer::NotFound(why) if why.starts_with("404 ")),
        "{gone:?}"
    );
    assert_eq!(
        cloud
            .machine(&target(
                Some(format!("openstack:///{nobody}")),
                "10.42.0.12"
            ))
            .await,
        Reading::Absent
    );
    assert_eq!(
        cloud.machine(&target(None, "10.42.0.1")).await,
        Reading::Absent
    );

    let wrong = real.cloud(folder, "demo", "wrong");
    let denied = wrong.start(machine, "k").await;
    assert!(
        matches!(&denied, Answer::Denied(why) if why.contains("401")),
        "{denied:?}"
    );
    assert!(
        wrong
            .check()
            .await
            .unwrap_err()
            .way_out
            .starts_with("check username, password")
    );

    let reader = real.cloud(folder, "reader", "reader");
    let denied = reader.start(machine, "k").await;
    assert!(
        matches!(&denied, Answer::Denied(why) if why.starts_with("403 Policy doesn't allow")),
        "{denied:?}"
    );
    assert!(
        reader
            .check()
            .await
            .unwrap_err()
            .what
            .contains("role reader")
    );

    real.order(
        ("admin", "admin"),
        machine,
        &json!({"os-resetState": {"state": "error"}}),
    )
    .await;
    assert_eq!(until(cloud, MachineState::Error).await.id, machine);
    let conflict = cloud.start(machine, "k").await;
    assert!(
        matches!(&conflict, Answer::Conflict(why) if why.contains("vm_state error")),
        "{conflict:?}"
    );
}

#[tokio::test]
async fn a_real_nova_is_read_started_and_refuses_as_we_think() {
    if std::env::var_os("UNCORDON_REAL_OPENSTACK").is_none() {
        println!("NOT RUN: real Keystone and Nova (set UNCORDON_REAL_OPENSTACK=1)");
        return;
    }
    let real = Real::start().await;
    let folder = tempfile::tempdir().unwrap();
    let cloud = real.cloud(folder.path(), "demo", "demo");
    let said = cloud.check().await.unwrap();
    assert!(said.contains("machines can be read"), "{said}");
    let machine = reads_and_starts(&real, &cloud).await;
    real.by_application(folder.path()).await;
    refuses(&real, &cloud, &machine.id, folder.path()).await;
}
