//! What stands in the place of every page while nobody is signed in.

use crate::parts::frame::bare;
use leptos::prelude::*;

/// How to get a session.
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
