//! The way to the config file; a newer one that was not taken is told here.

use crate::desk::views::SettingsView;
use crate::links;
use crate::parts::config::trouble;
use crate::parts::list::leads;
use leptos::prelude::*;

pub fn group(view: &SettingsView) -> AnyView {
    let trouble = view
        .config_trouble
        .as_ref()
        .map(|one| view! { <div class="card">{trouble(one)}</div> });
    view! {
        <section id="config">
            <h2>"Config"</h2>
            {trouble}
            <ul class="list">
                {leads(links::CONFIG, "Config file", "What is in force, without secrets, and how to change it")}
            </ul>
        </section>
    }
    .into_any()
}
