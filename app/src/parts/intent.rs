//! Pieces of the two pages about a tap whose answer was lost.

use super::form::hidden;
use crate::door::IntentState;
use crate::links::acts;
use leptos::prelude::*;

/// Takes the tap back, so that a late copy of it is refused.
pub fn stop(key: &str) -> AnyView {
    view! {
        <form method="post" action=acts::VOID_INTENT data-intent-void="">
            {hidden(vec![("key", key.to_owned())])}
            <button class="button danger">"Stop asking: take it back"</button>
        </form>
    }
    .into_any()
}

/// Whether a text may be a key of ours, and stand in an address.
pub fn plain(key: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=255).contains(&key.len()) && key.chars().all(allowed)
}

/// The word of a state in JSON and on the page.
pub const fn words(state: IntentState) -> &'static str {
    match state {
        IntentState::Arrived => "arrived",
        IntentState::UnderWay => "under_way",
        IntentState::Never => "never",
        IntentState::Refused => "refused",
        IntentState::Void => "void",
    }
}
