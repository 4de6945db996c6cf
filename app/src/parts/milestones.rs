//! The eight moments everybody asks for, each with the time since the one before.

use super::time::{clock, stamp, took};
use domain::timeline::{Look, Milestone};
use jiff::Timestamp;
use leptos::prelude::*;

/// The list.
pub fn milestones(all: &[Milestone], now: Timestamp) -> AnyView {
    let mut last = None;
    let rows = all
        .iter()
        .map(|one| {
            let gap = one.at.zip(last).map(|(at, before)| gap(before, at));
            last = one.at.max(last);
            row(one, gap, now)
        })
        .collect_view();
    view! { <ol class="milestones">{rows}</ol> }.into_any()
}

/// `+0:41`, or with a minus where an event came earlier than the one in front of it.
fn gap(before: Timestamp, at: Timestamp) -> String {
    if at < before {
        format!("-{}", took(at, before))
    } else {
        format!("+{}", took(before, at))
    }
}

fn row(of: &Milestone, gap: Option<String>, _now: Timestamp) -> AnyView {
    let class = match of.look {
        Look::Done => "reached",
        Look::Pending | Look::Active | Look::Waiting => "ahead",
        Look::Skipped | Look::Failed | Look::Note => "missed",
    };
    let when = match of.at {
        Some(at) => view! { <time datetime=stamp(at)>{clock(at)}</time> }.into_any(),
        None if class == "ahead" => "to come".into_any(),
        None => "not reached".into_any(),
    };
    let who = (!of.text.is_empty() && of.at.is_some())
        .then(|| view! { <span class="meta">{format!(" {}", of.text)}</span> });
    view! {
        <li class=class>
            <span>{of.title.clone()} {who}</span>
            <span class="meta">{gap}</span>
            <span class="at">{when}</span>
        </li>
    }
    .into_any()
}
