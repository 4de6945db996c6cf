//! What a person may do with a recovery: one main action, and the quieter ones.

use super::error::warnings;
use super::form::{Line, Weight, action, button, hidden, line, link};
use super::power::{self, Power};
use super::queued;
use crate::desk::views::Preferences;
use crate::islands::Countdown;
use crate::links::{self, acts};
use domain::timeline::{Can, Timeline};
use jiff::Timestamp;
use leptos::prelude::*;

/// How the clock of the product runs, and who looks.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Now, on the product's clock.
    pub now: Timestamp,
    /// How much faster than the wall that clock runs.
    pub speed: f64,
    /// Whether the person may act.
    pub may: bool,
    /// What the person chose for themselves.
    pub mine: Preferences,
}

/// Cancel during the grace, or Start while it waits for a yes.
pub fn main(of: &Timeline, seen: Seen) -> AnyView {
    if !seen.may {
        return ().into_any();
    }
    let fields = vec![("id", of.id.0.to_string())];
    if of.can.contains(&Can::Cancel) {
        let left = of.grace_until.map_or(0, |until| seconds_left(until, seen));
        return view! {
            <div class="grace">
                <p>"Begins in " <Countdown seconds=left/> ". Nothing has been done yet."</p>
                {button(acts::CANCEL, "Cancel", Weight::Main, fields)}
            </div>
        }
        .into_any();
    }
    if let Some(window) = super::veto::window(of, seen) {
        return window;
    }
    if of.can.contains(&Can::Approve) {
        return if of.warnings.is_empty() {
            power::button(&yes(of, "Start node", Weight::Main), seen)
        } else {
            view! {
                {warnings(&of.warnings)}
                {link(links::start(&of.cluster, &of.node), "Review and start node", Weight::Main)}
            }
            .into_any()
        };
    }
    ().into_any()
}

/// Acknowledge and retry, once it ended without success; `typed` asks for the node's name before a retry.
pub fn after(of: &Timeline, seen: Seen, typed: bool) -> AnyView {
    let again = (seen.may && of.can.contains(&Can::Retry)).then(|| retry(of, typed));
    let acknowledge = acknowledge(of, seen);
    // The one step that cannot make it worse.
    let safe = of.can.contains(&Can::Retry).then(|| {
        link(
            links::node(&of.cluster, &of.node),
            "Check state of the node",
            Weight::Plain,
        )
    });
    view! { <div class="row">{safe} {acknowledge} {again}</div> }.into_any()
}

/// The button of a list: says that help was seen.
pub fn acknowledge(of: &Timeline, seen: Seen) -> AnyView {
    if seen.may && of.can.contains(&Can::Acknowledge) {
        queued::button(
            acts::ACKNOWLEDGE,
            "acknowledge",
            "Acknowledge",
            vec![("id", of.id.0.to_string())],
        )
    } else {
        ().into_any()
    }
}

/// Stops a recovery; stands apart from everything else.
pub fn stop(of: &Timeline, seen: Seen) -> AnyView {
    if !seen.may || !of.can.contains(&Can::Stop) {
        return ().into_any();
    }
    view! {
        <form method="post" action=action(acts::STOP) class="stack">
            {hidden(vec![("id", of.id.0.to_string())])}
            {line(Line {
                name: "reason",
                id: Some("stop-reason".to_owned()),
                label: "Reason to stop (may stay empty)".to_owned(),
                hint: "The call in flight finishes, nothing new begins.",
                ..Line::default()
            })}
            <button class="button danger">"Stop recovery"</button>
        </form>
    }
    .into_any()
}

/// The yes to a recovery, as a power act.
pub fn yes<'a>(of: &'a Timeline, label: &str, weight: Weight) -> Power<'a> {
    Power {
        act: acts::APPROVE,
        label: label.to_owned(),
        weight,
        fields: vec![("id", of.id.0.to_string())],
        cluster: &of.cluster,
        node: &of.node,
        facts: &of.facts,
    }
}

fn retry(of: &Timeline, typed: bool) -> AnyView {
    let ask = typed || !of.warnings.is_empty();
    let fields = view! {
        {ask.then(|| warnings(&of.warnings))}
        {ask.then(|| confirm(of.node.as_str(), "retry-confirm"))}
    };
    let again = Power {
        act: acts::RETRY,
        ..yes(of, "Retry", Weight::Plain)
    };
    power::with(&again, fields.into_any())
}

/// The field for the node's short name.
pub fn confirm(node: &str, id: &str) -> AnyView {
    line(Line {
        name: "confirm",
        id: Some(id.to_owned()),
        label: format!("Type {} to confirm", short(node)),
        required: true,
        code: true,
        ..Line::default()
    })
}

/// The part of a node's name before the first dot.
pub fn short(node: &str) -> &str {
    node.split('.').next().unwrap_or(node)
}

/// Seconds of the wall until then.
pub fn seconds_left(until: Timestamp, seen: Seen) -> u32 {
    let product = until.duration_since(seen.now).as_secs_f64();
    let wall = (product / seen.speed.max(0.001)).ceil().clamp(0.0, 600.0);
    // Checked by the clamp above.
    wall as u32
}
