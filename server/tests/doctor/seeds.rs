//! What people get wrong on the first day, and what the doctor must say to each.

use crate::front::{self, pem};
use crate::manifest;
use crate::place::{Place, TOKEN};
use serde_json::{Value, json};
use std::future::Future;
use std::pin::Pin;

/// One thing that is wrong.
pub struct Seed {
    pub name: &'static str,
    pub sow: for<'a> fn(&'a mut Place) -> Sown<'a>,
    /// The line it is told in.
    pub what: &'static str,
    /// `fail` or `warn`.
    pub found: &'static str,
    /// What that line must name: the thing, and the way out.
    pub words: &'static [&'static str],
}

type Sown<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

macro_rules! seeds {
    ($($name:literal, $what:literal $found:ident $words:expr => |$place:ident| $sow:expr;)*) => {
        pub const SEEDS: &[Seed] = &[$(Seed {
            name: $name,
            what: $what,
            found: stringify!($found),
            words: &$words,
            sow: |$place| Box::pin(async move { $sow; }),
        }),*];
    };
}

seeds! {
    "no TOML", "config" fail ["line 2", "uncordon.toml"] => |place| place.instead("listen = ", "listen := ");
    "an unknown key", "config" fail ["publik_url", "public_url"] => |place| place.instead("public_url", "publik_url");
    "two clusters of one name", "config" fail ["cluster.name", "prod is given twice", "expected a name of its own"] => |place|
        place.config.push_str("\n[[cluster]]\nname = \"prod\"\nkubeconfig = \"kubeconfig\"\n");
    "an unknown cloud", "config" fail ["cluster.cloud", "\"two\"", "expected one of: one"] => |place|
        place.instead("cloud = \"one\"", "cloud = \"two\"");
    "no pattern in blocking_alarms", "config" fail ["guards.blocking_alarms", "etcd("] => |place|
        place.config.push_str("\n[guards]\nblocking_alarms = [\"etcd(\"]\n");
    "a source nobody can prove to be", "config" fail ["alarm_source.token_file", "expected token_file", "alertmanager"] => |place|
        place.instead("token_file = \"hook\"\n", "");
    "a proxy of an unknown kind", "config" fail ["cluster.proxy_url", "expected http://host:port or socks5://host:port"] => |place|
        place.instead("own_node", "proxy_url = \"ftp://proxy\"\nown_node");
    "no cluster", "clusters" fail ["nothing to look after", "add a [[cluster]]"] => |place| {
        let (before, rest) = place.config.split_once("[[cluster]]").unwrap();
        let (_, after) = rest.split_once("[[cloud]]").unwrap();
        place.config = format!("{before}[[cloud]]{after}");
    };
    "a data folder that cannot be", "database" fail ["kubeconfig", "make server.data a folder this user may write to"] => |place|
        place.instead("data = \"data\"", "data = \"kubeconfig\"");
    "an address that is taken", "address" fail ["cannot listen on", "in use", "choose another server.listen"] => |place| {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = taken.local_addr().unwrap();
        std::mem::forget(taken);
        place.instead("127.0.0.1:0", &addr.to_string());
    };
    "people come in over http", "address" warn ["http://uncordon.example is not https", "server.public_url"] => |place|
        place.instead("https://uncordon.example", "http://uncordon.example");
    "a secret that everybody may read", "secrets" warn ["hook", "mode 644", "chmod 600"] => |place| place.mode("hook", 0o644);
    "no kubeconfig", "cluster prod" fail ["kubeconfig", "check that it exists", "No such file"] => |place|
        std::fs::remove_file(place.path("kubeconfig")).unwrap();
    "a context that is not there", "cluster prod" fail ["no context \"test\"", "set `context` to one of: prod"] => |place|
        place.instead("own_node", "context = \"test\"\nown_node");
    "a token that has expired", "cluster prod" fail ["401", "has expired", "renew it in the kubeconfig"] => |place| {
        let text = place.kubeconfig().replace(TOKEN, "expired");
        place.write("kubeconfig", &text);
    };
    "an authority that signed nothing", "cluster prod" fail ["certificate", "certificate-authority", "cluster.ca_file"] => |place| {
        let tls = front::tls(place.world.kubernetes_url().trim_start_matches("http://").parse().unwrap()).await;
        let text = place.kubeconfig().replace(&place.world.kubernetes_url(), &format!("https://{}", tls.addr));
        place.write("kubeconfig", &text);
        std::fs::copy(pem("other-ca.pem"), place.path("ca.pem")).unwrap();
        place.instead("own_node", "ca_file = \"ca.pem\"\nown_node");
    };
    "an API server that is away", "cluster prod" fail ["cannot be reached", "http://127.0.0.1:1", "is it running", "cluster.proxy_url"] => |place| {
        let text = place.kubeconfig().replace(&place.world.kubernetes_url(), "http://127.0.0.1:1");
        place.write("kubeconfig", &text);
    };
    "an address that is no API server", "cluster prod" fail ["check the address of the server in the kubeconfig"] => |place| {
        let hook = place.config.split("url = \"http://").last().unwrap().split('/').next().unwrap().to_owned();
        let text = place.kubeconfig().replace(&place.world.kubernetes_url(), &format!("http://{hook}"));
        place.write("kubeconfig", &text);
    };
    "no right to cordon", "cluster prod" fail ["may not patch nodes", "kubectl apply -f server/deploy/rbac.yaml"] => |place|
        place.callers(without("nodes", "patch")).await;
    "no right to read heartbeats", "cluster prod" fail ["may not get, list, watch leases.coordination.k8s.io in kube-node-lease", "rbac.yaml"] => |place|
        place.callers(without("leases", "*")).await;
    "no right to read events", "cluster prod" warn ["may not list events in default", "records of a failed node have no events", "rbac.yaml"] => |place|
        place.callers(without("events", "*")).await;
    "an account that may do everything", "cluster prod" warn ["may also list secrets", "server/deploy/rbac.yaml and no other"] => |place| {
        let any = ["*"];
        place.callers(json!([{"apiGroups": any, "resources": any, "verbs": any}])).await;
    };
    "a credential plugin that is not installed", "cluster prod" fail ["credential plugin", "no such program", "run it by hand"] => |place| {
        let user = "exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin}";
        let text = place.kubeconfig().replace(&format!("token: {TOKEN}"), user);
        place.write("kubeconfig", &text);
    };
    "a clock that is wrong", "cluster prod" warn ["s behind ours", "NTP"] => |place| {
        let skew = json!({"faults": [{"match": "GET /version", "do": "skew", "delay_ms": 120_500}]});
        place.control("faults", &skew).await;
    };
    "an own node that is none", "cluster prod" fail ["own_node is node-99", "set cluster.own_node to one such as "] => |place|
        place.instead("own_node = \"node-11\"", "own_node = \"node-99\"");
    "in a cluster without saying where", "cluster prod" warn ["own_node is not known", "NODE_NAME", "fieldRef spec.nodeName"] => |place| {
        place.instead("kubeconfig = \"kubeconfig\"", "in_cluster = true");
        place.instead("own_node = \"node-11\"\n", "");
    };
    "in a cluster that is none", "cluster prod" fail ["no service account here", "set `kubeconfig`"] => |place|
        place.instead("kubeconfig = \"kubeconfig\"", "in_cluster = true");
    "no cloud", "cluster prod" fail ["nothing can be started", "set cluster.cloud"] => |place|
        place.instead("cloud = \"one\"\n", "");
    "a wrong password for the cloud", "cloud one" fail ["401", "password"] => |place| place.write("password", "wrong");
    "a project that is not there", "cloud one" fail ["401", "project"] => |place|
        place.instead("project = \"prod\"", "project = \"test\"");
    "a region that is not there", "cloud one" fail ["Moon", "region"] => |place|
        place.instead("project = \"prod\"", "project = \"prod\"\nregion = \"Moon\"");
    "a password file that is not there", "cloud one" fail ["password", "cannot be read"] => |place|
        std::fs::remove_file(place.path("password")).unwrap();
    "a cloud that may not start", "cloud one" warn ["not allowed to start", "add \"start\" to its allow"] => |place|
        place.instead("project = \"prod\"", "project = \"prod\"\nallow = []");
    "a node without a machine", "cloud one" fail ["a-lost-node"] => |place| lost_node(place).await;
    "no alarm source", "alarm sources" fail ["no alarm can come in", "add an [[alarm_source]]"] => |place| {
        let (before, rest) = place.config.split_once("[[alarm_source]]").unwrap();
        let (_, after) = rest.split_once("[[notify").unwrap();
        place.config = format!("{before}[[notify{after}");
    };
    "a hook secret that is not there", "alarm source alertmanager" fail ["hook", "cannot be read", "openssl rand -hex 32"] => |place|
        std::fs::remove_file(place.path("hook")).unwrap();
    "a hook secret that is empty", "alarm source alertmanager" fail ["hook", "is empty", "openssl rand -hex 32"] => |place|
        place.write("hook", "\n");
    "a hook secret that can be guessed", "alarm source alertmanager" warn ["hook", "can be guessed", "openssl rand -hex 32"] => |place|
        place.write("hook", "letmein");
    "an Alertmanager that is away", "alarm source alertmanager" fail ["its alarms cannot be closed", "check url and that Alertmanager runs"] => |place| {
        let url = place.world.alertmanager_url();
        place.instead(&url, "http://127.0.0.1:1");
    };
    "a callback that is away", "alarm source alertmanager" fail ["http://127.0.0.1:1", "check callback_url"] => |place|
        place.instead("token_file = \"hook\"", "token_file = \"hook\"\ncallback_url = \"http://127.0.0.1:1/\"");
    "a webhook without its token", "webhook pager" fail ["pager", "cannot be read", "leave token_file out"] => |place|
        std::fs::remove_file(place.path("pager")).unwrap();
    "a webhook that is away", "webhook pager" fail ["cannot be reached", "check notify.webhook.url"] => |place| {
        let hook = place.config.split("url = \"http://").last().unwrap().split('/').next().unwrap().to_owned();
        place.instead(&hook, "127.0.0.1:1");
    };
    "a chat that is away", "chat ops" fail ["127.0.0.1", "look at its api_url and token (matrix)"] => |place| {
        let chat = "\n[[chat]]\nname = \"ops\"\nkind = \"matrix\"\napi_url = \"http://127.0.0.1:1\"\ntoken_file = \"pager\"\n";
        place.config.push_str(chat);
    };
    "a chat without its token", "chat ops" fail ["no-token", "cannot be read", "token (telegram)"] => |place|
        place.config.push_str("\n[[chat]]\nname = \"ops\"\nkind = \"telegram\"\ntoken_file = \"no-token\"\n");
    "a mail server that is away", "mail" fail ["127.0.0.1", "[notify.smtp]"] => |place|
        place.config.push_str("\n[notify.smtp]\nhost = \"127.0.0.1\"\nport = 1\ntls = \"none\"\nfrom = \"uncordon@example.com\"\n");
    "a heartbeat without its address", "heartbeat" fail ["url_file", "no-url", "look at [notify.heartbeat]"] => |place|
        place.config.push_str("\n[notify.heartbeat]\nurl_file = \"no-url\"\n");
    "no second channel", "notifications" warn ["no [[notify.webhook]] is set", "Do Not Disturb"] => |place| {
        let (before, _) = place.config.split_once("[[notify").unwrap();
        place.config = before.to_owned();
    };
}

/// What the manifest grants without this.
fn without(resource: &str, verb: &str) -> Value {
    let kept = manifest::grants(manifest::RBAC).into_iter();
    let kept =
        kept.filter(|(_, name, _, granted)| name != resource || (verb != "*" && granted != verb));
    kept.map(|(group, name, namespace, verb)| {
        let mut rule = json!({"apiGroups": [group], "resources": [name], "verbs": [verb]});
        if !namespace.is_empty() {
            rule["namespace"] = json!(namespace);
        }
        rule
    })
    .collect()
}

/// A node that the cloud knows nothing of.
async fn lost_node(place: &Place) {
    let node = json!({
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": "a-lost-node"},
        "spec": {"providerID": "openstack:///00000000-0000-0000-0000-000000000000"},
        "status": {"addresses": [{"type": "InternalIP", "address": "10.9.9.9"}]},
    });
    let url = format!("{}/api/v1/nodes", place.world.kubernetes_url());
    let post = reqwest::Client::new()
        .post(url)
        .bearer_auth(place.world.kubernetes_token())
        .json(&node);
    post.send().await.unwrap().error_for_status().unwrap();
}
