//! Which version this is, and whether its world is a real one.

use crate::desk::views::SettingsView;
use leptos::prelude::*;

pub fn group(view: &SettingsView) -> AnyView {
    let sandbox = view.sandbox.then(|| {
        view! {
            <p>
                {format!(
                    "This is the sandbox: a make-believe world whose clock runs {} as fast as the wall's. Nothing real can be touched.",
                    view.speed
                )}
            </p>
        }
    });
    view! {
        <section id="about">
            <h2>"About"</h2>
            <div class="card">
                {sandbox}
                <p class="meta">{format!("Uncordon {}", view.version)}</p>
            </div>
        </section>
    }
    .into_any()
}
