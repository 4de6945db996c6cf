//! Rows that lead on as a whole.

use super::icon::{Icon, icon};
use leptos::prelude::*;

/// A row with a name, what is behind it, and an arrow.
pub fn leads(href: impl Into<String>, name: &'static str, what: &'static str) -> AnyView {
    view! {
        <li class="item">
            <a class="item-link" href=href.into()>
                <strong>{name}</strong>
                {icon(Icon::Go)}
                <span class="meta">{what}</span>
            </a>
        </li>
    }
    .into_any()
}

/// The last line of a card: leads on, as wide as the card.
pub fn go(href: impl Into<String>, label: impl Into<String>) -> AnyView {
    view! { <a class="go" href=href.into()><span>{label.into()}</span> {icon(Icon::Go)}</a> }
        .into_any()
}
