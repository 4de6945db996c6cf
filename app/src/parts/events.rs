//! Events of a recovery: the few that make the story, and all of them.

use super::actions::Seen;
use super::form::{action, hidden};
use super::icon::{Icon, icon};
use super::status::of_look;
use super::time::{moment, stamp, took};
use crate::links::acts;
use domain::id::RecoveryId;
use domain::timeline::{Line, Look, Timeline, in_order};
use jiff::Timestamp;
use leptos::prelude::*;

/// The events that make the story, by the time they happened.
pub fn story(of: &Timeline, seen: Seen) -> AnyView {
    let begin = of.waterfall.begin;
    let rows = in_order(&of.lines)
        .into_iter()
        .filter(|line| line.starred)
        .map(|line| row(of.id, line, begin, seen, "story"))
        .collect_view();
    view! { <ol class="events">{rows}</ol> }.into_any()
}

/// All events and messages of a kind, or all, as they were recorded.
pub fn everything(of: &Timeline, kind: &str, seen: Seen) -> AnyView {
    let begin = of.waterfall.begin;
    let all = of.everything();
    let shown = all
        .iter()
        .filter(|line| kind.is_empty() || line.kind == kind);
    let rows = shown
        .map(|line| row(of.id, line, begin, seen, "everything"))
        .collect_view();
    let hidden = all
        .iter()
        .filter(|line| !kind.is_empty() && line.kind != kind)
        .count();
    let hidden = (hidden > 0)
        .then(|| view! { <p class="meta">{format!("{hidden} hidden by the filter.")}</p> });
    view! { <ol class="events">{rows}</ol> {hidden} }.into_any()
}

/// What could not be read is said, not hidden.
pub fn unread(count: u32) -> AnyView {
    let text = match count {
        0 => return ().into_any(),
        1 => "1 event could not be read. Everything else is shown.".to_owned(),
        many => format!("{many} events could not be read. Everything else is shown."),
    };
    view! { <p class="warnings" role="status">{text}</p> }.into_any()
}

fn row(id: RecoveryId, of: &Line, begin: Timestamp, seen: Seen, view: &'static str) -> AnyView {
    let at = of.happened();
    let sign = if at < begin { "-" } else { "+" };
    let offset = format!("{sign}{}", took(begin.min(at), begin.max(at)));
    let moved = (at != of.at).then(|| {
        view! { <span>" · written " {moment(of.at, seen.now)}</span> }
    });
    let event = of.n > 0;
    let number = (view == "everything" && event).then(|| format!("{} · ", of.n));
    let class = if of.is_note() { "note" } else { "" };
    view! {
        <li id=event.then(|| format!("event-{}", of.n)) data-event=event.then(|| of.n.to_string()) data-kind=of.kind.clone() class=class>
            <div class="grow">
                <p class="meta">
                    {number} {moment(at, seen.now)} {format!(" · {offset} · {} · {}", of.actor, of.source())} {moved}
                </p>
                <p>
                    <strong>{of.title.clone()}</strong>
                    " "
                    {(of.look == Look::Failed).then(|| of_look(of.look))}
                </p>
                {(!of.text.is_empty()).then(|| view! { <p class="text">{of.text.clone()}</p> })}
                {(seen.may && of.is_note() && view == "story").then(|| place(id, of))}
            </div>
            {if seen.may && event { star(id, of, view) } else { mark(of, view) }}
        </li>
    }
    .into_any()
}

/// A star to give or to take: a plain form of one button.
fn star(id: RecoveryId, of: &Line, view: &'static str) -> AnyView {
    let (word, next) = if of.starred {
        ("Take out of the story", "no")
    } else {
        ("Add to the story", "yes")
    };
    let fields = vec![
        ("id", id.0.to_string()),
        ("n", of.n.to_string()),
        ("star", next.to_owned()),
        ("view", view.to_owned()),
    ];
    view! {
        <form method="post" action=action(acts::STAR_EVENT)>
            {hidden(fields)}
            <button class="button quiet star" data-starred=of.starred.to_string() aria-label=format!("{word}: event {}", of.n)>
                {icon(Icon::Star)}
            </button>
        </form>
    }
    .into_any()
}

/// For those who may not change it: which events are in the story.
fn mark(of: &Line, view: &'static str) -> AnyView {
    (of.starred && view == "everything")
        .then(|| view! { <span class="meta">"in the story"</span> })
        .into_any()
}

/// Where a note stands: only a person's own words can be moved, what a machine wrote stands.
fn place(id: RecoveryId, of: &Line) -> AnyView {
    let key = format!("moved-{}", of.n);
    let value = stamp(of.happened())
        .get(..19)
        .unwrap_or_default()
        .to_owned();
    view! {
        <details id=format!("move-{}", of.n)>
            <summary>"Change when it happened"</summary>
            <form method="post" action=action(acts::MOVE_NOTE) class="stack">
                {hidden(vec![("id", id.0.to_string()), ("n", of.n.to_string())])}
                <div class="field">
                    <label for=key.clone()>"When it happened, in UTC"</label>
                    <input type="datetime-local" id=key name="happened_at" step="1" value=value required=true/>
                </div>
                <button class="button">"Move note"</button>
            </form>
        </details>
    }
    .into_any()
}
