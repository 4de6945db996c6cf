//! Settings: the switch, the limits, what is connected, and who you are.

use super::visit::{Content, Visit, show};
use crate::desk::views::{SettingsView, SwitchView};
use crate::error::AppError;
use crate::links;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::guards;
use crate::parts::switch::panel;
use domain::guard::Switch;
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Settings, "Settings", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let view = visit.desk.settings(&visit.who).await?;
    let panels = switches(&view)
        .iter()
        .map(|one| panel(one, visit.now, visit.may()))
        .collect_view();
    let note = view
        .sandbox
        .then_some("The sandbox has shorter limits than the real thing, and knows no storms and no hourly limits.");
    let body = view! {
        <section id="switch"><h2>"Switch"</h2> {panels}</section>
        {you(&view)}
        {ledgers()}
        {view.guards.iter().map(|one| guards::table(one, note)).collect_view()}
        {connected(&view)}
        {about(&view)}
    };
    Ok(Content {
        title: None,
        live: Live::No,
        body: body.into_any(),
    })
}

/// The global switch first, then one for every cluster, also those nobody has touched.
fn switches(view: &SettingsView) -> Vec<SwitchView> {
    let names = view.clusters.iter().map(|(name, ..)| Some(name.clone()));
    std::iter::once(None)
        .chain(names)
        .map(|cluster| {
            let known = view.switches.iter().find(|one| one.cluster == cluster);
            known.cloned().unwrap_or(SwitchView {
                cluster,
                mode: Switch::Run,
                set_by: None,
                set_at: None,
                reason: None,
                in_flight: None,
            })
        })
        .collect()
}

fn you(view: &SettingsView) -> AnyView {
    view! {
        <section class="card">
            <h2>"You"</h2>
            <p>{format!("{}, {}", view.you, view.role.word())}</p>
            <div class="row">
                {link(links::NEW_CODE, "Sign in another device", Weight::Plain)}
                <form method="post" action=links::SIGN_OUT>
                    <button class="button">"Sign out"</button>
                </form>
            </div>
        </section>
    }
    .into_any()
}

fn ledgers() -> AnyView {
    view! {
        <section class="row">
            {link(links::STORMS, "Storms", Weight::Plain)}
            {link(links::CORDONS, "Cordons", Weight::Plain)}
        </section>
    }
    .into_any()
}

fn connected(view: &SettingsView) -> AnyView {
    let clusters = view
        .clusters
        .iter()
        .map(|(name, api, state)| {
            view! {
                <li class="item">
                    <strong>{name.to_string()}</strong>
                    <span class="mono meta">{api.clone()}</span>
                    <span>{state.clone()}</span>
                </li>
            }
        })
        .collect_view();
    let sources = view
        .sources
        .iter()
        .map(|(name, path)| {
            view! {
                <li class="item">
                    <strong>{name.to_string()}</strong>
                    <span class="mono meta">{path.clone()}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section><h2>"Clusters"</h2> <ul class="list">{clusters}</ul></section>
        <section><h2>"Alarm sources"</h2> <ul class="list">{sources}</ul></section>
    }
    .into_any()
}

fn about(view: &SettingsView) -> AnyView {
    let sandbox = view.sandbox.then(|| {
        view! {
            <p>
                {format!(
                    "This is the sandbox: a make-believe world whose clock runs {} as fast as the wall's. Nothing real can be touched.",
                    view.speed
                )}
            </p>
        }
    });
    view! {
        <section class="card">
            <h2>"About"</h2>
            {sandbox}
            <p class="meta">{format!("Uncordon {}", view.version)}</p>
        </section>
    }
    .into_any()
}
