//! Who you are, how another device comes in, and the way out.

use crate::desk::views::SettingsView;
use crate::links;
use crate::parts::form::{Weight, link};
use leptos::prelude::*;

pub fn group(view: &SettingsView) -> AnyView {
    view! {
        <section id="you">
            <h2>"You"</h2>
            <div class="card">
                <p><strong>{view.you.to_string()}</strong> <span class="meta">{format!(" {}", view.role.word())}</span></p>
                <div class="row">
                    {link(links::NEW_CODE, "Sign in another device", Weight::Plain)}
                    <form method="post" action=links::SIGN_OUT>
                        <button class="button">"Sign out"</button>
                    </form>
                </div>
            </div>
        </section>
    }
    .into_any()
}
