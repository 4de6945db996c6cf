//! An account in moto: machines, users with and without rights, a role; and a cloud of ours that uses it.

use crate::launch::{Launched, launch};
use crate::relay::{Fate, Relay};
use cloud::Budget;
use cloud::ec2::{Ec2, KeySource, Settings, UserStop};
use domain::id::{ClusterName, NodeName, NodeUid};
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use engine::ports::{Clock, Cloud};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub const REGION: &str = "us-east-1";
pub const ROLE: &str = "arn:aws:iam::123456789012:role/uncordon";

pub struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A pair of keys of a user.
#[derive(Clone)]
pub struct User {
    pub id: String,
    pub secret: String,
}

pub struct Account {
    pub relay: Relay,
    pub folder: TempDir,
    pub machine: String,
    pub reader: User,
    pub starter: User,
    pub admin: User,
    /// What becomes of the next calls whose body has these words.
    pub faults: Arc<Mutex<VecDeque<(&'static str, Fate)>>>,
    moto: Launched,
}

/// Reading only.
const READ: &str = r#""ec2:DescribeInstances","ec2:DescribeInstanceStatus","ec2:GetConsoleOutput","sts:GetCallerIdentity""#;

impl Account {
    pub async fn new() -> Option<Self> {
        let moto = launch("moto.sh", &[]).await?;
        let base = format!("http://127.0.0.1:{}", moto.port);
        let call = |service: &'static str, query: String| free(base.clone(), service, query);
        let vpc = call("ec2", "Action=CreateVpc&CidrBlock=10.9.0.0/16".into()).await;
        let vpc = part(&vpc, "vpcId");
        let subnet = format!(
            "Action=CreateSubnet&VpcId={vpc}&CidrBlock=10.9.1.0/24&AvailabilityZone=us-east-1a"
        );
        let subnet = part(&call("ec2", subnet).await, "subnetId");
        let run = format!(
            "Action=RunInstances&ImageId=ami-12c6146b&MinCount=1&MaxCount=1&InstanceType=t3.small&SubnetId={subnet}\
             &PrivateIpAddress=10.9.1.12&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=rack-host&TagSpecification.1.Tag.1.Value=r7-h3"
        );
        let machine = part(&call("ec2", run).await, "instanceId");
        let mut users = Vec::new();
        for (name, actions) in [
            ("reader", READ.to_owned()),
            ("starter", format!("{READ},\"ec2:StartInstances\"")),
            ("admin", "\"*\"".to_owned()),
        ] {
            call("iam", format!("Action=CreateUser&UserName={name}")).await;
            let key = call("iam", format!("Action=CreateAccessKey&UserName={name}")).await;
            let policy = encoded(&policy(&actions));
            call(
                "iam",
                format!(
                    "Action=PutUserPolicy&UserName={name}&PolicyName=p&PolicyDocument={policy}"
                ),
            )
            .await;
            users.push(User {
                id: part(&key, "AccessKeyId"),
                secret: part(&key, "SecretAccessKey"),
            });
        }
        let trust = encoded(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"x"},"Action":"sts:AssumeRoleWithWebIdentity"}]}"#,
        );
        call(
            "iam",
            format!("Action=CreateRole&RoleName=uncordon&AssumeRolePolicyDocument={trust}"),
        )
        .await;
        let starts = encoded(&policy(&format!("{READ},\"ec2:StartInstances\"")));
        call(
            "iam",
            format!("Action=PutRolePolicy&RoleName=uncordon&PolicyName=p&PolicyDocument={starts}"),
        )
        .await;
        checking(&base, true).await;
        let faults: Arc<Mutex<VecDeque<(&'static str, Fate)>>> = Arc::default();
        let shared = Arc::clone(&faults);
        let relay = Relay::start(Some(base), move |request| {
            let mut faults = shared.lock().unwrap();
            match faults.front() {
                Some((words, _)) if request.body.contains(words) => faults.pop_front().unwrap().1,
                Some(_) | None => Fate::Forward,
            }
        })
        .await;
        let admin = users.pop().unwrap();
        let starter = users.pop().unwrap();
        let reader = users.pop().unwrap();
        Some(Self {
            relay,
            folder: tempfile::tempdir().unwrap(),
            machine,
            reader,
            starter,
            admin,
            faults,
            moto,
        })
    }

    /// A file of profiles with one user as `default`.
    pub fn profile(&self, user: &User) -> PathBuf {
        let path = self.folder.path().join("credentials");
        write_profile(&path, user);
        path
    }

    pub fn cloud(&self, keys: KeySource) -> Ec2 {
        let settings = Settings {
            name: "moto".into(),
            region: REGION.into(),
            endpoint: Some(self.relay.url.clone()),
            sts_endpoint: Some(self.relay.url.clone()),
            keys,
            vpc: None,
            host_tag: Some("rack-host".into()),
            ca: None,
            user_stop: UserStop::Offer,
            budget: Budget::default(),
        };
        Ec2::new(settings, Arc::new(Wall)).unwrap()
    }

    pub fn with_profile(&self, user: &User) -> Ec2 {
        self.cloud(KeySource::Profile {
            file: Some(self.profile(user)),
            name: Some("default".into()),
        })
    }

    pub fn by_id(&self) -> Target {
        Target {
            provider_id: Some(format!("aws:///us-east-1a/{}", self.machine)),
            ..by_address("10.9.1.12")
        }
    }

    pub fn break_next(&self, words: &'static str, fate: Fate) {
        self.faults.lock().unwrap().push_back((words, fate));
    }

    /// How often an action came through.
    pub fn count(&self, action: &str) -> usize {
        let seen = self.relay.seen();
        seen.iter()
            .filter(|one| one.body.contains(&format!("Action={action}&")))
            .count()
    }

    /// Whether signatures and rights are checked.
    pub async fn checking(&self, on: bool) {
        checking(&format!("http://127.0.0.1:{}", self.moto.port), on).await;
    }

    /// Stops the machine, which the product never does.
    pub async fn stop(&self) {
        let base = format!("http://127.0.0.1:{}", self.moto.port);
        self.checking(false).await;
        let stop = format!("Action=StopInstances&InstanceId.1={}", self.machine);
        free(base, "ec2", stop).await;
        self.checking(true).await;
    }
}

