//! Somebody saved while this person typed: the version both began from, theirs and yours, field by field.

use super::typed::as_draft;
use crate::desk::views::RuleVersion;
use crate::door::TypedRule;
use crate::parts::time::ago;
use domain::rule::Rule;
use domain::rule::diff::{cut, fields};
use jiff::Timestamp;
use leptos::prelude::*;

/// The view, if there is anything to see.
pub fn view(versions: &[RuleVersion], typed: &TypedRule, now: Timestamp) -> AnyView {
    let newest = versions.iter().max_by_key(|one| one.rule.version);
    let base = versions
        .iter()
        .find(|one| Some(one.rule.version) == typed.version);
    let (Some(theirs), Some(base)) = (newest, base) else {
        return ().into_any();
    };
    if theirs.rule.version == base.rule.version {
        return ().into_any();
    }
    let yours = as_draft(typed, &base.rule.draft);
    let columns = fields(&base.rule.draft)
        .into_iter()
        .zip(fields(&theirs.rule.draft))
        .zip(fields(&yours));
    let rows: Vec<AnyView> = columns
        .filter(|(((_, base), (_, theirs)), (_, yours))| base != theirs || base != yours)
        .map(|(((name, base_text), (_, their_text)), (_, your_text))| {
            view! {
                <h3>{name}</h3>
                <dl class="versus">
                    <dt>{said(&base.rule)}</dt>
                    <dd class="mono">{base_text.clone()}</dd>
                    <dt>{format!("{}, {}", said(&theirs.rule), theirs.author)}</dt>
                    <dd class="mono">{against(&their_text, &base_text)}</dd>
                    <dt>"Yours"</dt>
                    <dd class="mono">{against(&your_text, &base_text)}</dd>
                </dl>
            }
            .into_any()
        })
        .collect();
    view! {
        <h2>"Three versions"</h2>
        <p>
            {format!("{} saved version {} ", theirs.author, theirs.rule.version)}
            {ago(theirs.at, now)} ". Only what differs is shown."
        </p>
        {rows}
    }
    .into_any()
}

fn said(of: &Rule) -> String {
    format!("Version {}", of.version)
}

/// A text with the part marked that another one does not have.
pub fn against(text: &str, other: &str) -> AnyView {
    if text == other {
        return view! { <span>"the same"</span> }.into_any();
    }
    let (front, own, back) = cut(text, other);
    let piece = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let own = if own.is_empty() {
        view! { <span class="meta">"(shorter)"</span> }.into_any()
    } else {
        view! { <mark>{own.to_owned()}</mark> }.into_any()
    };
    view! { {piece(front)} {own} {piece(back)} }.into_any()
}
