//! A host that took several nodes down: what each of them is like, and the note for whoever runs the host.

use super::form::{Weight, link};
use super::hand_on::hand_on;
use super::status::{Shape, tag};
use super::time::{ago, moment};
use crate::desk::views::{IncidentView, MemberState, MemberView};
use crate::links;
use jiff::Timestamp;
use leptos::prelude::*;

const fn shape(of: MemberState) -> Shape {
    match of {
        MemberState::Down | MemberState::NeedsHuman => Shape::Down,
        MemberState::Waiting => Shape::Degraded,
        MemberState::Recovering => Shape::Recovering,
        MemberState::Back => Shape::Ready,
    }
}

fn state(of: &IncidentView) -> AnyView {
    match of.closed_at {
        Some(_) => tag(Shape::Ready, "Over"),
        None => tag(Shape::Down, "Host down"),
    }
}

/// The card of an open incident.
pub fn card(of: &IncidentView, now: Timestamp) -> AnyView {
    view! {
        <article class="card alarming" data-incident=of.id.to_string()>
            <div class="between">{state(of)} <span class="meta">{ago(of.opened_at, now)}</span></div>
            <h3>{format!("Host {}", of.host)}</h3>
            <p>{of.headline.clone()}</p>
            {of.refused.clone().map(|text| view! { <p>{text}</p> })}
            <div class="row">{link(links::incident(of.id), "Machines and note", Weight::Main)}</div>
        </article>
    }
    .into_any()
}

/// One row of a list, with the recoveries that belong to it.
pub fn row(of: &IncidentView, now: Timestamp) -> AnyView {
    let recoveries = of
        .members
        .iter()
        .flat_map(|one| one.recoveries.iter().map(move |id| (one, *id)))
        .map(|(one, id)| {
            view! { <a class="tap" href=links::recovery(id)>{format!("{id} {}", one.node)}</a> }
        })
        .collect_view();
    view! {
        <li class="item" data-incident=of.id.to_string()>
            <span class="between">
                <a class="tap" href=links::incident(of.id)>{format!("Incident {}: host {}", of.id, of.host)}</a>
                {state(of)}
            </span>
            <span>{of.headline.clone()}</span>
            <span class="meta">{ago(of.opened_at, now)}</span>
            <span class="row">{recoveries}</span>
        </li>
    }
    .into_any()
}

/// All of one incident but its note.
pub fn whole(of: &IncidentView, now: Timestamp) -> AnyView {
    let members = of.members.iter().map(|one| member(one, now)).collect_view();
    let over = of
        .closed_at
        .map(|at| view! { <p class="meta">"Over since " {moment(at, now)}</p> });
    view! {
        <section class="card">
            <div class="between">{state(of)} <span class="meta">{of.place.clone()}</span></div>
            <p>{of.headline.clone()}</p>
            {of.refused.clone().map(|text| view! {
                <p>{text}</p>
                <p class="meta">"Until something on it comes up, rules start nothing more there. A person may."</p>
            })}
            <p class="meta">"Noticed " {moment(of.opened_at, now)}</p>
            {over}
        </section>
        <section>
            <h2>"Machines"</h2>
            <ul class="list">{members}</ul>
        </section>
    }
    .into_any()
}

fn member(of: &MemberView, now: Timestamp) -> AnyView {
    let where_it_is = [of.address.clone(), of.machine.clone()];
    let where_it_is: Vec<String> = where_it_is.into_iter().flatten().collect();
    let recoveries = of
        .recoveries
        .iter()
        .map(|id| view! { <a class="tap" href=links::recovery(*id)>{format!("Recovery {id}")}</a> })
        .collect_view();
    view! {
        <li class="item" data-member=of.node.to_string() data-state=of.state.word()>
            <span class="between">
                <a class="tap" href=links::node(&of.cluster, &of.node)>{of.node.to_string()}</a>
                {tag(shape(of.state), of.state.title())}
            </span>
            <span>{of.text.clone()}</span>
            <span class="meta mono">{where_it_is.join(", ")}</span>
            <span class="meta">
                "Down " {moment(of.down_at, now)}
                {of.up_at.map(|at| view! { ", back " {moment(at, now)} })}
            </span>
            <span class="row">{recoveries}</span>
        </li>
    }
    .into_any()
}

/// The note, to read, to select, and with script to copy.
pub fn note(of: &IncidentView) -> AnyView {
    let form =
        |id, title, text: &str, open| hand_on(None, id, title, text.to_owned(), "Copy", open);
    view! {
        <section id="note" class="stack">
            <h2>"Note for the cloud team"</h2>
            <p class="hint">"Host, machines and times, to be pasted into a ticket."</p>
            {form("note-text", "Plain text", &of.note, true)}
            {form("note-md", "Markdown", &of.note_md, false)}
        </section>
    }
    .into_any()
}
