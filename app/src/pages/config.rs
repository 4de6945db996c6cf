//! The config file: what is in force, and what of it was not taken.

use super::visit::{Content, Visit, show};
use crate::desk::views::{ConfigKey, ConfigSection, ConfigView};
use crate::error::AppError;
use crate::parts::config::trouble;
use crate::parts::frame::{Live, Tab};
use crate::parts::status::{Shape, tag};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Settings, "Config", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let view = visit.desk.config(&visit.who).await?;
    let sections = view.sections.iter().map(section).collect_view();
    let body = view! {
        <section id="config-state">
            <div class="card">
                <p class="ip">{view.file.clone()}</p>
                <p>{format!("In force since {:.0}, read at {}.", view.since, view.by)}</p>
                {view.trouble.as_ref().map(trouble)}
                {waiting(&view)}
                {leaving(&view)}
                <p class="meta">
                    "To change it, edit the file and send SIGHUP to the process. A config with an error is not taken; recoveries that run go on with the plan they began with. Secrets are read when they are used: write the new one to its file, and it counts from then on. "
                    <code>"[server]"</code> ", " <code>"[notify]"</code>
                    " and with them the address, the public URL and the data folder change only with a restart."
                </p>
            </div>
        </section>
        {sections}
        <p class="meta">"Keys that are not listed have their defaults; the example config names them all. Of a secret only its place is shown."</p>
    };
    Ok(Content {
        title: None,
        live: Live::No,
        body: body.into_any(),
    })
}

fn waiting(view: &ConfigView) -> Option<AnyView> {
    (!view.restart.is_empty()).then(|| {
        let keys = view.restart.join(", ");
        view! {
            <p id="config-restart">
                {tag(Shape::Degraded, "Needs a restart")} " "
                {format!("The file has another value for {keys}; until a restart the old one counts.")}
            </p>
        }
        .into_any()
    })
}

fn leaving(view: &ConfigView) -> Option<AnyView> {
    (!view.leaving.is_empty()).then(|| {
        let names: Vec<String> = view.leaving.iter().map(ToString::to_string).collect();
        let text = format!(
            "No longer in the file, and kept until the recovery at work there has ended: {}.",
            names.join(", ")
        );
        view! { <p id="config-leaving">{text}</p> }.into_any()
    })
}

fn section(of: &ConfigSection) -> AnyView {
    let rows = of.keys.iter().map(row).collect_view();
    view! {
        <section data-config=of.name.clone()>
            <h2>{of.name.clone()}</h2>
            <dl class="limits">{rows}</dl>
        </section>
    }
    .into_any()
}

fn row(of: &ConfigKey) -> AnyView {
    let secret = of
        .secret
        .then(|| view! { " " <span class="meta">"value hidden"</span> });
    view! { <div><dt><code>{of.key.clone()}</code></dt> <dd><span class="ip">{of.value.clone()}</span> {secret}</dd></div> }
        .into_any()
}
