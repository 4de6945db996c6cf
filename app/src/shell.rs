//! The HTML document around every page.

use crate::door::{Site, Theme};
use crate::parts::raw;
use crate::routes::App;
use leptos::html::meta;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The whole document: one inlined style sheet, one script, no inline script.
pub fn shell(site: Site) -> impl IntoView {
    // Otherwise Leptos takes the whole page for one that the browser wakes, not only its islands.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let theme = use_context::<Theme>().unwrap_or_default();
    let forced = (theme != Theme::System).then(|| theme.word());
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=forced data-build=site.build>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                {bar_colours(theme)}
                <meta name="apple-mobile-web-app-title" content="Uncordon"/>
                <meta name="apple-mobile-web-app-status-bar-style" content="default"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
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

/// The colour of the bars around the page, the token `bg`; two with a condition unless a theme is forced.
fn bar_colours(theme: Theme) -> AnyView {
    let bar = |colour: &'static str, when: Option<&'static str>| {
        meta()
            .name("theme-color")
            .content(colour)
            .attr("media", when)
            .into_any()
    };
    match theme {
        Theme::Light => bar("#F6F8FA", None),
        Theme::Dark => bar("#0D1117", None),
        Theme::System | Theme::More => [
            bar("#F6F8FA", Some("(prefers-color-scheme: light)")),
            bar("#0D1117", Some("(prefers-color-scheme: dark)")),
        ]
        .into_any(),
    }
}
