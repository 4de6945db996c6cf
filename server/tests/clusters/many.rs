//! Three clusters, each reached in its own way, served by the real binary; one goes away and the product starts anew.

use crate::{front, hurry, let_in, manifest};
use jiff::Timestamp;
use sandbox::{World, WorldConfig};
use serde_json::{Value, json};
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tokio::process::{Child, Command};

const SPEED: f64 = 20.0;

/// Asks again and again until it is so; the limit only ends a test that cannot pass.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, so: impl Fn() -> F) -> T {
    let asking = async {
        loop {
            if let Some(found) = so().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(90), asking).await;
    found.unwrap_or_else(|_| panic!("it never came: {what}"))
}

/// The product as a process.
struct Product {
    child: Child,
    url: String,
    token: String,
}

impl Product {
    async fn start(folder: &Path, addr: SocketAddr, token: &str) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_uncordon"))
            .args(["serve", "--config"])
            .arg(folder.join("uncordon.toml"))
            .env("HTTPS_PROXY", "http://127.0.0.1:1")
            .kill_on_drop(true)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        Self {
            child,
            url: format!("http://{addr}/api/v1"),
            token: token.to_owned(),
        }
    }

    async fn get(&self, path: &str) -> Option<Value> {
        let get = reqwest::Client::new().get(format!("{}/{path}", self.url));
        let told = get.bearer_auth(&self.token).send().await.ok()?;
        told.json().await.ok()
    }

    /// One cluster of the list.
    async fn cluster(&self, name: &str) -> Option<Value> {
        let all = self.get("clusters").await?;
        let found = all["items"]
            .as_array()?
            .iter()
            .find(|one| one["name"] == name);
        found.cloned()
    }

    async fn until(&self, name: &str, verdict: &str) -> Value {
        until(&format!("{name} is {verdict}"), || async {
            let found = self.cluster(name).await?;
            (found["verdict"] == verdict).then_some(found)
        })
        .await
    }
}

async fn world(t0: Timestamp) -> World {
    let config = WorldConfig {
        speed: SPEED,
        t0: Some(t0),
        ..WorldConfig::default()
    };
    let world = World::start(config).await.unwrap();
    let_in(&world, "account", &json!(manifest::rules(manifest::RBAC))).await;
    world
}

