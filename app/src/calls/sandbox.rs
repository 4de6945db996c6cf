//! Breaking a node of the make-believe world.

use super::door;
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use leptos::prelude::*;

/// Turns a machine off, the way trouble does; `place` is `cluster/node`.
#[server(prefix = "/do", endpoint = "break_node")]
pub async fn break_node(place: String) -> Result<(), AppError> {
    let who = caller()?;
    let (cluster, node) = place
        .split_once('/')
        .ok_or_else(|| door::invalid("place", "A place looks like prod/node-12."))?;
    let (cluster, node) = (door::cluster(cluster)?, door::node(node)?);
    see_other(links::NOW);
    desk().break_node(&who, &cluster, &node).await?;
    say(FlashKind::Done {
        text: format!(
            "The machine of {node} was turned off. The alarm follows in about 45 s of the sandbox's time."
        ),
    });
    Ok(())
}
