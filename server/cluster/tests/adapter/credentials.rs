//! Every way to show who we are, and what happens when it changes under us: nothing is started anew.

use crate::front::{self, pem};
use crate::house::{House, clock, settings};
use cluster::{Finding, Kube, Pod, Settings, examine};
use domain::step::Answer;
use domain::world::{Reading, Sight};
use engine::ports::Cluster;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// A guest that may do everything, by this token and no other.
fn all(token: &str) -> Value {
    let any = ["*"];
    json!([{"token": token, "name": "guest", "rules": [{"apiGroups": any, "resources": any, "verbs": any}]}])
}

/// A world in which everything goes fast, as one caller of it.
struct Place {
    house: House,
    folder: TempDir,
    written: AtomicU32,
}

impl Place {
    async fn open() -> Self {
        Self {
            house: House::open(20.0).await,
            folder: tempfile::tempdir().unwrap(),
            written: AtomicU32::new(0),
        }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.file(name, text);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn api(&self) -> SocketAddr {
        let url = self.house.world.kubernetes_url();
        url.trim_start_matches("http://").parse().unwrap()
    }

    /// The token ends: no other one but this is let in from now on, and `kube` is told so by everything it asks.
    async fn revoke(&self, kube: &Kube, now: &str) {
        self.house.callers(&all(now)).await;
        // What is open already is not asked for its token again, here as on a real server.
        self.house
            .faults(json!([{"match": "GET *", "do": "cut_watch"}]))
            .await;
        until(kube, refused).await;
        self.house.faults(json!([])).await;
    }

    /// A kubeconfig in a file, with this user.
    fn kubeconfig(&self, server: &str, more: &str, user: &str) -> Settings {
        let n = self.written.fetch_add(1, Ordering::SeqCst);
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: c\n\
             clusters: [{{name: c, cluster: {{server: '{server}'{more}}}}}]\n\
             contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n\
             users: [{{name: u, user: {user}}}]\n"
        );
        Settings {
            kubeconfig: Some(self.file(&format!("kubeconfig-{n}"), &text)),
            ..settings(None)
        }
    }

    fn plain(&self, user: &str) -> Settings {
        self.kubeconfig(&self.house.world.kubernetes_url(), "", user)
    }
}

async fn live(settings: Settings) -> Kube {
    let kube = Kube::connect(settings, clock(20.0)).await.unwrap();
    until(&kube, |sight| *sight == Sight::Live).await;
    kube
}

async fn until(kube: &Kube, so: impl Fn(&Sight) -> bool) {
    let mut changes = kube.changes();
    let wait = async {
        while !so(&kube.sight()) {
            changes.changed().await.unwrap();
        }
    };
    // What never comes must end as a failure, not as a test that hangs.
    let came = tokio::time::timeout(Duration::from_secs(60), wait).await;
    assert!(came.is_ok(), "still {:?}", kube.sight());
}

fn refused(sight: &Sight) -> bool {
    matches!(sight, Sight::Blind { why, .. } if why.contains("401"))
}

async fn reads(place: &Place, kube: &Kube) -> bool {
    matches!(
        kube.read_node(&place.house.target("node-12")).await,
        Reading::Seen(_)
    )
}

#[tokio::test]
async fn a_token_file_is_read_again_when_it_changes_and_its_last_line_break_is_no_part_of_it() {
    let place = Place::open().await;
    let token = place.file("token", "first\n");
    place.house.callers(&all("first")).await;
    for settings in [
        place.plain("{tokenFile: token}"),
        Settings {
            token_file: Some(token.clone()),
            ..place.plain("{token: nobody-knows-it}")
        },
    ] {
        std::fs::write(&token, "first\n").unwrap();
        place.house.callers(&all("first")).await;
        let kube = live(settings).await;
        place.revoke(&kube, "second").await;
        assert!(!reads(&place, &kube).await);
        std::fs::write(&token, "second\n").unwrap();
        until(&kube, |sight| *sight == Sight::Live).await;
        assert!(reads(&place, &kube).await);
    }
}

