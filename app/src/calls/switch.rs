//! Throwing and lifting the kill switch.

use super::door;
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use domain::guard::Switch;
use leptos::prelude::*;

/// Sets a switch; lifting one needs a reason, which the desk asks for.
#[server(prefix = "/do", endpoint = "throw_switch")]
pub async fn throw_switch(
    mode: String,
    cluster: Option<String>,
    reason: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    let mode = Switch::parse(&mode)
        .ok_or_else(|| door::invalid("mode", "A switch is on run, pause or freeze."))?;
    let cluster = match door::given(cluster) {
        Some(name) => Some(door::cluster(&name)?),
        None => None,
    };
    see_other(links::switch());
    let receipts = desk()
        .set_switch(&who, cluster.as_ref(), mode, door::given(reason).as_deref())
        .await?;
    let lines = receipts.into_iter().flat_map(|one| {
        let calls = one
            .in_flight
            .into_iter()
            .map(|call| format!("In flight: {call}."));
        std::iter::once(one.text).chain(calls)
    });
    say(FlashKind::Done {
        text: lines.collect::<Vec<_>>().join(" "),
    });
    Ok(())
}
