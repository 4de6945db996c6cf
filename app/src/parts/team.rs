//! The checks of the team of a cluster: what each does, when, and how it came out last.

use super::status::{Shape, tag};
use super::time::ago;
use crate::desk::views::CheckView;
use crate::links;
use domain::check::When;
use jiff::Timestamp;
use leptos::prelude::*;

/// The list, or a word about how to get one.
pub fn list(of: &[CheckView], now: Timestamp) -> AnyView {
    if of.is_empty() {
        return view! {
            <p class="empty">"None. A [[cluster.check]] in the config adds one to every recovery of this cluster."</p>
        }
        .into_any();
    }
    let rows = of.iter().map(|one| row(one, now)).collect_view();
    view! { <ul class="list">{rows}</ul> }.into_any()
}

fn row(of: &CheckView, now: Timestamp) -> AnyView {
    let when = match of.when {
        When::Node => "before the uncordon",
        When::Workload => "after the uncordon",
    };
    let (word, last) = match &of.last {
        None => (tag(Shape::Unknown, "Not run yet"), ().into_any()),
        Some(last) => {
            let word = if last.passed {
                tag(Shape::Ready, "Passed")
            } else {
                tag(Shape::Down, "Failed")
            };
            let told = view! {
                <p class="text">{last.text.clone()}</p>
                <p class="meta">
                    <a class="tap" href=links::recovery(last.recovery)>{format!("recovery {}", last.recovery)}</a>
                    " " {ago(last.at, now)}
                </p>
            };
            (word, told.into_any())
        }
    };
    view! {
        <li class="item" data-check=of.name.to_string()>
            <span class="between"><strong>{of.name.to_string()}</strong> {word}</span>
            <span class="ip">{of.what.clone()}</span>
            <span class="meta">
                {format!("{} · {when} · every {} s, within {} s", of.kind.word(), of.every_s, of.limit_s)}
            </span>
            {last}
        </li>
    }
    .into_any()
}
