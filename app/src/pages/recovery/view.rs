//! The three views of a recovery, as links within its page: waterfall, story, everything.

use super::Visit;
use crate::links;
use crate::parts::form::choice;
use crate::parts::{events, impact, waterfall};
use domain::timeline::Timeline;
use domain::timeline::waterfall::Scale;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Which one is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Waterfall,
    Story,
    Everything,
}

impl View {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Waterfall, "waterfall", "Waterfall"),
        (Self::Story, "story", "Story"),
        (Self::Everything, "everything", "Everything"),
    ];

    fn asked(visit: &Visit) -> Self {
        let asked = visit.asked("view").unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|(_, word, _)| *word == asked)
            .map_or(Self::Waterfall, |(view, _, _)| view)
    }
}

/// The tabs, and the view that is open.
pub fn views(of: &Timeline, visit: &Visit) -> AnyView {
    let open = View::asked(visit);
    let local = visit.asked("zone").is_some_and(|zone| zone == "local");
    let tabs = View::ALL
        .into_iter()
        .map(|(view, word, title)| {
            let href = links::view(of.id, word);
            view! { <a href=href aria-current=(view == open).then_some("page")>{title}</a> }
        })
        .collect_view();
    let body = match open {
        View::Waterfall => times(of, visit),
        View::Story => story(of, visit, local),
        View::Everything => everything(of, visit, local),
    };
    view! {
        <nav class="switch" id="views" aria-label="Views of this recovery">{tabs}</nav>
        {body}
    }
    .into_any()
}

fn times(of: &Timeline, visit: &Visit) -> AnyView {
    let scale = match visit.asked("scale").as_deref() {
        Some("recovery") => Scale::Recovery,
        Some(_) | None => Scale::Whole,
    };
    view! {
        <section id="times" aria-label="Waterfall">
            {waterfall::scales(&of.waterfall, scale)}
            <div id="felt" data-live-part="">{impact::line(of, scale)}</div>
            <div id="bars" data-live-part="">{waterfall::waterfall(of, scale, visit.now)}</div>
        </section>
    }
    .into_any()
}

fn story(of: &Timeline, visit: &Visit, local: bool) -> AnyView {
    view! {
        <section aria-label="Story" data-module=local.then_some("zone")>
            {zones("story", "", local)}
            <div id="story" data-live-part="">{events::story(of, visit.seen())}</div>
        </section>
    }
    .into_any()
}

fn everything(of: &Timeline, visit: &Visit, local: bool) -> AnyView {
    let all = of.everything();
    let kinds: BTreeSet<&str> = all.iter().map(|line| line.kind.as_str()).collect();
    let kind = visit.asked("kind").unwrap_or_default();
    let kind = kinds
        .get(kind.as_str())
        .copied()
        .unwrap_or_default()
        .to_owned();
    let options = std::iter::once((String::new(), "All kinds".to_owned()))
        .chain(
            kinds
                .iter()
                .map(|kind| ((*kind).to_owned(), kind.replace('_', " "))),
        )
        .collect();
    view! {
        <section aria-label="Everything" data-module=local.then_some("zone")>
            {zones("everything", &kind, local)}
            <form method="get" action=format!("{}#views", links::recovery(of.id)) class="row filter">
                <input type="hidden" name="view" value="everything"/>
                {local.then(|| view! { <input type="hidden" name="zone" value="local"/> })}
                {choice("kind", "Kind", options, &kind)}
                <button class="button">"Show"</button>
            </form>
            <div id="everything" data-live-part="">{events::everything(of, &kind, visit.seen())}</div>
        </section>
    }
    .into_any()
}

/// UTC, or the zone of the device, which only a script knows: without one the times stay in UTC and say so.
fn zones(view: &'static str, kind: &str, local: bool) -> AnyView {
    let kind = if kind.is_empty() {
        String::new()
    } else {
        format!("&kind={kind}")
    };
    let utc = format!("?view={view}{kind}#views");
    let here = format!("?view={view}{kind}&zone=local#views");
    view! {
        <nav class="switch" aria-label="Time zone">
            <a href=utc aria-current=(!local).then_some("true")>"UTC"</a>
            <a href=here aria-current=local.then_some("true")>"Local"</a>
        </nav>
        <p class="meta" data-zone-name="">
            {if local { "Times in UTC: local times need JavaScript." } else { "Times in UTC." }}
        </p>
    }
    .into_any()
}
