//! `uncordon sandbox`: the product on a make-believe world, through the same config and adapters as on a real one.

use super::{Sandbox, people};
use crate::config::Config;
use crate::{secrets, serve, wiring};
use anyhow::Context;
use domain::access::Role;
use domain::id::PersonName;
use domain::rule::Mode;
use jiff::{SignedDuration, Timestamp};
use sandbox::{HookFormat, HookTarget, PROD, World, WorldConfig, WorldSize};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use store::Sqlite;
use store::accounts::Uses;
use tokio::net::TcpListener;

/// The sandbox's own link works until it is stopped; this is the longest it may run.
const LINK_DAYS: i64 = 30;

/// Everything needed to say how to get in.
struct Ways {
    url: String,
    sign_in: String,
    admin_token: String,
    hook_token: String,
}

/// Runs the world, and the product on it unless only the world is asked for.
pub async fn run(options: Sandbox) -> anyhow::Result<()> {
    let (data, _temporary) = folder(options.data.as_deref())?;
    let store = Sqlite::open(&data.join("uncordon.db")).await?;
    let t0: Timestamp = store
        .meta_or("clock_t0", &Timestamp::now().to_string())
        .await?
        .parse()
        .context("clock_t0 in the data folder is not a time")?;
    let listener = if options.world_only {
        None
    } else {
        Some(listen(options.addr).await?)
    };
    let addr = match &listener {
        Some(listener) => listener.local_addr()?,
        None => options.addr,
    };
    let worlds = worlds(&options, t0).await?;
    let url = options
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", reachable(addr)));
    let hook_token = secrets::secret()?;
    let path = options
        .config_out
        .clone()
        .unwrap_or_else(|| data.join("sandbox.toml"));
    write_config(&worlds, &options, &data, &path, addr, &url, &hook_token, t0)?;
    for world in &worlds {
        world.set_hook(HookTarget {
            url: format!("http://{}/hooks/sandbox", reachable(addr)),
            token: hook_token.clone(),
            format: HookFormat::Text,
        });
    }
    let ways = ways(&store, &url, hook_token).await?;
    say(&options, &worlds, &ways, &path);
    match listener {
        Some(listener) => {
            let config = Config::read(&path)?;
            let house = wiring::build(&config, store, Mode::Auto).await?;
            serve::serve(&config, house, listener, Some(worlds[0].control())).await?;
        }
        None => {
            store.close().await;
            tokio::signal::ctrl_c().await?;
        }
    }
    for world in worlds {
        world.stop().await;
    }
    Ok(())
}

/// One world for each cluster; all are broken and mended through the first one.
async fn worlds(options: &Sandbox, t0: Timestamp) -> anyhow::Result<Vec<World>> {
    let mut worlds: Vec<World> = Vec::new();
    for number in 1..=options.clusters {
        let world = World::start(WorldConfig {
            speed: options.speed,
            t0: Some(t0),
            state: None,
            hook: None,
            size: match options.nodes {
                0 => WorldSize::Prod,
                nodes => WorldSize::Generated {
                    nodes,
                    pods: options.pods,
                },
            },
            name: match number {
                1 => PROD.to_owned(),
                number => format!("{PROD}-{number}"),
            },
        })
        .await?;
        if let Some(first) = worlds.first() {
            first.beside(&world);
        }
        worlds.push(world);
    }
    Ok(worlds)
}

fn folder(given: Option<&Path>) -> anyhow::Result<(PathBuf, Option<tempfile::TempDir>)> {
    match given {
        Some(path) => {
            std::fs::create_dir_all(path)
                .with_context(|| format!("data folder {} cannot be made", path.display()))?;
            Ok((path.canonicalize()?, None))
        }
        None => {
            let temporary = tempfile::Builder::new().prefix("uncordon-").tempdir()?;
            Ok((temporary.path().canonicalize()?, Some(temporary)))
        }
    }
}

async fn listen(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr).await.with_context(|| format!("cannot listen on {addr}: choose another address with --addr, for example --addr 127.0.0.1:0"))
}

