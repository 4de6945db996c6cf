//! The versions of a rule, newest first, each of which can be brought back.

use crate::desk::views::RuleVersion;
use crate::links::acts;
use crate::parts::form::{Weight, button};
use crate::parts::status::{Shape, tag};
use crate::parts::time::moment;
use domain::rule::Mode;
use jiff::Timestamp;
use leptos::prelude::*;

/// The list.
pub fn list(versions: &[RuleVersion], now: Timestamp, may: bool) -> AnyView {
    if versions.is_empty() {
        return ().into_any();
    }
    let newest = versions.iter().map(|one| one.rule.version).max();
    let rows = versions
        .iter()
        .map(|one| row(one, now, may && Some(one.rule.version) != newest))
        .collect_view();
    view! {
        <section id="versions">
            <h2>"Versions"</h2>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}

/// Why the newest version was armed or set back.
pub fn notice(versions: &[RuleVersion], now: Timestamp) -> AnyView {
    let newest = versions.iter().max_by_key(|one| one.rule.version);
    let Some((of, reason)) = newest.and_then(|one| Some((one, one.reason.clone()?))) else {
        return ().into_any();
    };
    let back = of.rule.draft.mode != Mode::Auto;
    let (shape, title) = if back {
        (Shape::Degraded, "Set back to ask")
    } else {
        (Shape::Ready, "Armed")
    };
    let class = if back { "card wrong" } else { "card" };
    view! {
        <section class=class id="why">
            <p>{tag(shape, title)}</p>
            <p>{reason}</p>
            <p class="meta">{of.author.to_string()} ", " {moment(of.at, now)}</p>
        </section>
    }
    .into_any()
}

fn row(of: &RuleVersion, now: Timestamp, restorable: bool) -> AnyView {
    let rule = &of.rule;
    let on = if rule.draft.enabled { "enabled" } else { "off" };
    let restore = restorable.then(|| {
        let fields = vec![
            ("id", rule.id.0.to_string()),
            ("version", rule.version.to_string()),
        ];
        button(
            acts::RESTORE_RULE,
            format!("Restore version {}", rule.version),
            Weight::Plain,
            fields,
        )
    });
    view! {
        <li class="item">
            <span class="between">
                <strong>{format!("Version {}", rule.version)}</strong>
                <span class="meta">{of.author.to_string()} ", " {moment(of.at, now)}</span>
            </span>
            <span class="mono text">{rule.draft.pattern.clone()}</span>
            <span class="meta">
                {format!("{} · {} · position {} · {on}", rule.draft.name, rule.draft.mode.word(), rule.draft.position)}
            </span>
            {of.reason.clone().map(|why| view! { <span>{why}</span> })}
            {restore}
        </li>
    }
    .into_any()
}