async fn checking(base: &str, on: bool) {
    let answer = reqwest::Client::new()
        .post(format!("{base}/moto-api/reset-auth"))
        .header("content-type", "text/plain")
        .body(if on { "0" } else { "inf" })
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success());
}

pub fn write_profile(path: &Path, user: &User) {
    let text = format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        user.id, user.secret
    );
    std::fs::write(path, text).unwrap();
}

pub fn by_address(ip: &str) -> Target {
    Target {
        cluster: ClusterName::parse("prod").unwrap(),
        node: NodeName::parse("node-12").unwrap(),
        uid: NodeUid::parse("u").unwrap(),
        provider_id: None,
        ip: Some(ip.into()),
    }
}

pub async fn seen(cloud: &Ec2, target: &Target) -> MachineFacts {
    match cloud.machine(target).await {
        Reading::Seen(machine) => machine,
        other => panic!("{other:?}"),
    }
}

fn policy(actions: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}]}}"#
    )
}

/// A call while moto checks nothing; the service is read out of the header.
async fn free(base: String, service: &str, query: String) -> String {
    let version = match service {
        "iam" => "2010-05-08",
        _ => "2016-11-15",
    };
    let answer = reqwest::Client::new()
        .post(base)
        .header("content-type", "application/x-www-form-urlencoded")
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/{service}/aws4_request, SignedHeaders=host, Signature=x"),
        )
        .body(format!("{query}&Version={version}"))
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{query}: {text}");
    text
}

fn part(text: &str, name: &str) -> String {
    let (_, rest) = text
        .split_once(&format!("<{name}>"))
        .unwrap_or_else(|| panic!("no {name} in {text}"));
    rest.split('<').next().unwrap().replace("&amp;", "&")
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