/// An address that can be called from this machine.
fn reachable(addr: SocketAddr) -> SocketAddr {
    if addr.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), addr.port())
    } else {
        addr
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "each is one line of the file that is written here and nowhere else"
)]
fn write_config(
    worlds: &[World],
    options: &Sandbox,
    data: &Path,
    path: &Path,
    addr: SocketAddr,
    url: &str,
    hook_token: &str,
    t0: Timestamp,
) -> anyhow::Result<()> {
    private(&data.join("hook-token"), hook_token)?;
    let mut clusters = String::new();
    for (index, world) in worlds.iter().enumerate() {
        clusters.push_str(&cluster(world, index, data)?);
    }
    let text = format!(
        r#"# Written by `uncordon sandbox`; the addresses change with every start.
[server]
listen = "{addr}"
public_url = {url}
data = {data}

{clusters}[[alarm_source]]
name = "sandbox"
kind = "alertmanager"
token_file = {token}
api_url = "{alertmanager}"

[guards]
soak_s = 10
cool_down_s = 0
storm_nodes = 0
flap_max = 0
starts_per_hour = 0
starts_per_hour_account = 0

[sandbox]
speed = {speed:?}
t0 = "{t0}"
control = "{control}"
"#,
        url = toml_text(url),
        data = toml_text(&data.display().to_string()),
        token = toml_text(&data.join("hook-token").display().to_string()),
        alertmanager = worlds[0].alertmanager_url(),
        speed = options.speed,
        control = worlds[0].control_url(),
    );
    private(path, &text)
}

/// `[[cluster]]` and `[[cloud]]` of one world, whose secrets are written beside.
fn cluster(world: &World, index: usize, data: &Path) -> anyhow::Result<String> {
    let number = match index {
        0 => String::new(),
        index => format!("-{}", index + 1),
    };
    let kubeconfig = data.join(format!("kubeconfig{number}.yaml"));
    let password = data.join(format!("cloud-password{number}"));
    private(&kubeconfig, &world.kubeconfig())?;
    private(&password, world.openstack_password())?;
    Ok(format!(
        r#"[[cluster]]
name = "{name}"
kubeconfig = {kubeconfig}
cloud = "sandbox{number}"
environment = "sandbox"

[[cluster.check]]
name = "shop-answers"
kind = "http"
url = "{shop}"

[[cluster.check]]
name = "shop-success"
kind = "promql"
prometheus = "{prometheus}"
query = "shop_success_ratio"
min = 1.0

[cluster.impact]
prometheus = "{prometheus}"
promql = "shop_success_ratio"
what = "share of the shop's requests that succeed"

[[cloud]]
name = "sandbox{number}"
kind = "openstack"
auth_url = "{keystone}"
username = "uncordon"
password_file = {password}
project = "prod"

"#,
        name = world.name(),
        kubeconfig = toml_text(&kubeconfig.display().to_string()),
        shop = world.shop_url(),
        prometheus = world.prometheus_url(),
        keystone = world.keystone_url(),
        password = toml_text(&password.display().to_string()),
    ))
}

/// A TOML string.
fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Writes a file that only this user may read.
fn private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    file.write_all(text.as_bytes())?;
    Ok(())
}

async fn ways(store: &Sqlite, url: &str, hook_token: String) -> anyhow::Result<Ways> {
    let until = Timestamp::now() + SignedDuration::from_hours(24 * LINK_DAYS);
    let sign_in = people::new_link(
        store,
        url,
        &PersonName::parse("you")?,
        Role::Admin,
        Uses::UntilExpired,
        until,
    )
    .await?;
    // A name of its own for each start: earlier tokens stay what they were.
    let token_name = PersonName::parse(&format!("sandbox-{}", Timestamp::now().as_microsecond()))?;
    let admin_token = people::new_token(store, &token_name, Role::Admin).await?;
    Ok(Ways {
        url: url.to_owned(),
        sign_in,
        admin_token,
        hook_token,
    })
}

fn say(options: &Sandbox, worlds: &[World], ways: &Ways, config: &Path) {
    if options.print_json {
        let clusters = worlds
            .iter()
            .map(|world| json!({ "name": world.name(), "api": world.kubernetes_url() }));
        let line = json!({
            "url": ways.url,
            "sign_in": ways.sign_in,
            "admin_token": ways.admin_token,
            "hooks": { "sandbox": { "path": "/hooks/sandbox", "token": ways.hook_token } },
            "clusters": clusters.collect::<Vec<_>>(),
            "cloud": worlds[0].keystone_url(),
            "world": worlds[0].control_url(),
        });
        println!("{line}");
    } else if options.world_only {
        println!(
            "The world runs. Serve the product on it with:\n\n  uncordon serve --config {}\n\nSign in: {}\n",
            config.display(),
            ways.sign_in
        );
    } else {
        println!(
            "Uncordon runs on a make-believe cluster. Sign in with this link, valid until you stop it with Ctrl-C:\n\n  {}\n",
            ways.sign_in
        );
    }
}
