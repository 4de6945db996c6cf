//! Clusters as the whole product has them: the rights a recovery uses, and many at once of which one goes away.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "../cluster/tests/adapter/front.rs"]
#[expect(dead_code, reason = "other tests need all of it")]
mod front;
#[path = "../cluster/tests/adapter/manifest.rs"]
mod manifest;
#[path = "clusters/many.rs"]
mod many;

use domain::alarm::{NewAlarm, Status, fingerprint};
use domain::id::SourceName;
use domain::recovery::State;
use domain::rule::Mode;
use engine::ports::Store;
use engine::tell::Told;
use jiff::Timestamp;
use sandbox::{World, WorldConfig};
use serde_json::{Value, json};
use server::config::Config;
use server::wiring;
use std::collections::BTreeMap;
use std::path::Path;

/// World seconds per second.
const SPEED: f64 = 60.0;
const TOKEN: &str = "token-of-the-account";

async fn control(world: &World, method: reqwest::Method, what: &str, body: &Value) -> Value {
    let url = format!("{}/sandbox/{what}", world.control_url());
    let call = reqwest::Client::new().request(method, url).json(body);
    let told = call.send().await.unwrap().error_for_status().unwrap();
    told.json().await.unwrap()
}

/// Lets an account in that may do this and nothing else.
async fn let_in(world: &World, token: &str, rules: &Value) {
    let callers = json!({"callers": [{"token": token, "name": "account", "rules": rules}]});
    control(world, reqwest::Method::PUT, "callers", &callers).await;
}

/// The lower part of a config: the limits of a world that is in a hurry.
fn hurry(world: &World, t0: Timestamp, speed: f64) -> String {
    format!(
        "\n[guards]\nsoak_s = 10\ncool_down_s = 0\nstorm_nodes = 0\nflap_max = 0\nstarts_per_hour = 0\nstarts_per_hour_account = 0\n\
         \n[sandbox]\nspeed = {speed:?}\nt0 = \"{t0}\"\ncontrol = \"{}\"\n",
        world.control_url()
    )
}

fn config(world: &World, t0: Timestamp, folder: &Path) -> Config {
    let own = world.kubernetes_token();
    let files = [
        ("kubeconfig", world.kubeconfig().replace(&own, TOKEN)),
        ("password", world.openstack_password().to_owned()),
        ("hook", "0123456789abcdef0123456789abcdef".to_owned()),
    ];
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let text = format!(
        "[server]\ndata = \"data\"\n\n[[cluster]]\nname = \"prod\"\nkubeconfig = \"kubeconfig\"\ncloud = \"one\"\n\
         \n[[cloud]]\nname = \"one\"\nkind = \"openstack\"\nauth_url = \"{}\"\nusername = \"uncordon\"\npassword_file = \"password\"\nproject = \"prod\"\n\
         \n[[alarm_source]]\nname = \"text\"\nkind = \"text\"\ntoken_file = \"hook\"\n{}",
        world.keystone_url(),
        hurry(world, t0, SPEED),
    );
    Config::parse(&text, &folder.join("uncordon.toml")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_recovery_uses_exactly_the_rights_of_the_manifest() {
    let t0 = Timestamp::now();
    let world = World::start(WorldConfig {
        speed: SPEED,
        t0: Some(t0),
        ..WorldConfig::default()
    })
    .await
    .unwrap();
    let_in(&world, TOKEN, &json!(manifest::rules(manifest::RBAC))).await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(&world, t0, folder.path());
    let store = wiring::open_store(&config).await.unwrap();
    let house = wiring::build(&config, store.clone(), Mode::Auto)
        .await
        .unwrap();
    let off = "clusters/prod/nodes/node-12/power-off";
    control(&world, reqwest::Method::POST, off, &json!({})).await;

    let source = SourceName::parse("text").unwrap();
    let text = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";
    let mut told = house.engine.listen();
    seen(&house).await;
    let alarm = NewAlarm {
        fingerprint: fingerprint(&source, text),
        source,
        text: text.to_owned(),
        truncated: false,
        labels: BTreeMap::new(),
        starts_at: None,
        status: Status::Firing,
        close_with: None,
    };
    house.engine.accept(vec![alarm]).await.unwrap();
    let ended = async {
        loop {
            if let Told::Recovery(id) = told.recv().await.unwrap()
                && let Some(row) = store.recovery(id).await.unwrap()
                && !matches!(row.state, State::Running | State::Waiting)
            {
                return (row.state, store.events(id).await.unwrap());
            }
        }
    };
    let ended = tokio::time::timeout(std::time::Duration::from_secs(120), ended).await;
    let (state, events) = ended.expect("it comes to an end");
    assert_eq!(state, State::Recovered, "{events:#?}");

    let callers = control(&world, reqwest::Method::GET, "callers", &Value::Null).await;
    let used = manifest::used(&callers, "account");
    assert_eq!(used, manifest::grants(manifest::RBAC), "used, and granted");
    assert_eq!(
        used,
        manifest::listed(cluster::rights::RIGHTS),
        "used, and listed"
    );
    let refused = control(&world, reqwest::Method::GET, "ledger?all=1", &Value::Null).await;
    let items = refused["items"].as_array().unwrap().iter();
    let denied: Vec<_> = items.filter(|one| one["status"] == 403).collect();
    assert!(denied.is_empty(), "{denied:?}");
    world.stop().await;
}

/// Waits until the cluster is seen: a target is found only then.
async fn seen(house: &wiring::House) {
    let cluster = &house.engine.sites()[0].cluster;
    many::until("the cluster is seen", || async {
        (cluster.sight() == domain::world::Sight::Live).then_some(())
    })
    .await;
}
