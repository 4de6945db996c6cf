//! Reading clusters and nodes live, and starting a node.

use super::door;
use super::recoveries::joined;
use crate::desk::views::{NodeState, StartOrder};
use crate::door::{caller, desk, see_other};
use crate::error::AppError;
use crate::links;
use domain::health::Health;
use leptos::prelude::*;

/// Reads the health of a cluster live.
#[server(prefix = "/do", endpoint = "cluster_health")]
pub async fn cluster_health(cluster: String) -> Result<Health, AppError> {
    let who = caller()?;
    let cluster = door::cluster(&cluster)?;
    let health = desk().health(&who, &cluster).await?;
    see_other(links::cluster(&cluster));
    Ok(health)
}

/// Reads a node and its machine live.
#[server(prefix = "/do", endpoint = "check_state")]
pub async fn check_state(cluster: String, node: String) -> Result<NodeState, AppError> {
    let who = caller()?;
    let (cluster, node) = (door::cluster(&cluster)?, door::node(&node)?);
    let state = desk().node(&who, &cluster, &node).await?;
    see_other(links::node(&cluster, &node));
    Ok(state)
}

/// Starts a node, or approves the recovery that waits for it.
#[server(prefix = "/do", endpoint = "start_node")]
pub async fn start_node(
    cluster: String,
    node: String,
    confirm: Option<String>,
    reason: Option<String>,
    facts: Option<String>,
    not_after: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    let (cluster, node) = (door::cluster(&cluster)?, door::node(&node)?);
    // Whatever is refused, the fresh facts are on the page that asks once more.
    see_other(links::start(&cluster, &node));
    let order = StartOrder {
        cluster,
        node,
        confirm: door::given(confirm),
        reason: door::given(reason),
        basis: door::basis(facts, not_after)?,
    };
    match desk().start(&who, &order).await {
        Ok(recovery) => {
            see_other(links::recovery(recovery));
            Ok(())
        }
        Err(error) => {
            if let AppError::AlreadyRecovering { recovery, by } = &error {
                joined(*recovery, by.as_deref());
            }
            Err(error)
        }
    }
}
