//! The real desk over the real engine in a make-believe world: arming, receipts, the cordon ledger.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

use app::desk::Desk;
use app::desk::views::{ArmOrder, ConfigView};
use app::error::AppError;
use domain::access::{Door, Person, Role};
use domain::alarm::{NewAlarm, Status, fingerprint};
use domain::guard::{Guards, Switch};
use domain::id::{PersonName, RuleId};
use domain::rule::pin::{Must, Pin};
use domain::rule::{Draft, Mode, Silence, shipped};
use engine::Engine;
use engine::fakes::{FakeWorld, MemoryStore, ports, source};
use server::current::Current;
use server::desk::{Facts, TheDesk};
use server::wiring::House;
use std::collections::BTreeMap;
use std::time::Duration;
use store::Sqlite;
use tempfile::TempDir;

mod desk {
    mod chats;
    mod cordons;
    mod power;
    mod unseen;
}

const RULE: RuleId = RuleId(1);

struct Place {
    desk: TheDesk,
    engine: Engine,
    world: FakeWorld,
    store: MemoryStore,
    _folder: TempDir,
}

/// A house on virtual time; its accounts are opened before time is stopped.
async fn place(mode: Mode) -> Place {
    place_over(FakeWorld::new(), MemoryStore::new(vec![shipped(mode)])).await
}

/// A house in this world that remembers this.
async fn place_over(world: FakeWorld, store: MemoryStore) -> Place {
    let folder = TempDir::new().unwrap();
    let accounts = Sqlite::open(&folder.path().join("uncordon.db"))
        .await
        .unwrap();
    tokio::time::pause();
    let engine = Engine::start(ports(&world, &store)).await.unwrap();
    let house = House {
        engine: engine.clone(),
        store: accounts,
        clock: world.clock(),
        telling: None,
        kubes: Current::new(server::wiring::Kubes::new()),
    };
    let facts = Facts {
        control: None,
        speed: "1".to_owned(),
        sources: Vec::new(),
        clusters: Vec::new(),
        environments: BTreeMap::new(),
        config: ConfigView::default(),
    };
    Place {
        desk: TheDesk::new(house, Current::new(facts)),
        engine,
        world,
        store,
        _folder: folder,
    }
}

fn person(role: Role) -> Person {
    Person {
        name: PersonName::parse("Kato").unwrap(),
        role,
        door: Door::Api,
    }
}

async fn alarm(place: &Place, text: &str) {
    let new = NewAlarm {
        source: source(),
        fingerprint: fingerprint(&source(), text),
        text: text.to_owned(),
        truncated: false,
        labels: BTreeMap::new(),
        starts_at: None,
        status: Status::Firing,
        close_with: None,
    };
    place.engine.accept(vec![new]).await.unwrap();
    until(|| place.engine.sites().len() == 1).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
}

#[path = "desk/story.rs"]
mod story;
#[path = "desk/writing.rs"]
mod writing;

/// What is kept in a file answers in real time; virtual time would have run past every patience by then.
async fn in_real_time<T>(asked: impl Future<Output = T>) -> T {
    tokio::time::resume();
    let answer = asked.await;
    tokio::time::pause();
    answer
}

