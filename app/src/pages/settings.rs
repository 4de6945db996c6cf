//! Settings: the switch, the limits, what is connected, and who you are.

use super::visit::{Content, Visit, show};
use crate::desk::views::{SettingsView, SwitchView};
use crate::error::AppError;
use crate::links;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::switch::panel;
use crate::parts::time::long;
use domain::guard::{Guards, Switch};
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
    let body = view! {
        <section id="switch"><h2>"Switch"</h2> {panels}</section>
        {you(&view)}
        {guards(&view.guards, view.sandbox)}
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

fn guards(of: &Guards, sandbox: bool) -> AnyView {
    let time = |seconds: u32| long(seconds.into());
    let rows = [
        (
            "Starts at a time, per cluster",
            of.acting_per_cluster.to_string(),
        ),
        ("Starts at a time, in all", of.acting_total.to_string()),
        (
            "Nodes cordoned by us",
            format!(
                "{} % of a cluster, at most {}",
                of.cordon_percent, of.cordon_max
            ),
        ),
        ("Cool-down of a node", time(of.cool_down_s)),
        ("Oldest alarm acted on", time(of.alarm_ttl_s)),
        ("Ready must hold for", time(of.soak_s)),
        (
            "Breaks of Ready allowed meanwhile",
            of.soak_flaps.to_string(),
        ),
        ("Two signals must agree within", time(of.confirm_s)),
        ("Machine must run within", time(of.start_s)),
        ("A cloud without room is asked for", time(of.capacity_s)),
        ("Node must be Ready within", time(of.ready_s)),
        ("Check of the node within", time(of.check_node_s)),
        ("Check of the workload within", time(of.check_workload_s)),
        ("A question waits for", time(of.approval_s)),
        (
            "Same alarm again goes to a person within",
            time(of.refire_s),
        ),
    ];
    let rows = rows
        .into_iter()
        .map(|(name, value)| view! { <tr><th scope="row">{name}</th> <td>{value}</td></tr> })
        .collect_view();
    let note = sandbox.then(|| {
        view! { <p class="meta">"The sandbox has shorter limits than the real thing."</p> }
    });
    view! {
        <section class="card">
            <h2>"Guards"</h2>
            {note}
            <table>
                <thead><tr><th scope="col">"Limit"</th> <th scope="col">"Value"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
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
