//! `uncordon check`: the doctor. A table, a reason and a way out for every problem.

use crate::config::Config;
use crate::{serve, wiring};
use cluster::Kube;
use domain::id::{NodeName, NodeUid};
use domain::target::Target;
use domain::world::Reading;
use engine::ports::Cluster;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// One line of the table.
struct Line {
    what: String,
    /// `Err`: what is wrong and the way out.
    found: Result<String, String>,
}

/// Checks everything a config names; exit code 1 if anything fails.
pub async fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let config = match Config::read(path) {
        Ok(config) => config,
        Err(error) => {
            print(&[Line {
                what: "config".to_owned(),
                found: Err(error.to_string()),
            }]);
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut lines = vec![
        Line {
            what: "config".to_owned(),
            found: Ok(path.display().to_string()),
        },
        database(&config).await,
    ];
    let clock = wiring::clock(&config);
    for one in &config.clusters {
        let settings = cluster::Settings {
            name: one.name.clone(),
            kubeconfig: one.kubeconfig.clone(),
            kubeconfig_text: None,
            context: one.context.clone(),
            in_cluster: one.in_cluster,
        };
        let found = match Kube::connect(settings, Arc::clone(&clock)).await {
            Ok(kube) => reach(&kube).await,
            Err(error) => Err(error.to_string()),
        };
        lines.push(Line {
            what: format!("cluster {}", one.name),
            found,
        });
        if one.cloud.is_none() {
            let found = Err("no cloud is set, so nothing can be started; set cluster.cloud to the name of a [[cloud]]".to_owned());
            lines.push(Line {
                what: format!("cluster {} cloud", one.name),
                found,
            });
        }
    }
    for one in &config.clouds {
        let found = match wiring::openstack(one, &clock) {
            Ok(cloud) => cloud
                .check()
                .await
                .map(|who| format!("signed in to {}: {who}", one.auth_url))
                .map_err(|error| error.to_string()),
            Err(error) => Err(format!("{error:#}")),
        };
        lines.push(Line {
            what: format!("cloud {}", one.name),
            found,
        });
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
        },
    });
    print(&lines);
    Ok(if lines.iter().all(|line| line.found.is_ok()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
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
        found,
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
            Ok(text) => println!("ok    {:width$}  {text}", line.what),
            Err(text) => println!("FAIL  {:width$}  {text}", line.what),
        }
    }
    let failed = lines.iter().filter(|line| line.found.is_err()).count();
    println!("{} of {} are well", lines.len() - failed, lines.len());
}
