//! The limits of a cluster: what each is set to, and how close it is.

use super::status::{Shape, tag};
use crate::desk::views::{ClusterGuards, GuardLine, SettingsView};
use leptos::prelude::*;

/// The group of the settings.
pub fn group(view: &SettingsView) -> AnyView {
    let note = view
        .sandbox
        .then_some("The sandbox has shorter limits than the real thing, and knows no storms and no hourly limits.");
    view.guards
        .iter()
        .map(|one| table(one, note))
        .collect_view()
        .into_any()
}

/// The limits of one cluster, folded: how many there are, and whether any is reached.
fn table(of: &ClusterGuards, note: Option<&'static str>) -> AnyView {
    let rows = of.lines.iter().map(row).collect_view();
    let reached = of.lines.iter().filter(|one| one.reached).count();
    let word = match reached {
        0 => tag(Shape::Ready, "None reached"),
        1 => tag(Shape::Degraded, "1 reached"),
        more => tag(Shape::Degraded, format!("{more} reached")),
    };
    let key = format!("guards-{}", of.cluster);
    view! {
        <section data-guards=of.cluster.to_string()>
            <h2>{format!("Guards of {}", of.cluster)}</h2>
            <details class="fold" id=key>
                <summary>{format!("{} limits", of.lines.len())} {word}</summary>
                <div class="inside">
                    {note.map(|text| view! { <p class="meta">{text}</p> })}
                    <dl class="limits">{rows}</dl>
                </div>
            </details>
        </section>
    }
    .into_any()
}

fn row(of: &GuardLine) -> AnyView {
    let now = match (&of.now, of.reached) {
        (None, false) => ().into_any(),
        (None, true) => tag(Shape::Degraded, "Reached"),
        (Some(now), true) => tag(Shape::Degraded, format!("{now}, reached")),
        (Some(now), false) => view! { <span class="meta">{format!("now {now}")}</span> }.into_any(),
    };
    view! { <div><dt>{of.title.clone()}</dt> <dd>{of.set_to.clone()} " " {now}</dd></div> }
        .into_any()
}
