//! Every event of a recovery, in words, with who and when.

use super::status::of_look;
use super::time::moment;
use domain::timeline::{Line, Look};
use jiff::Timestamp;
use leptos::prelude::*;

/// The list, oldest first.
pub fn events(lines: &[Line], now: Timestamp) -> AnyView {
    let rows = lines.iter().map(|one| row(one, now)).collect_view();
    view! { <ol class="events">{rows}</ol> }.into_any()
}

fn row(of: &Line, now: Timestamp) -> AnyView {
    let happened = of
        .happened_at
        .map(|at| view! { <span class="meta">" happened " {moment(at, now)}</span> });
    view! {
        <li data-event=of.n.to_string()>
            <span class="meta">{moment(of.at, now)} {format!(" · {}", of.actor)} {happened}</span>
            <span>
                <strong>{of.title.clone()}</strong>
                " "
                {(of.look == Look::Failed).then(|| of_look(of.look))}
            </span>
            {(!of.text.is_empty()).then(|| view! { <p class="text">{of.text.clone()}</p> })}
        </li>
    }
    .into_any()
}