/// A plugin that hands out what is in `token`, good until what is in `until`, and counts how often it was asked.
const PLUGIN: &str = r#"#!/bin/sh
cd "$(dirname "$0")" || exit 1
echo asked >> asked
case "$KUBERNETES_EXEC_INFO" in *'"interactive":false'*) ;; *) echo "nobody is here to answer" >&2; exit 1;; esac
[ -e broken ] && { echo "secret-on-stdout"; echo "the identity provider is away" >&2; exit 3; }
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"%s"}}' "$(cat token)" "$(cat until)"
"#;

fn exec(place: &Place) -> Settings {
    let plugin = place.script("plugin", PLUGIN);
    let user = format!(
        "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: '{}', interactiveMode: IfAvailable}}}}",
        plugin.display()
    );
    place.plain(&user)
}

fn asked(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("asked")).map_or(0, |text| text.lines().count())
}

#[tokio::test]
async fn a_plugins_token_that_is_about_to_end_is_replaced_before_any_call_is_refused() {
    let place = Place::open().await;
    place.file("token", "first");
    // So near that every call asks the plugin again.
    place.file(
        "until",
        &(jiff::Timestamp::now() + jiff::SignedDuration::from_secs(30)).to_string(),
    );
    place.house.callers(&all("first")).await;
    let kube = live(exec(&place)).await;
    let before = asked(place.folder.path());
    assert!(before > 1);
    place.file("token", "second");
    place.house.callers(&all("second")).await;
    assert!(
        reads(&place, &kube).await,
        "the first call after it ended is let in"
    );
    assert!(asked(place.folder.path()) > before);
    place.file("broken", "");
    match kube.read_node(&place.house.target("node-12")).await {
        Reading::Unreadable(why) => assert!(
            why.contains("identity provider is away") && !why.contains("secret-on-stdout"),
            "{why}"
        ),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_plugin_is_asked_again_when_its_token_is_refused_before_its_time_and_not_all_the_time() {
    let place = Place::open().await;
    place.file("token", "first");
    place.file("until", "2100-01-01T00:00:00Z");
    place.house.callers(&all("first")).await;
    let kube = live(exec(&place)).await;
    let before = asked(place.folder.path());
    assert!(reads(&place, &kube).await);
    assert_eq!(asked(place.folder.path()), before, "a good token is kept");
    // It goes on handing out what nobody takes: it is asked now and then, not for every call that is refused.
    let target = place.house.target("node-12");
    place.revoke(&kube, "second").await;
    let before = asked(place.folder.path());
    for _ in 0..50 {
        let answer = kube.uncordon(&target, "1").await;
        assert!(
            matches!(answer, Answer::Denied(_) | Answer::Retryable(_)),
            "{answer:?}"
        );
    }
    let more = asked(place.folder.path()) - before;
    assert!(
        more < 25,
        "asked {more} times for 50 calls that were refused"
    );
    place.file("token", "second");
    until(&kube, |sight| *sight == Sight::Live).await;
    assert!(reads(&place, &kube).await);
}

#[tokio::test]
async fn a_plugin_that_fails_leaves_one_cluster_blind_with_its_last_words_and_never_its_output() {
    let place = Place::open().await;
    place.file("token", "first");
    place.file("until", "2100-01-01T00:00:00Z");
    let broken = place.file("broken", "");
    place.house.callers(&all("first")).await;
    let told = match Kube::connect(exec(&place), clock(20.0)).await {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.whole(),
    };
    assert!(
        told.contains("the identity provider is away") && told.contains("run it by hand"),
        "{told}"
    );
    assert!(!told.contains("secret-on-stdout"), "{told}");
    let kube = Kube::open(exec(&place), clock(20.0)).await;
    until(&kube, |sight| matches!(sight, Sight::Blind { why, .. } if why.contains("identity provider is away"))).await;
    let Sight::Blind { why, .. } = kube.sight() else {
        panic!("it sees")
    };
    assert!(!why.contains("secret-on-stdout"), "{why}");
    std::fs::remove_file(broken).unwrap();
    until(&kube, |sight| *sight == Sight::Live).await;
}

#[tokio::test]
async fn a_kubeconfig_that_is_not_there_yet_is_taken_as_soon_as_it_is() {
    let place = Place::open().await;
    let settings = place.plain(&format!(
        "{{token: {}}}",
        place.house.world.kubernetes_token()
    ));
    let path = settings.kubeconfig.clone().unwrap();
    let text = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let kube = Kube::open(settings, clock(20.0)).await;
    until(
        &kube,
        |sight| matches!(sight, Sight::Blind { why, .. } if why.contains("kubeconfig")),
    )
    .await;
    std::fs::write(&path, text).unwrap();
    until(&kube, |sight| *sight == Sight::Live).await;
}

#[tokio::test]
async fn the_way_leads_through_the_proxy_of_the_config_else_of_the_kubeconfig() {
    let place = Place::open().await;
    let user = format!("{{token: {}}}", place.house.world.kubernetes_token());
    let server = place.house.world.kubernetes_url();
    let http = front::http_proxy().await;
    let own = format!(", proxy-url: 'http://us:pa%40ss@{}'", http.addr);
    drop(live(place.kubeconfig(&server, &own, &user)).await);
    assert!(http.count() > 0, "the kubeconfig's proxy");
    let told = http.told.lock().unwrap().clone();
    assert_eq!(told.as_deref(), Some("Basic dXM6cGFAc3M="), "us:pa@ss");
    let socks = front::socks_proxy().await;
    let instead = Settings {
        proxy_url: Some(format!("socks5://{}", socks.addr)),
        ..place.kubeconfig(&server, &own, &user)
    };
    let before = http.count();
    drop(live(instead).await);
    assert!(socks.count() > 0, "the config's proxy");
    assert_eq!(http.count(), before);
    let nobody = Settings {
        proxy_url: Some("http://127.0.0.1:1".to_owned()),
        ..place.kubeconfig(&server, "", &user)
    };
    let (findings, _) = examine(&nobody).await;
    assert!(
        matches!(&findings[..], [Finding::Failed(text)] if text.contains("is the proxy http://127.0.0.1:1 running")),
        "{findings:?}"
    );
}

#[tokio::test]
async fn only_the_authority_we_were_given_is_trusted() {
    let place = Place::open().await;
    let user = format!("{{token: {}}}", place.house.world.kubernetes_token());
    let tls = front::tls(place.api()).await;
    let server = format!("https://{}", tls.addr);
    let by = |file: &str| format!(", certificate-authority: '{}'", pem(file).display());
    drop(live(place.kubeconfig(&server, &by("ca.pem"), &user)).await);
    let instead = Settings {
        ca_file: Some(pem("ca.pem")),
        ..place.kubeconfig(&server, &by("other-ca.pem"), &user)
    };
    drop(live(instead).await);
    let trusted = tls.count();
    let (findings, _) = examine(&place.kubeconfig(&server, &by("other-ca.pem"), &user)).await;
    assert!(
        matches!(&findings[..], [Finding::Failed(text)] if text.contains("cluster.ca_file") && text.contains(&server)),
        "{findings:?}"
    );
    assert_eq!(tls.count(), trusted, "nothing was said to it");
    let unchecked = place.kubeconfig(&server, ", insecure-skip-tls-verify: true", &user);
    let (findings, _) = examine(&unchecked).await;
    assert!(
        matches!(&findings[..], [Finding::Failed(text)] if text.contains("insecure-skip-tls-verify")),
        "{findings:?}"
    );
}

#[tokio::test]
async fn in_a_pod_its_account_is_used_and_its_token_rotates() {
    let place = Place::open().await;
    let tls = front::tls(place.api()).await;
    std::fs::copy(pem("ca.pem"), place.folder.path().join("ca.crt")).unwrap();
    place.file("token", "first");
    place.house.callers(&all("first")).await;
    let pod = Pod {
        server: Some(format!("https://{}", tls.addr)),
        folder: place.folder.path().to_owned(),
    };
    let kube = live(Settings {
        pod: Some(pod),
        ..settings(None)
    })
    .await;
    assert!(tls.count() > 0);
    place.revoke(&kube, "second").await;
    place.file("token", "second");
    until(&kube, |sight| *sight == Sight::Live).await;
    assert!(reads(&place, &kube).await);
}
