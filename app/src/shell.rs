//! The HTML document around every page.

use crate::door::Site;
use crate::parts::raw;
use crate::routes::App;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The whole document: one inlined style sheet, one script, no inline script.
pub fn shell(site: Site) -> impl IntoView {
    // Otherwise Leptos takes the whole page for one that the browser wakes, not only its islands.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" content="#F6F8FA" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#0D1117" media="(prefers-color-scheme: dark)"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {raw::sheet(site.css)}
                {site.loader.map(|loader| view! { <script type="module" src=loader></script> })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
