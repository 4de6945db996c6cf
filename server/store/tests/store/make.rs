//! What tests are made of: an open store, alarms, events.

use domain::access::Door;
use domain::alarm::{NewAlarm, Status, fingerprint};
use domain::event::{Event, What};
use domain::guard::Guards;
use domain::id::{ClusterName, NodeName, NodeUid, PersonName, RecoveryId, SourceName};
use domain::plan::{Consent, Plan, steps};
use domain::step::{Evidence, StepKind};
use domain::target::Target;
use domain::trigger::{Actor, Trigger};
use domain::world::Allocatable;
use engine::ports::NewRecovery;
use engine::ports::store::EventsOf;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;
use store::Sqlite;
use tempfile::TempDir;

pub struct Place {
    pub folder: TempDir,
    pub store: Sqlite,
}

impl Place {
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    /// Closes the store and opens the file again.
    pub async fn reopened(self) -> Self {
        self.store.close().await;
        let store = Sqlite::open(&self.file()).await.unwrap();
        Self { store, ..self }
    }

    /// Whether every page and every reference is sound.
    pub async fn assert_sound(&self) {
        use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
        let options = SqliteConnectOptions::new().filename(self.file());
        let mut connection = options.connect().await.unwrap();
        let words: String = sqlx::query_scalar("pragma integrity_check")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(words, "ok");
        let broken = sqlx::query("pragma foreign_key_check")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert!(broken.is_empty());
    }

    /// Tries a statement behind the store's back, as a wrong program would; answers the error.
    pub async fn tamper(&self, sql: &'static str) -> String {
        use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
        let options = SqliteConnectOptions::new().filename(self.file());
        let mut connection = options.connect().await.unwrap();
        match sqlx::query(sql).execute(&mut connection).await {
            Ok(done) => format!("{} rows", done.rows_affected()),
            Err(error) => error.to_string(),
        }
    }
}

pub async fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&folder.path().join("store.db")).await.unwrap();
    Place { folder, store }
}

/// Seconds after some moment.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_377_600 + seconds).unwrap()
}

pub fn person(name: &str) -> PersonName {
    PersonName::parse(name).unwrap()
}

pub fn cluster() -> ClusterName {
    ClusterName::parse("prod").unwrap()
}

pub fn node(number: usize) -> NodeName {
    NodeName::parse(&format!("node-{number}")).unwrap()
}

/// A plain text, as the sandbox's monitoring sends it.
pub fn text(status: Status) -> NewAlarm {
    let source = SourceName::parse("sandbox").unwrap();
    let text = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";
    NewAlarm {
        fingerprint: fingerprint(&source, text),
        source,
        text: text.to_owned(),
        truncated: false,
        labels: BTreeMap::new(),
        starts_at: None,
        status,
        close_with: None,
    }
}

/// An alert with a fingerprint and start of its own, as Alertmanager sends it.
pub fn alert(status: Status, fingerprint: &str, starts_at: &str) -> NewAlarm {
    NewAlarm {
        source: SourceName::parse("alertmanager").unwrap(),
        fingerprint: fingerprint.to_owned(),
        text: "KubeNodeNotReady".to_owned(),
        labels: BTreeMap::from([("cluster".to_owned(), "prod-eu".to_owned())]),
        starts_at: Some(starts_at.parse().unwrap()),
        close_with: Some("http://alertmanager.example:9093".to_owned()),
        ..text(status)
    }
}

pub fn new_recovery(number: usize) -> NewRecovery {
    NewRecovery {
        cluster: cluster(),
        node: node(number),
        uid: NodeUid::parse(&format!("uid-{number}")).unwrap(),
    }
}

pub fn event(seconds: i64, what: What) -> Event {
    Event {
        at: at(seconds),
        actor: Actor::Uncordon,
        what,
    }
}

pub fn planned(id: RecoveryId, number: usize, seconds: i64) -> Event {
    let new = new_recovery(number);
    let guards = Guards::default();
    let plan = Plan {
        target: Target {
            cluster: new.cluster,
            node: new.node,
            uid: new.uid,
            provider_id: None,
            ip: Some("10.0.0.12".to_owned()),
        },
        trigger: Trigger::Person {
            name: person("ada"),
            door: Door::Page,
            alarm: None,
            retry_of: None,
            confirmed: false,
            reason: None,
        },
        consent: Consent::Given,
        warnings: Vec::new(),
        steps: steps(&guards, &[], false),
        guards,
        boot_id: "boot-1".to_owned(),
        allocatable: Allocatable::default(),
        host: None,
        baseline: None,
        down_since: None,
    };
    let plan = Box::new(plan);
    event(seconds, What::Planned { id, plan })
}

/// The first event of a recovery of node `number`.
pub fn first(number: usize, seconds: i64) -> EventsOf {
    Box::new(move |id| vec![planned(id, number, seconds)])
}

pub fn started(seconds: i64) -> Event {
    let what = What::StepStarted {
        step: StepKind::Cordon,
        attempt: 1,
        key: "key-1".to_owned(),
    };
    event(seconds, what)
}

pub fn succeeded(seconds: i64) -> Event {
    let what = What::StepSucceeded {
        step: StepKind::Cordon,
        evidence: Evidence {
            text: "cordoned".to_owned(),
            ..Evidence::default()
        },
        exit: None,
    };
    event(seconds, what)
}

pub fn finished(seconds: i64) -> Event {
    let what = What::Finished {
        outcome: domain::recovery::Outcome::Aborted,
        receipt: None,
    };
    event(seconds, what)
}
