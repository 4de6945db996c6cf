//! From `[[cluster.check]]` to the adapter of its kind.

use crate::config::{CheckKeys, Cluster, Config, prometheus};
use anyhow::Context;
use checks::Way;
use checks::command::Command;
use checks::http::Http;
use checks::impact::Impact;
use checks::promql::Promql;
use checks::tcp::Tcp;
use cluster::Kube;
use cluster::job::Template;
use domain::check::CheckKind;
use engine::ports::Check;
use engine::{SiteCheck, SiteImpact};
use std::sync::Arc;
use std::time::Duration;

/// One figure may take so long; nothing waits for it.
const IMPACT_TIMEOUT: Duration = Duration::from_secs(8);
/// A look at a Job is up to three calls of 8 s each.
const JOB_LOOK: Duration = Duration::from_secs(25);

/// How the impact of a cluster is measured.
pub fn impact(cluster: &Cluster) -> anyhow::Result<Option<SiteImpact>> {
    let Some(keys) = &cluster.impact else {
        return Ok(None);
    };
    let way = Way {
        token: keys.token(),
        ca_file: keys.ca_file.clone(),
        timeout: IMPACT_TIMEOUT,
    };
    let prometheus = prometheus(keys.prometheus.get_ref(), way)
        .with_context(|| format!("the impact of {}", cluster.name))?;
    Ok(Some(SiteImpact {
        what: keys.what.clone(),
        gauge: Arc::new(Impact {
            prometheus,
            query: keys.promql.clone(),
        }),
    }))
}

/// The checks of a cluster, in their order.
pub fn checks(config: &Config, cluster: &Cluster, kube: &Kube) -> anyhow::Result<Vec<SiteCheck>> {
    let all = cluster.checks.iter();
    all.map(|keys| {
        let name = keys.name.get_ref();
        check(config, keys, kube).with_context(|| format!("check {name} of {}", cluster.name))
    })
    .collect()
}

fn check(config: &Config, keys: &CheckKeys, kube: &Kube) -> anyhow::Result<SiteCheck> {
    let planned = keys.planned();
    let given = |what: &Option<String>| what.clone().unwrap_or_default();
    let mut timeout = keys.timeout();
    let (what, port): (String, Arc<dyn Check>) = match keys.kind {
        CheckKind::Http => {
            let url = given(&keys.url);
            let http = Http {
                url: url.clone(),
                status: keys.status,
                contains: keys.contains.clone(),
                way: keys.way(),
            };
            (format!("GET {url}"), Arc::new(http))
        }
        CheckKind::Promql => {
            let query = given(&keys.query);
            let promql = Promql {
                prometheus: prometheus(&given(&keys.prometheus), keys.way())?,
                query: query.clone(),
                min: keys.min,
                max: keys.max,
            };
            (query, Arc::new(promql))
        }
        CheckKind::Tcp => {
            let address = given(&keys.address);
            let tcp = Tcp {
                address: address.clone(),
                timeout,
            };
            (format!("connect to {address}"), Arc::new(tcp))
        }
        CheckKind::Command => {
            let path = keys.path.clone().unwrap_or_default();
            let command = Command {
                path: path.clone(),
                allowed: config.server.check_commands.clone(),
                timeout,
            };
            (format!("run {}", path.display()), Arc::new(command))
        }
        CheckKind::Job => {
            let path = keys.template_file.clone().unwrap_or_default();
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            let template = Template::read(&text, keys.on_node.unwrap_or(false))
                .with_context(|| path.display().to_string())?;
            let what = format!("a Job in {}", template.namespace());
            let limit = Duration::from_secs(planned.limit_s.into());
            let job = kube.job(template, limit, timeout);
            timeout = JOB_LOOK;
            (what, Arc::new(job))
        }
    };
    Ok(SiteCheck {
        planned,
        timeout,
        what,
        port,
    })
}
