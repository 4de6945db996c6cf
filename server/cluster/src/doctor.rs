//! What is wrong with the way to a cluster and with our rights there, each with the way out.

mod rights;
mod way;

use crate::ask::{self, Trouble};
use crate::connect::{Clients, Settings};
use crate::fresh;
use crate::tables::Tables;
use domain::world::{ClusterFacts, Sight};
use http::{HeaderMap, Request, header};
use jiff::{SignedDuration, Timestamp};
use kube::Client;
pub(crate) use rights::lacks;
use serde::Deserialize;
use std::sync::Arc;
use way::Way;

/// Above this difference of the clocks, ages of leases and of Ready conditions mislead people and limits.
const SKEW: SignedDuration = SignedDuration::from_secs(20);

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// As it should be.
    Well(String),
    /// It works, but something is left out for want of it, or is not as safe as it could be.
    Lacking(String),
    /// It does not work.
    Failed(String),
}

/// Looks over settings, the way there, our rights, and whether everything can be read; with what was read, if all of it could be.
pub async fn examine(settings: &Settings) -> (Vec<Finding>, Option<ClusterFacts>) {
    let clients = match settings.clients().await {
        Ok(clients) => clients,
        Err(error) => return (vec![Finding::Failed(error.whole())], None),
    };
    let (findings, tables) = look(&clients, &settings.host_label.as_str().into()).await;
    let now = Timestamp::now();
    let facts = tables.map(|mut tables| tables.facts(&settings.name, now, Sight::Live));
    (findings, facts)
}

async fn look(clients: &Clients, host_label: &Arc<str>) -> (Vec<Finding>, Option<Tables>) {
    let client = clients.acting.clone();
    let way = Way {
        server: clients.server.clone(),
        proxy: clients.proxy.clone(),
    };
    let mut findings = match reach(&client, &way).await {
        Ok(findings) => findings,
        Err(failed) => return (vec![failed], None),
    };
    match rights::review(&client).await {
        Ok(told) => findings.extend(told),
        Err(trouble) => {
            findings.push(Finding::Failed(way.out_of(&trouble)));
            return (findings, None);
        }
    }
    let denied = findings.iter().any(|one| matches!(one, Finding::Failed(_)));
    // Where rights are missing it is known already why not all can be read.
    if denied {
        return (findings, None);
    }
    match tokio::time::timeout(ask::LIMIT, fresh::all(&client, host_label)).await {
        Ok(Ok(tables)) => {
            let (nodes, pods) = (tables.nodes.len(), tables.pods.len());
            findings.push(Finding::Well(format!(
                "{nodes} nodes and {pods} pods can be read"
            )));
            (findings, Some(tables))
        }
        Ok(Err(why)) => {
            findings.push(Finding::Failed(format!(
                "not everything can be read: {why}"
            )));
            (findings, None)
        }
        Err(_) => {
            let slow = Trouble::Silent(ask::LIMIT.as_secs());
            findings.push(Finding::Failed(way.out_of(&slow)));
            (findings, None)
        }
    }
}

/// The version of an API server.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    git_version: String,
}

/// Address, proxy, certificate and account, by a question that everybody may ask.
async fn reach(client: &Client, way: &Way) -> Result<Vec<Finding>, Finding> {
    let request = Request::get("/version").body(Vec::new());
    let request = request.map_err(|error| Finding::Failed(error.to_string()))?;
    let told = ask::in_time(ask::exchange(client, request)).await;
    let mut findings = Vec::new();
    match told {
        Ok((headers, body)) => {
            let version = ask::parse::<Version>("a version", &body);
            let version = version.map_err(|trouble| {
                Finding::Failed(format!(
                    "{trouble}: {} is no Kubernetes API; check the address of the server in the kubeconfig",
                    way.server
                ))
            })?;
            let by = way.proxy.as_ref();
            let by = by.map_or_else(String::new, |proxy| format!(" through {proxy}"));
            let name = version.git_version;
            findings.push(Finding::Well(format!(
                "Kubernetes {name} at {}{by}",
                way.server
            )));
            findings.extend(skew(&headers, Timestamp::now()));
        }
        // Some do not tell their version; they were reached all the same.
        Err(trouble) if trouble.code() == Some(403) => {
            findings.push(Finding::Well(format!("a Kubernetes API at {}", way.server)));
        }
        Err(trouble) => return Err(Finding::Failed(way.out_of(&trouble))),
    }
    if way.in_clear() {
        findings.push(Finding::Lacking(format!(
            "{} is not https: whoever listens on the way reads our token; use the https address in the kubeconfig",
            way.server
        )));
    }
    Ok(findings)
}

/// Whether its clock and ours differ.
fn skew(headers: &HeaderMap, now: Timestamp) -> Option<Finding> {
    let told = headers.get(header::DATE)?.to_str().ok()?;
    let told = jiff::fmt::rfc2822::parse(told).ok()?.timestamp();
    let off = told.duration_since(now);
    if off.abs() <= SKEW {
        return None;
    }
    let (seconds, way) = (
        off.abs().as_secs(),
        if off.is_positive() {
            "ahead of"
        } else {
            "behind"
        },
    );
    Some(Finding::Lacking(format!(
        "the clock of its API server is {seconds} s {way} ours: ages of leases and alarms are wrong by as much; set both by NTP"
    )))
}

#[cfg(test)]
mod tests;
