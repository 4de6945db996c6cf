//! Where a session begins: the button behind an invitation, or how to get one.

use crate::links;
use crate::parts::form::{Weight, hidden, link};
use crate::parts::frame::bare;
use domain::access::Person;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page behind a sign-in link: opening it changes nothing, the button uses the link up.
pub fn page() -> AnyView {
    let token = use_query_map()
        .get_untracked()
        .get("token")
        .filter(|token| !token.is_empty());
    let Some(token) = token else {
        return if use_context::<Option<Person>>().flatten().is_some() {
            bare("Signed in", link(links::NOW, "Open Now", Weight::Main))
        } else {
            wanted()
        };
    };
    let body = view! {
        <section class="card">
            <p>"This link signs this browser in. A link works once."</p>
            <form method="post" action=links::SIGN_IN>
                {hidden(vec![("token", token)])}
                <button class="button main">"Sign in"</button>
            </form>
        </section>
    };
    bare("Sign in", body.into_any())
}

/// What somebody without a session sees on every page.
pub fn wanted() -> AnyView {
    let body = view! {
        <section class="card">
            <p>"Nobody is signed in here. Open your sign-in link in this browser."</p>
            <p>
                "In the sandbox the link is printed when it starts. Elsewhere an admin makes one with "
                <code class="mono">"uncordon user invite"</code> "."
            </p>
        </section>
    };
    bare("Sign in", body.into_any())
}
