//! Reads past the cache, within 8 s: the only reads a decision is made on.

use crate::ask::{self, Trouble};
use crate::kind::Kind;
use crate::node;
use crate::tables::Tables;
use crate::wire::node::{CsiNode, Lease, Node};
use crate::wire::pod::Pod;
use crate::wire::rest::{
    DaemonSet, Deployment, PersistentVolume, PersistentVolumeClaim, StatefulSet,
};
use domain::world::{NodeFacts, Reading};
use kube::Client;
use std::sync::Arc;

/// One node and its lease, asked for at the same time. A lease that cannot be read makes the node unreadable:
/// a missing heartbeat and a heartbeat we may not see are different things.
pub async fn node(client: &Client, name: &str, host_label: &str) -> Reading<NodeFacts> {
    let (node, lease) = tokio::join!(
        ask::in_time(ask::get::<Node>(client, name)),
        ask::in_time(ask::get::<Lease>(client, name))
    );
    let row = match node {
        Ok(node) => node::row(&node),
        Err(trouble) if trouble.code() == Some(404) => return Reading::Absent,
        Err(trouble) => return Reading::Unreadable(trouble.about(Node::WHAT)),
    };
    let Some(row) = row else {
        return Reading::Unreadable(format!(
            "node {name} has a name or uid that no API server gives"
        ));
    };
    match lease {
        Ok(lease) => Reading::Seen(NodeFacts {
            lease_renewed: lease.spec.renew_time,
            host: row.labels.get(host_label).cloned(),
            ..row.facts
        }),
        Err(trouble) if trouble.code() == Some(404) => Reading::Seen(row.facts),
        Err(trouble) => Reading::Unreadable(trouble.about(Lease::WHAT)),
    }
}

/// All tables, the kinds side by side.
pub async fn all(client: &Client, host_label: &Arc<str>) -> Result<Tables, String> {
    let (nodes, leases, pods, deployments, stateful_sets, daemon_sets, volumes, claims, csi) = tokio::join!(
        rows::<Node>(client),
        rows::<Lease>(client),
        rows::<Pod>(client),
        rows::<Deployment>(client),
        rows::<StatefulSet>(client),
        rows::<DaemonSet>(client),
        rows::<PersistentVolume>(client),
        rows::<PersistentVolumeClaim>(client),
        rows::<CsiNode>(client),
    );
    Ok(Tables {
        nodes: nodes?,
        leases: leases?,
        pods: pods?,
        deployments: deployments?,
        stateful_sets: stateful_sets?,
        daemon_sets: daemon_sets?,
        volumes: volumes?,
        claims: claims?,
        csi: csi?,
        ..Tables::new(Arc::clone(host_label))
    })
}

async fn rows<K: Kind>(client: &Client) -> Result<crate::tables::Table<K::Row>, String> {
    let (rows, _) = ask::in_time(ask::list::<K>(client))
        .await
        .map_err(|trouble: Trouble| trouble.about(K::WHAT))?;
    Ok(rows.into_iter().collect())
}
