//! The kill switch: the banner on every page, the one tap that throws it, the form that lifts it.

use super::form::{Line, Weight, action, button, hidden, line, link};
use super::icon::{Icon, icon};
use super::status::{Shape, tag};
use super::time::when;
use crate::desk::views::SwitchView;
use crate::links::{self, acts};
use domain::guard::Switch;
use jiff::Timestamp;
use leptos::prelude::*;

/// What a position means.
pub const fn meaning(mode: Switch) -> &'static str {
    match mode {
        Switch::Run => "Everything works.",
        Switch::Pause => "Nothing automatic begins; a person may still start a node.",
        Switch::Freeze => "Reads only; nothing is started, cordoned or uncordoned.",
    }
}

/// A banner for every switch that holds something back.
pub fn banner(switches: &[SwitchView], now: Timestamp) -> AnyView {
    switches
        .iter()
        .filter(|one| one.mode != Switch::Run)
        .map(|one| {
            view! {
                <div class="banner">
                    {tag(Shape::Maintenance, title(one))}
                    <p>{meaning(one.mode)} " " <span class="meta">{story(one, now)}</span></p>
                    {link(links::switch(), "Lift", Weight::Plain)}
                </div>
            }
        })
        .collect_view()
        .into_any()
}

/// One tap that holds back more than is held back now: everything automatic, then everything.
pub fn throw(switches: &[SwitchView]) -> AnyView {
    let held = switches
        .iter()
        .find(|one| one.cluster.is_none())
        .map_or(Switch::Run, |one| one.mode);
    let (next, shape, word) = match held {
        Switch::Run => (Switch::Pause, Icon::Pause, "Pause"),
        Switch::Pause => (Switch::Freeze, Icon::Freeze, "Freeze"),
        Switch::Freeze => return ().into_any(),
    };
    view! {
        <form method="post" action=action(acts::THROW_SWITCH)>
            {hidden(vec![("mode", next.word().to_owned())])}
            <button class="button">{icon(shape)} {word}</button>
        </form>
    }
    .into_any()
}

/// One switch with everything that can be done to it.
pub fn panel(of: &SwitchView, now: Timestamp, may: bool) -> AnyView {
    let scope = scope(of);
    let key = of
        .cluster
        .as_ref()
        .map_or("all", |name| name.as_str())
        .to_owned();
    view! {
        <div class="card">
            <h3>{scope}</h3>
            <p>{tag(shape(of.mode), position(of.mode))} " " {meaning(of.mode)}</p>
            <p class="meta">{story(of, now)}</p>
            {may.then(|| controls(of, &key))}
        </div>
    }
    .into_any()
}

fn controls(of: &SwitchView, key: &str) -> AnyView {
    let fields = |mode: Switch| {
        let mut list = vec![("mode", mode.word().to_owned())];
        list.extend(
            of.cluster
                .as_ref()
                .map(|name| ("cluster", name.to_string())),
        );
        list
    };
    let throws = [Switch::Pause, Switch::Freeze]
        .into_iter()
        .filter(|mode| *mode > of.mode)
        .map(|mode| {
            let label = if mode == Switch::Pause {
                "Pause"
            } else {
                "Freeze"
            };
            button(
                acts::THROW_SWITCH,
                format!("{label} {}", lower(of)),
                Weight::Plain,
                fields(mode),
            )
        })
        .collect_view();
    let lifts = [Switch::Run, Switch::Pause]
        .into_iter()
        .filter(|mode| *mode < of.mode)
        .map(|mode| {
            let word = mode.word();
            let label = if mode == Switch::Run {
                "Resume"
            } else {
                "Lift to pause"
            };
            view! {
                <form method="post" action=action(acts::THROW_SWITCH) class="stack">
                    {hidden(fields(mode))}
                    {line(Line {
                        name: "reason",
                        id: Some(format!("reason-{key}-{word}")),
                        label: "Reason to lift it".to_owned(),
                        required: true,
                        ..Line::default()
                    })}
                    <button class="button">{format!("{label} {}", lower(of))}</button>
                </form>
            }
        })
        .collect_view();
    view! { <div class="row">{throws}</div> {lifts} }.into_any()
}

/// A position as an adjective.
const fn position(mode: Switch) -> &'static str {
    match mode {
        Switch::Run => "Running",
        Switch::Pause => "Paused",
        Switch::Freeze => "Frozen",
    }
}

const fn shape(mode: Switch) -> Shape {
    match mode {
        Switch::Run => Shape::Ready,
        Switch::Pause | Switch::Freeze => Shape::Maintenance,
    }
}

fn lower(of: &SwitchView) -> String {
    of.cluster
        .as_ref()
        .map_or_else(|| "all".to_owned(), ToString::to_string)
}

fn scope(of: &SwitchView) -> String {
    of.cluster.as_ref().map_or_else(
        || "All clusters".to_owned(),
        |name| format!("Cluster {name}"),
    )
}

fn title(of: &SwitchView) -> String {
    format!("{}: {}", position(of.mode), scope(of))
}

fn story(of: &SwitchView, now: Timestamp) -> String {
    let mut parts = Vec::new();
    if let Some(name) = &of.set_by {
        parts.push(format!("set by {name}"));
    }
    if let Some(at) = of.set_at {
        parts.push(when(at, now));
    }
    if let Some(count) = of
        .in_flight
        .filter(|count| *count > 0 && of.mode != Switch::Run)
    {
        parts.push(match count {
            1 => "1 call was in flight".to_owned(),
            count => format!("{count} calls were in flight"),
        });
    }
    if let Some(reason) = &of.reason {
        parts.push(format!("\u{201c}{reason}\u{201d}"));
    }
    parts.join(", ")
}