/// Lets virtual time run until it is so.
async fn until(so: impl Fn() -> bool) {
    for _ in 0..10_000 {
        if so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never became so");
}

fn order(version: u32, look: &str) -> ArmOrder {
    ArmOrder {
        version,
        look: look.to_owned(),
        reason: "seen on the test cluster".to_owned(),
        veto_s: 60,
        silence: Silence::Ask,
    }
}

#[tokio::test]
async fn a_rule_is_armed_only_after_a_look_at_its_hits_and_with_a_reason() {
    let place = place(Mode::Observe).await;
    let admin = person(Role::Admin);
    let desk = &place.desk;
    alarm(&place, "HOST 10.0.0.99 down, IP: 10.0.0.99 Cluster prod").await;
    let view = desk.rule_hits(&admin, RULE).await.unwrap();
    assert_eq!((view.looked_at, view.matched, view.hits.len()), (1, 1, 1));
    assert_eq!(
        view.hits[0].1.problem.as_deref(),
        Some("no node is called 10.0.0.99")
    );
    let unseen = desk.arm_rule(&admin, RULE, &order(1, "1.0.0")).await;
    assert!(matches!(unseen, Err(AppError::Stale { .. })), "{unseen:?}");
    let wordless = ArmOrder {
        reason: " ".to_owned(),
        ..order(1, &view.look)
    };
    let wordless = desk.arm_rule(&admin, RULE, &wordless).await;
    assert!(matches!(&wordless, Err(AppError::Invalid { field, .. }) if field == "reason"));
    let helper = desk
        .arm_rule(&person(Role::Responder), RULE, &order(1, &view.look))
        .await;
    assert!(
        matches!(helper, Err(AppError::NotAllowed { .. })),
        "{helper:?}"
    );
    alarm(&place, "HOST 10.0.0.98 down, IP: 10.0.0.98 Cluster prod").await;
    let late = desk.arm_rule(&admin, RULE, &order(1, &view.look)).await;
    assert!(matches!(late, Err(AppError::Stale { .. })), "{late:?}");
    let look = desk.rule_hits(&admin, RULE).await.unwrap().look;
    let armed = desk.arm_rule(&admin, RULE, &order(1, &look)).await.unwrap();
    assert_eq!(
        (armed.version, armed.draft.mode, armed.draft.veto_s),
        (2, Mode::Auto, 60)
    );
    let versions = desk.rule_versions(&admin, RULE).await.unwrap();
    assert_eq!(
        versions[0].reason.as_deref(),
        Some("seen on the test cluster")
    );
}

const SEEN: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

fn pin(must: Must, text: &str) -> Pin {
    Pin {
        must,
        text: text.to_owned(),
        labels: BTreeMap::new(),
    }
}

#[tokio::test]
async fn a_rule_that_nobody_saw_work_is_not_armed_until_a_text_is_pinned_for_it() {
    let place = place(Mode::Ask).await;
    let admin = person(Role::Admin);
    let desk = &place.desk;
    let view = desk.rule_hits(&admin, RULE).await.unwrap();
    assert!(!view.seen_to_work());
    let refused = desk.arm_rule(&admin, RULE, &order(1, &view.look)).await;
    assert!(
        matches!(&refused, Err(AppError::Invalid { field, .. }) if field == "pins"),
        "{refused:?}"
    );
    let mut draft = shipped(Mode::Ask);
    draft.pins.push(pin(Must::NotMatch, "a fan is slow"));
    desk.change_rule(&admin, RULE, 1, &draft).await.unwrap();
    let look = desk.rule_hits(&admin, RULE).await.unwrap().look;
    let refused = desk.arm_rule(&admin, RULE, &order(2, &look)).await;
    assert!(
        matches!(refused, Err(AppError::Invalid { .. })),
        "a text it leaves alone proves nothing: {refused:?}"
    );
    draft.pins.push(pin(Must::Match, SEEN));
    desk.change_rule(&admin, RULE, 2, &draft).await.unwrap();
    let look = desk.rule_hits(&admin, RULE).await.unwrap().look;
    let armed = desk.arm_rule(&admin, RULE, &order(3, &look)).await.unwrap();
    assert_eq!(armed.draft.mode, Mode::Auto);
}

#[tokio::test]
async fn saving_a_rule_never_arms_it_and_an_armed_one_keeps_what_it_matches() {
    let place = place(Mode::Ask).await;
    let admin = person(Role::Admin);
    let desk = &place.desk;
    let mut auto = shipped(Mode::Auto);
    auto.pins.push(pin(Must::Match, SEEN));
    for refused in [
        desk.add_rule(&admin, &auto).await,
        desk.change_rule(&admin, RULE, 1, &auto).await,
    ] {
        assert!(
            matches!(&refused, Err(AppError::Invalid { field, .. }) if field == "mode"),
            "{refused:?}"
        );
    }
    let asks = Draft {
        mode: Mode::Ask,
        ..auto.clone()
    };
    desk.change_rule(&admin, RULE, 1, &asks).await.unwrap();
    let look = desk.rule_hits(&admin, RULE).await.unwrap().look;
    desk.arm_rule(&admin, RULE, &order(2, &look)).await.unwrap();
    let mut wider = auto.clone();
    wider.pattern = "HOST (?P<host>.+)".to_owned();
    let mut moved = auto;
    moved.position = 7;
    let kept = desk.change_rule(&admin, RULE, 3, &moved).await.unwrap();
    assert_eq!(kept.draft.mode, Mode::Auto);
    let changed = desk.change_rule(&admin, RULE, 4, &wider).await.unwrap();
    assert_eq!(
        changed.draft.mode,
        Mode::Ask,
        "nobody saw what it matches now"
    );
    let newest = &desk.rule_versions(&admin, RULE).await.unwrap()[0];
    assert!(newest.reason.as_deref().unwrap().contains("was changed"));
    let back = desk.restore_rule(&admin, RULE, 3).await.unwrap();
    assert_eq!(
        back.draft.mode,
        Mode::Ask,
        "an old version does not come back armed"
    );
}

#[tokio::test]
async fn a_thrown_switch_gives_a_receipt_per_cluster_and_lifting_needs_a_reason() {
    let place = place(Mode::Ask).await;
    let who = person(Role::Responder);
    let desk = &place.desk;
    let thrown = desk.set_switch(&who, None, Switch::Freeze, None).await;
    let receipts = thrown.unwrap();
    assert_eq!(receipts.len(), 1);
    assert!(receipts[0].text.starts_with("prod stopped at "));
    assert!(receipts[0].text.ends_with("no call was in flight."));
    assert_eq!(desk.switches(&who).await.unwrap()[0].in_flight, Some(0));
    let wordless = desk.set_switch(&who, None, Switch::Run, None).await;
    assert!(matches!(&wordless, Err(AppError::Invalid { field, .. }) if field == "reason"));
    let lifted = desk
        .set_switch(&who, None, Switch::Run, Some("over"))
        .await
        .unwrap();
    assert!(lifted[0].text.starts_with("prod runs again at "));
}

#[tokio::test]
async fn settings_show_every_limit_what_it_is_set_to_and_how_close_the_counted_ones_are() {
    let place = place(Mode::Auto).await;
    let who = person(Role::Viewer);
    place.world.power_off();
    alarm(&place, "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod").await;
    until(|| place.store.recoveries_now()[0].acting(place.engine.now())).await;
    let lines = place.desk.settings(&who).await.unwrap().guards[0]
        .lines
        .clone();
    let guards = serde_json::to_value(Guards::default()).unwrap();
    for key in guards.as_object().unwrap().keys() {
        // A window stands in the line of what is counted in it.
        let key = match key.as_str() {
            "storm_window_s" => "storm_nodes",
            "flap_window_s" => "flap_max",
            "cordon_max" => "cordon_percent",
            key => key,
        };
        assert!(lines.iter().any(|line| line.key == key), "{key}");
    }
    let now: Vec<(&str, &str, bool)> = lines
        .iter()
        .filter_map(|line| Some((line.key.as_str(), line.now.as_deref()?, line.reached)))
        .collect();
    assert_eq!(
        now,
        [
            ("acting_per_cluster", "1 of 1", true),
            ("acting_per_zone", "1 of 1 (a)", true),
            ("acting_total", "1 of 3", false),
            ("starts_per_hour", "1 of 5", false),
            ("starts_per_hour_account", "1 of 10", false),
            ("cordon_percent", "1 of 1", true),
            ("storm_nodes", "1 of 2", false),
            ("storm_percent", "1 of 1", false),
            ("flap_max", "1 of 3 (node-12)", false),
        ]
    );
}
