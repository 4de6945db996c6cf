//! Reading clusters and nodes live, and starting a node.

use super::door;
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
) -> Result<(), AppError> {
    let who = caller()?;
    let order = StartOrder {
        cluster: door::cluster(&cluster)?,
        node: door::node(&node)?,
        confirm: door::given(confirm),
        reason: door::given(reason),
    };
    match desk().start(&who, &order).await {
        Ok(recovery) => {
            see_other(links::recovery(recovery));
            Ok(())
        }
        Err(error) => {
            if let AppError::ConfirmNeeded { .. } = error {
                see_other(links::start(&order.cluster, &order.node));
            }
            if let AppError::AlreadyRecovering { recovery } = error {
                see_other(links::recovery(recovery));
            }
            Err(error)
        }
    }
}
