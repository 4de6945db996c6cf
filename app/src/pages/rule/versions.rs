//! The versions of a rule, newest first: what each changed, and the way back to it.

use super::three::against;
use crate::desk::views::RuleVersion;
use crate::links::acts;
use crate::parts::form::{Weight, button};
use crate::parts::status::{Shape, tag};
use crate::parts::time::{ago, moment};
use domain::rule::Mode;
use domain::rule::diff::changes;
use jiff::Timestamp;
use leptos::prelude::*;

/// Which version is live, and one tap back to the one before; it stays for as long as there is one.
pub fn live(versions: &[RuleVersion], now: Timestamp, may: bool) -> AnyView {
    let mut sorted: Vec<&RuleVersion> = versions.iter().collect();
    sorted.sort_by_key(|one| std::cmp::Reverse(one.rule.version));
    let Some(newest) = sorted.first() else {
        return ().into_any();
    };
    let back = sorted
        .get(1)
        .filter(|_| may)
        .map(|before| restore(before, format!("Revert to {}", before.rule.version)));
    view! {
        <div class="between" id="live-version">
            <p>
                <strong>{format!("Version {} is live.", newest.rule.version)}</strong>
                <br/>
                <span class="meta">{newest.author.to_string()} ", " {ago(newest.at, now)}</span>
            </p>
            {back}
        </div>
    }
    .into_any()
}

/// The list.
pub fn list(versions: &[RuleVersion], now: Timestamp, may: bool) -> AnyView {
    if versions.is_empty() {
        return ().into_any();
    }
    let newest = versions.iter().map(|one| one.rule.version).max();
    let rows = versions
        .iter()
        .map(|one| {
            let before = versions
                .iter()
                .filter(|other| other.rule.version < one.rule.version)
                .max_by_key(|other| other.rule.version);
            row(one, before, now, may && Some(one.rule.version) != newest)
        })
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

fn row(
    of: &RuleVersion,
    before: Option<&RuleVersion>,
    now: Timestamp,
    restorable: bool,
) -> AnyView {
    let rule = &of.rule;
    let on = if rule.draft.enabled { "enabled" } else { "off" };
    let back = restorable.then(|| restore(of, format!("Restore version {}", rule.version)));
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
            {before.map(|before| changed(of, before))}
            {back}
        </li>
    }
    .into_any()
}

fn restore(of: &RuleVersion, label: String) -> AnyView {
    let fields = vec![
        ("id", of.rule.id.0.to_string()),
        ("version", of.rule.version.to_string()),
    ];
    button(acts::RESTORE_RULE, label, Weight::Plain, fields)
}

/// Field by field what a version changed.
fn changed(of: &RuleVersion, before: &RuleVersion) -> AnyView {
    let changes = changes(&before.rule.draft, &of.rule.draft);
    let title = match changes.len() {
        0 => return view! { <span class="meta">"Nothing was changed."</span> }.into_any(),
        1 => "1 change".to_owned(),
        many => format!("{many} changes"),
    };
    let rows = changes
        .into_iter()
        .map(|one| {
            view! {
                <h3>{one.field}</h3>
                <dl class="versus">
                    <dt>{format!("Version {}", before.rule.version)}</dt>
                    <dd class="mono">{against(&one.old, &one.new)}</dd>
                    <dt>{format!("Version {}", of.rule.version)}</dt>
                    <dd class="mono">{against(&one.new, &one.old)}</dd>
                </dl>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary>{format!("{title} since version {}", before.rule.version)}</summary>
            {rows}
        </details>
    }
    .into_any()
}
