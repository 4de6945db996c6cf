//! The versions of a rule, newest first, each of which can be brought back.

use crate::desk::views::RuleVersion;
use crate::links::acts;
use crate::parts::form::{Weight, button};
use crate::parts::time::moment;
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
            {restore}
        </li>
    }
    .into_any()
}
