//! A cluster as a card: verdict, counts, age, and the way to its health.

use super::form::{Weight, link};
use super::status::{Shape, of_verdict, tag};
use super::time::ago;
use crate::desk::views::ClusterCard;
use crate::links;
use domain::guard::Switch;
use jiff::Timestamp;
use leptos::prelude::*;

/// The card.
pub fn card(of: &ClusterCard, now: Timestamp) -> AnyView {
    let health = &of.health;
    let (nodes, pods) = (health.nodes, &health.pods);
    let held = (of.switch != Switch::Run).then(|| tag(Shape::Maintenance, of.switch.word()));
    let href = links::cluster(&of.name);
    view! {
        <article class="card">
            <div class="between">
                {of_verdict(health.verdict)}
                <span class="meta">{ago(health.seen_at, now)}</span>
            </div>
            <h3><a href=href.clone()>{of.name.to_string()}</a> " " {held}</h3>
            <p>{health.sentence.clone()}</p>
            <p class="meta">
                {format!(
                    "{} of {} nodes Ready, {} cordoned · {} of {} pods running",
                    nodes.ready, nodes.total, nodes.cordoned, pods.running, pods.total
                )}
            </p>
            {link(href, "Check health", Weight::Plain)}
        </article>
    }
    .into_any()
}

/// All of them, or how to add one.
pub fn cards(all: &[ClusterCard], now: Timestamp) -> AnyView {
    if all.is_empty() {
        return view! {
            <p class="empty">"No clusters yet. Add a [[cluster]] to the configuration and start again."</p>
        }
        .into_any();
    }
    all.iter()
        .map(|one| card(one, now))
        .collect_view()
        .into_any()
}
