//! How I confirm: one tap, or a button that is held.

use crate::desk::views::{PreferenceKey, Preferences};
use crate::links::acts;
use crate::parts::form::{action, choice};
use leptos::prelude::*;

/// The group with its own form.
pub fn group(mine: Preferences) -> AnyView {
    let options = |key: PreferenceKey| {
        key.choices()
            .iter()
            .map(|word| ((*word).to_owned(), shown(key, word)))
            .collect()
    };
    let field = |key: PreferenceKey, label| choice(key.word(), label, options(key), mine.word(key));
    view! {
        <section id="confirm">
            <h2>"How I confirm"</h2>
            <div class="card">
            <p>
                "A start without a warning is one tap, then 5 s in which it can be cancelled. A button that must be held guards against a pocket. Whatever carries a warning asks for the node's name in any case."
            </p>
            <form method="post" action=action(acts::SET_PREFERENCE) class="stack">
                {field(PreferenceKey::Hold, "Start button")}
                {field(PreferenceKey::Vibrate, "Shake when it may be released (Android)")}
                <button class="button">"Save how I confirm"</button>
            </form>
            </div>
        </section>
    }
    .into_any()
}

fn shown(key: PreferenceKey, word: &str) -> String {
    match (key, word) {
        (PreferenceKey::Hold, "off") => "One tap".to_owned(),
        (PreferenceKey::Hold, seconds) => format!("Hold {seconds} s, then release"),
        (PreferenceKey::Vibrate, "on") => "Yes".to_owned(),
        (PreferenceKey::Vibrate, _) => "No".to_owned(),
    }
}
