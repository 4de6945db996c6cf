//! What is connected: clusters and alarm sources.

use crate::desk::views::SettingsView;
use leptos::prelude::*;

pub fn group(view: &SettingsView) -> AnyView {
    let clusters = view
        .clusters
        .iter()
        .map(|(name, api, state)| row(name.to_string(), api.clone(), Some(state.clone())))
        .collect_view();
    let sources = view
        .sources
        .iter()
        .map(|(name, path)| row(name.to_string(), path.clone(), None))
        .collect_view();
    view! {
        <section><h2>"Clusters"</h2> <ul class="list">{clusters}</ul></section>
        <section><h2>"Alarm sources"</h2> <ul class="list">{sources}</ul></section>
    }
    .into_any()
}

fn row(name: String, place: String, state: Option<String>) -> AnyView {
    view! {
        <li class="item">
            <span class="between"><strong>{name}</strong> <span class="meta">{state}</span></span>
            <span class="ip">{place}</span>
        </li>
    }
    .into_any()
}