async fn token(folder: &Path) -> String {
    let made = Command::new(env!("CARGO_BIN_EXE_uncordon"))
        .args([
            "token", "create", "--name", "test", "--role", "admin", "--config",
        ])
        .arg(folder.join("uncordon.toml"))
        .output()
        .await
        .unwrap();
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// Somebody took a cordon over here: it is kept by name.
async fn keep_cordon(world: &World) {
    let url = format!("{}/api/v1/nodes/node-13", world.kubernetes_url());
    let patch = json!({
        "metadata": {"annotations": {"uncordon.dev/owner": "person=Kato at=2026-11-22T10:00:00Z"}},
        "spec": {"unschedulable": true},
    });
    let patch = reqwest::Client::new()
        .patch(url)
        .bearer_auth(world.kubernetes_token())
        .header("content-type", "application/merge-patch+json")
        .body(patch.to_string());
    patch.send().await.unwrap().error_for_status().unwrap();
}

async fn kept(product: &Product) -> Option<Value> {
    let all = product.get("cordons").await?;
    let found = all["items"]
        .as_array()?
        .iter()
        .find(|one| one["node"] == "node-13");
    found.cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_clusters_that_goes_away_is_blind_since_then_also_after_a_restart() {
    let t0 = Timestamp::now();
    let (plain, tokened, proxied) = (world(t0).await, world(t0).await, world(t0).await);
    let tls = front::tls(
        tokened
            .kubernetes_url()
            .trim_start_matches("http://")
            .parse()
            .unwrap(),
    )
    .await;
    let proxy = front::http_proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let as_account = |world: &World| {
        world
            .kubeconfig()
            .replace(&world.kubernetes_token(), "account")
    };
    write("plain", &as_account(&plain));
    let over_tls = tokened
        .kubeconfig()
        .replace(&tokened.kubernetes_url(), &format!("https://{}", tls.addr));
    write("tokened", &over_tls);
    write("token", "account\n");
    write("proxied", &as_account(&proxied));
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = free.local_addr().unwrap();
    drop(free);
    write(
        "uncordon.toml",
        &format!(
            "[server]\nlisten = \"{addr}\"\npublic_url = \"http://{addr}\"\ndata = \"data\"\n\
             \n[[cluster]]\nname = \"plain\"\nkubeconfig = \"plain\"\n\
             \n[[cluster]]\nname = \"tokened\"\nkubeconfig = \"tokened\"\ntoken_file = \"token\"\nca_file = \"{}\"\n\
             \n[[cluster]]\nname = \"proxied\"\nkubeconfig = \"proxied\"\nproxy_url = \"http://{}\"\n\
             \n[[cluster]]\nname = \"missing\"\nkubeconfig = \"nowhere\"\n{}",
            front::pem("ca.pem").display(),
            proxy.addr,
            hurry(&plain, t0, SPEED),
        ),
    );
    keep_cordon(&proxied).await;
    let token = token(folder.path()).await;
    let mut product = Product::start(folder.path(), addr, &token).await;
    for name in ["plain", "tokened", "proxied"] {
        // A workload of the world is broken for days, and node-13 is cordoned there.
        until(&format!("{name} is seen"), || async {
            let found = product.cluster(name).await?;
            (found["blind_since"].is_null() && found["nodes"]["total"] == 12).then_some(())
        })
        .await;
    }
    assert!(tls.count() > 0 && proxy.count() > 0);
    // A kubeconfig that cannot be used costs this one cluster, not the product.
    let missing = product.cluster("missing").await.unwrap();
    assert_eq!(missing["verdict"], "blind");
    assert!(
        missing["sentence"].as_str().unwrap().contains("nowhere"),
        "{missing}"
    );
    let seen = until("the kept cordon", || kept(&product)).await;
    assert_eq!(
        (&seen["ready"], &seen["unseen_since"]),
        (&json!(true), &Value::Null)
    );

    proxied.stop().await;
    let gone = product.until("proxied", "blind").await;
    let since: Timestamp = gone["blind_since"].as_str().unwrap().parse().unwrap();
    assert_eq!(gone["nodes"]["total"], 12, "what was last seen is shown");
    assert!(product.cluster("plain").await.unwrap()["blind_since"].is_null());
    let health = product.get("clusters/proxied/health").await.unwrap();
    assert_eq!(health["verdict"], "blind", "a live read says so, too");
    let unseen = kept(&product).await.unwrap();
    assert!(
        unseen["ready"].is_null() && unseen["unseen_since"].is_string(),
        "{unseen}"
    );

    product.child.kill().await.unwrap();
    let product = Product::start(folder.path(), addr, &token).await;
    let again = until("the product", || product.cluster("proxied")).await;
    assert_eq!(again["verdict"], "blind", "not down: {again}");
    let told: Timestamp = again["blind_since"].as_str().unwrap().parse().unwrap();
    // Of what it saw it writes down the time once a minute, and at each change.
    assert!(
        since.duration_since(told).as_secs().abs() < 90,
        "{told} and {since}"
    );
    let unseen = kept(&product)
        .await
        .expect("what is kept there is not forgotten");
    assert!(unseen["ready"].is_null(), "{unseen}");
    assert_eq!(unseen["owner"], "person");
    assert_eq!(unseen["may"], json!([]));
    until("the others", || async {
        let plain = product.cluster("plain").await?;
        plain["blind_since"].is_null().then_some(())
    })
    .await;
    let still = product.cluster("proxied").await.unwrap();
    assert_eq!(still["verdict"], "blind");
    assert!(
        still["sentence"]
            .as_str()
            .unwrap()
            .contains("Cannot be read since"),
        "{still}"
    );
}
