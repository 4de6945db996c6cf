//! How pages look on this device: one tap, kept in a cookie, in force from the first byte of the next page.

use crate::door::Theme;
use crate::links;
use leptos::prelude::*;

pub fn group() -> AnyView {
    let chosen = use_context::<Theme>().unwrap_or_default();
    let buttons = Theme::ALL
        .into_iter()
        .map(|theme| {
            let pressed = (theme == chosen).to_string();
            view! {
                <button class="button" name="theme" value=theme.word() aria-pressed=pressed>{word(theme)}</button>
            }
        })
        .collect_view();
    view! {
        <section id="appearance">
            <h2>"Appearance"</h2>
            <form method="post" action=links::THEME class="card">
                <p class="meta">"On this device only."</p>
                <div class="choices">{buttons}</div>
            </form>
        </section>
    }
    .into_any()
}

const fn word(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "System",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
        Theme::More => "More contrast",
    }
}
