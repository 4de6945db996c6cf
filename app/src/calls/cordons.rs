//! Acts on a cordon.

use super::door;
use crate::desk::views::CordonOrder;
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use domain::ledger::CordonVerb;
use leptos::prelude::*;

/// Takes a cordon over, hands it back or lifts it.
#[server(prefix = "/do", endpoint = "do_cordon")]
pub async fn do_cordon(
    cluster: String,
    node: String,
    verb: String,
    reason: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    see_other(links::CORDONS);
    let verb = CordonVerb::parse(&verb)
        .ok_or_else(|| door::invalid("verb", "A cordon is taken over, handed back or lifted."))?;
    let order = CordonOrder {
        cluster: door::cluster(&cluster)?,
        node: door::node(&node)?,
        verb,
        reason: door::given(reason),
    };
    let done = desk().do_cordon(&who, &order).await?;
    let mut chars = done.chars();
    let first = chars
        .next()
        .filter(|c| !c.is_ascii_lowercase() || order.verb == CordonVerb::TakeOver);
    let text = match first {
        Some(c) => format!("{}{}.", c.to_uppercase(), chars.as_str()),
        None => format!("{done}."),
    };
    say(FlashKind::Done { text });
    Ok(())
}
