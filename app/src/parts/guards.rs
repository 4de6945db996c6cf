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

/// The table of one cluster.
fn table(of: &ClusterGuards, note: Option<&'static str>) -> AnyView {
    let rows = of.lines.iter().map(row).collect_view();
    view! {
        <section data-guards=of.cluster.to_string()>
            <h2>{format!("Guards of {}", of.cluster)}</h2>
            <div class="card">
            {note.map(|text| view! { <p class="meta">{text}</p> })}
            <table>
                <thead>
                    <tr><th scope="col">"Limit"</th> <th scope="col">"Set to"</th> <th scope="col">"Now"</th></tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(of: &GuardLine) -> AnyView {
    let now = of.now.clone().unwrap_or_default();
    let now = if of.reached {
        let word = if now.is_empty() {
            "reached".to_owned()
        } else {
            format!("{now}, reached")
        };
        tag(Shape::Degraded, word)
    } else {
        view! { <span>{now}</span> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{of.title.clone()}</th>
            <td>{of.set_to.clone()}</td>
            <td>{now}</td>
        </tr>
    }
    .into_any()
}
