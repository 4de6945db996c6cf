//! Asks now and then what decisions would ask: proves that reads work, and keeps two connections warm for the next cordon.

use crate::ask::{self, Trouble};
use crate::feed::Cache;
use crate::kind::Kind;
use crate::link::{Link, Renewal};
use crate::wire::node::{Lease, Node};
use domain::id::ClusterName;
use domain::world::Sight;
use kube::Client;
use kube::api::ListParams;
use std::sync::Arc;

/// Probes for ever.
pub async fn probe(cluster: ClusterName, cache: Arc<Cache>, link: Arc<Link>) {
    let mut told = Told::Nothing;
    loop {
        link.refresh().await;
        let lease = link.lease();
        match once(&lease.client).await {
            Ok(()) => cache.outlook.contact(),
            Err((what, trouble)) => {
                cache.outlook.trouble(trouble.about(what));
                if trouble.unwelcome() && link.renew(&lease).await == Renewal::Renewed {
                    continue;
                }
            }
        }
        told = tell(&cluster, &cache, told);
        tokio::time::sleep(cache.outlook.probe_pause()).await;
    }
}

/// What the log says about the view.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    Live,
    Blind,
}

/// Logs once when the view is lost and once when it is back.
fn tell(cluster: &ClusterName, cache: &Cache, told: Told) -> Told {
    match cache.outlook.sight().1 {
        Sight::Live => {
            if told != Told::Live {
                tracing::info!(%cluster, "Cluster {cluster} is seen live");
            }
            Told::Live
        }
        Sight::Blind { since, why } => {
            if told == Told::Live {
                tracing::warn!(%cluster, %since, "Cluster {cluster} cannot be seen: {why}");
            }
            Told::Blind
        }
    }
}

async fn once(client: &Client) -> Result<(), (&'static str, Trouble)> {
    let one = ListParams::default().limit(1);
    let (node, lease) = tokio::join!(
        ask::in_time(ask::page::<Node>(client, &one)),
        ask::in_time(ask::page::<Lease>(client, &one))
    );
    node.map_err(|trouble| (Node::WHAT, trouble))?;
    lease.map_err(|trouble| (Lease::WHAT, trouble))?;
    Ok(())
}
