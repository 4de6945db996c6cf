//! `uncordon check`: the doctor. A table, a reason and a way out for every problem.

use crate::config::{Allow, Cloud as Block, Cluster as ClusterBlock, Config};
use crate::{serve, telling, wiring};
use cloud::Finding;
use cluster::Kube;
use domain::id::{NodeName, NodeUid};
use domain::target::Target;
use domain::world::Reading;
use engine::ports::{Clock, Cluster};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// One line of the table.
struct Line {
    what: String,
    found: Found,
}

/// What was found, in words; what is wrong comes with the way out.
enum Found {
    Well(String),
    /// It works, but something is left out for want of it.
    Lacking(String),
    Failed(String),
}

impl Found {
    fn failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

impl From<Result<String, String>> for Found {
    fn from(found: Result<String, String>) -> Self {
        match found {
            Ok(text) => Self::Well(text),
            Err(text) => Self::Failed(text),
        }
    }
}

/// Checks everything a config names; exit code 1 if anything fails.
pub async fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let config = match Config::read(path) {
        Ok(config) => config,
        Err(error) => {
            print(&[Line {
                what: "config".to_owned(),
                found: Found::Failed(error.to_string()),
            }]);
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut lines = vec![
        Line {
            what: "config".to_owned(),
            found: Found::Well(path.display().to_string()),
        },
        database(&config).await,
    ];
    let clock = wiring::clock(&config);
    let mut nodes: BTreeMap<String, Vec<Target>> = BTreeMap::new();
    for one in &config.clusters {
        let settings = cluster::Settings {
            name: one.name.clone(),
            kubeconfig: one.kubeconfig.clone(),
            kubeconfig_text: None,
            context: one.context.clone(),
            in_cluster: one.in_cluster,
            host_label: one.host_label.clone(),
        };
        lines.extend(match Kube::connect(settings, Arc::clone(&clock)).await {
            Ok(kube) => {
                if let Some(cloud) = &one.cloud {
                    let some = nodes.entry(cloud.get_ref().clone()).or_default();
                    some.extend(sample(&kube).await);
                }
                let mut found = cluster(&kube, one).await;
                found.extend(team(&config, one, &kube).await);
                found.extend(impact(one, clock.as_ref()).await);
                found
            }
            Err(error) => vec![Line {
                what: format!("cluster {}", one.name),
                found: Found::Failed(error.to_string()),
            }],
        });
        if one.cloud.is_none() {
            let found = Found::Failed("no cloud is set, so nothing can be started; set cluster.cloud to the name of a [[cloud]]".to_owned());
            lines.push(Line {
                what: format!("cluster {} cloud", one.name),
                found,
            });
        }
    }
    for one in &config.clouds {
        let nodes = nodes.get(&one.name).map_or(&[][..], Vec::as_slice);
        lines.extend(cloud(one, nodes, &clock).await);
    }
    lines.push(Line {
        what: "alarm sources".to_owned(),
        found: match wiring::doors(&config) {
            Ok(doors) if doors.is_empty() => {
                Err("none is set, so no alarm can come in; add an [[alarm_source]]".to_owned())
            }
            Ok(_) => Ok(serve::facts(&config)
                .sources
                .iter()
                .map(|(_, path)| path.clone())
                .collect::<Vec<_>>()
                .join(", ")),
            Err(error) => Err(format!("{error:#}")),
        }
        .into(),
    });
    lines.push(notifications(&config));
    print(&lines);
    Ok(if lines.iter().all(|line| !line.found.failed()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The checks of the team: whether each has what it needs; none is run.
async fn team(config: &Config, cluster: &crate::config::Cluster, kube: &Kube) -> Vec<Line> {
    let checks = match wiring::team_checks(config, cluster, kube) {
        Ok(checks) => checks,
        Err(error) => {
            return vec![Line {
                what: format!("cluster {} checks", cluster.name),
                found: Found::Failed(format!("{error:#}")),
            }];
        }
    };
    let mut lines = Vec::new();
    for one in checks {
        let ready = one.port.ready().await.map(|()| one.what.clone());
        lines.push(Line {
            what: format!("cluster {} check {}", cluster.name, one.planned.name),
            found: ready.into(),
        });
    }
    lines
}

/// What people feel of a failure, asked once now.
async fn impact(cluster: &crate::config::Cluster, clock: &dyn Clock) -> Option<Line> {
    let found = match wiring::team_impact(cluster) {
        Ok(None) => return None,
        Ok(Some(impact)) => match impact.gauge.read(clock.now()).await {
            Ok(value) => Found::Well(format!("{}: {value} now", impact.what)),
            Err(why) => Found::Lacking(format!("{why}; recoveries go on without it")),
        },
        Err(error) => Found::Failed(format!("{error:#}")),
    };
    Some(Line {
        what: format!("cluster {} impact", cluster.name),
        found,
    })
}

/// Where phones and the second channel are told; nothing is sent.
fn notifications(config: &Config) -> Line {
    let found = match telling::webhooks(config) {
        Err(error) => Found::Failed(format!("{error:#}")),
        Ok(_) if !config.secure() && config.sandbox.is_none() => Found::Lacking(
            "server.public_url is not https, so browsers allow no notifications except on this machine".to_owned(),
        ),
        Ok(hooks) if hooks.is_empty() => Found::Lacking(format!(
            "push services may write to {}; no [[notify.webhook]] is set, and a web app cannot break through Do Not Disturb",
            telling::subject(config)
        )),
        Ok(hooks) => Found::Well(format!(
            "push services may write to {}; webhooks: {}",
            telling::subject(config),
            hooks
                .iter()
                .map(|hook| hook.name())
                .collect::<Vec<_>>()
                .join(", ")
        )),
    };
    Line {
        what: "notifications".to_owned(),
        found,
    }
}

/// Some nodes, to see whether their machines are found: if the first ones are, the others are, too.
async fn sample(kube: &Kube) -> Vec<Target> {
    const NODES: usize = 3;
    match kube.read_all().await {
        Reading::Seen(facts) => facts
            .nodes
            .iter()
            .take(NODES)
            .map(|node| Target::of(kube.name(), node))
            .collect(),
        Reading::Absent | Reading::Unreadable(_) => Vec::new(),
    }
}

async fn cloud(one: &Block, nodes: &[Target], clock: &Arc<dyn Clock>) -> Vec<Line> {
    let what = format!("cloud {}", one.name);
    let line = |found| Line {
        what: what.clone(),
        found,
    };
    let mut lines: Vec<Line> = match wiring::adapter(one, clock) {
        Ok(adapter) => adapter
            .examine(nodes)
            .await
            .into_iter()
            .map(|finding| match finding {
                Finding::Well(text) => Found::Well(format!("{}: {text}", one.place())),
                Finding::Lacking(fault) => Found::Lacking(fault.to_string()),
                Finding::Failed(fault) => Found::Failed(fault.to_string()),
            })
            .map(line)
            .collect(),
        Err(error) => vec![line(Found::Failed(format!("{error:#}")))],
    };
    if !one.allow.contains(&Allow::Start) {
        let text =
            "it is not allowed to start machines; add \"start\" to its allow if it should be";
        lines.push(line(Found::Lacking(text.to_owned())));
    }
    lines
}

async fn database(config: &Config) -> Line {
    let found = match wiring::open_store(config).await {
        Ok(store) => {
            store.close().await;
            Ok(config.database().display().to_string())
        }
        Err(error) => Err(format!(
            "{error:#}; make server.data a folder this user may write to"
        )),
    };
    Line {
        what: "database".to_owned(),
        found: found.into(),
    }
}

async fn cluster(kube: &Kube, block: &ClusterBlock) -> Vec<Line> {
    let what = format!("cluster {}", kube.name());
    let found = Found::from(reach(kube).await);
    let mut lines = Vec::new();
    // Where nothing can be read, events are not the first thing to mend.
    if !found.failed() {
        lines.push(Line {
            what: format!("{what} events"),
            found: match kube.check_events().await {
                Ok(()) => Found::Well("can be listed".to_owned()),
                Err(why) => Found::Lacking(format!(
                    "{why}; until then records of a failed node have no events"
                )),
            },
        });
    }
    if !found.failed() {
        lines.push(Line {
            what: format!("{what} healers"),
            found: healers(kube, block).await,
        });
    }
    lines.insert(0, Line { what, found });
    lines
}

/// Whether it can be seen who else heals the nodes, and whose nodes were given to us.
async fn healers(kube: &Kube, block: &ClusterBlock) -> Found {
    let own: Vec<&str> = block.own_recovery.iter().map(|one| one.word()).collect();
    match kube
        .check_healers(&block.own_recovery)
        .await
        .hidden(&block.name, false)
    {
        Some(hidden) => Found::Lacking(format!("{} {}", hidden.why, hidden.way_out)),
        None if own.is_empty() => {
            Found::Well("other healers can be seen; their nodes are left alone".to_owned())
        }
        None => Found::Well(format!(
            "other healers can be seen; their nodes are left alone, but for those of {}",
            own.join(", ")
        )),
    }
}

/// A node nobody has must be answered with "not there": that proves address, certificate, account and the right to read nodes.
async fn reach(kube: &Kube) -> Result<String, String> {
    let nobody = || -> Option<Target> {
        Some(Target {
            cluster: kube.name().clone(),
            node: NodeName::parse("uncordon-check-no-such-node").ok()?,
            uid: NodeUid::parse("none").ok()?,
            provider_id: None,
            ip: None,
        })
    };
    let Some(target) = nobody() else {
        return Err("the probe could not be made".to_owned());
    };
    match kube.read_node(&target).await {
        Reading::Absent | Reading::Seen(_) => match kube.read_all().await {
            Reading::Seen(facts) => Ok(format!(
                "{} nodes and {} pods can be read",
                facts.nodes.len(),
                facts.pods.len()
            )),
            Reading::Absent => Err("the lists are not there".to_owned()),
            Reading::Unreadable(why) => Err(format!(
                "nodes can be read but not all of: pods, workloads, leases, volumes: {why}; grant the role in the README"
            )),
        },
        Reading::Unreadable(why) => Err(format!(
            "{why}; check address, certificate and account in the kubeconfig"
        )),
    }
}

fn print(lines: &[Line]) {
    let width = lines.iter().map(|line| line.what.len()).max().unwrap_or(0);
    for line in lines {
        match &line.found {
            Found::Well(text) => println!("ok    {:width$}  {text}", line.what),
            Found::Lacking(text) => println!("warn  {:width$}  {text}", line.what),
            Found::Failed(text) => println!("FAIL  {:width$}  {text}", line.what),
        }
    }
    let failed = lines.iter().filter(|line| line.found.failed()).count();
    println!("{} of {} are well", lines.len() - failed, lines.len());
}
