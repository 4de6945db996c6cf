//! A cluster as a row of Now and as a card: verdict, counts, age, and the way to its health.

use super::list::go;
use super::status::{Shape, of_verdict, tag};
use super::time::ago;
use crate::desk::views::ClusterCard;
use crate::links;
use domain::guard::Switch;
use domain::health::Health;
use jiff::Timestamp;
use leptos::prelude::*;

/// The card.
pub fn card(of: &ClusterCard, now: Timestamp) -> AnyView {
    let href = links::cluster(&of.name);
    view! {
        <article class="card" data-cluster=of.name.to_string()>
            <div class="between">
                <h2 class="name">{of.name.to_string()} {environment(of)}</h2>
                {of_verdict(of.health.verdict)}
            </div>
            <p><strong>{counts(&of.health)}</strong> {held(of)}</p>
            <p>{of.health.sentence.clone()}</p>
            <p class="meta">"Seen " {ago(of.health.seen_at, now)}</p>
            {go(href, "Check health")}
        </article>
    }
    .into_any()
}

/// All of them, or how to add one.
pub fn cards(all: &[ClusterCard], now: Timestamp) -> AnyView {
    if all.is_empty() {
        return view! {
            <div class="card calm">
                <p class="lead">"No clusters yet"</p>
                <p>"Add a " <code>"[[cluster]]"</code> " to the configuration and start again. "
                    <code>"uncordon check"</code> " tells whether it can be reached."</p>
            </div>
        }
        .into_any();
    }
    all.iter()
        .map(|one| card(one, now))
        .collect_view()
        .into_any()
}

/// Rows for Now.
pub fn rows(all: &[ClusterCard], now: Timestamp) -> Vec<AnyView> {
    all.iter().map(|one| row(one, now)).collect()
}

fn row(of: &ClusterCard, now: Timestamp) -> AnyView {
    view! {
        <li class="item">
            <a class="item-link" href=links::cluster(&of.name)>
                <span class="between">
                    <span><strong>{of.name.to_string()}</strong> " " {environment(of)}</span>
                    {of_verdict(of.health.verdict)}
                </span>
                <span>{counts(&of.health)} " " {held(of)}</span>
                <span class="meta">"Seen " {ago(of.health.seen_at, now)}</span>
            </a>
        </li>
    }
    .into_any()
}

fn counts(of: &Health) -> String {
    if of.blind_since.is_some() && of.nodes.total == 0 {
        return "Nodes not seen yet".to_owned();
    }
    format!("{} of {} nodes Ready", of.nodes.ready, of.nodes.total)
}

fn environment(of: &ClusterCard) -> Option<AnyView> {
    let word = of.environment.clone()?;
    Some(view! { <span class="meta">{word}</span> }.into_any())
}

fn held(of: &ClusterCard) -> Option<AnyView> {
    (of.switch != Switch::Run).then(|| tag(Shape::Maintenance, of.switch.word()))
}
