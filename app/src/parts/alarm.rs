//! An alarm that waits for a person.

use super::form::{Weight, button, link};
use super::status::{Shape, tag};
use super::time::ago;
use crate::desk::views::AlarmView;
use crate::links::{self, acts};
use jiff::Timestamp;
use leptos::prelude::*;

/// The card: what came in, why nothing was done, and the two things to do about it.
pub fn card(of: &AlarmView, now: Timestamp, may: bool) -> AnyView {
    let recovery = of
        .recovery_id
        .map(|id| link(links::recovery(id), format!("Recovery {id}"), Weight::Plain));
    let seen = may.then(|| {
        button(
            acts::ACKNOWLEDGE_ALARM,
            "Acknowledge",
            Weight::Plain,
            vec![("id", of.id.0.to_string())],
        )
    });
    view! {
        <article class="card" data-alarm=of.id.0.to_string()>
            <div class="between">
                {tag(Shape::Degraded, "Unclear alarm")}
                <span class="meta">{ago(of.received_at, now)}</span>
            </div>
            <p class="mono text">{of.text.clone()}</p>
            <p>{of.note.clone()}</p>
            <p class="meta">{format!("alarm {} from {}, {}, {}", of.id, of.source, of.status, of.disposition)}</p>
            <div class="row">{recovery} {seen}</div>
        </article>
    }
    .into_any()
}
