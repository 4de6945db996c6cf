//! Asks now and then what decisions would ask: proves that reads work, and keeps two connections warm for the next cordon.

use crate::ask::{self, Trouble};
use crate::feed::Cache;
use crate::kind::Kind;
use crate::link::{Link, Renewal};
use crate::wire::node::{Lease, Node};
use kube::api::ListParams;
use std::sync::Arc;

/// Probes for ever.
pub async fn probe(cache: Arc<Cache>, link: Arc<Link>) {
    loop {
        match once(&link).await {
            Ok(()) => cache.outlook.contact(),
            Err((what, trouble)) => {
                cache.outlook.trouble(trouble.about(what));
                if trouble.code() == Some(401) && link.renew().await == Renewal::Renewed {
                    continue;
                }
            }
        }
        tokio::time::sleep(cache.outlook.probe_pause()).await;
    }
}

async fn once(link: &Link) -> Result<(), (&'static str, Trouble)> {
    let client = link.acting();
    let one = ListParams::default().limit(1);
    let (node, lease) = tokio::join!(
        ask::in_time(ask::page::<Node>(&client, &one)),
        ask::in_time(ask::page::<Lease>(&client, &one))
    );
    node.map_err(|trouble| (Node::WHAT, trouble))?;
    lease.map_err(|trouble| (Lease::WHAT, trouble))?;
    Ok(())
}
