//! All URLs of the app on one screen.

use crate::pages;
use crate::parts::raw;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode::Async;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

/// The pages by their paths.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        // Leptos writes the title's text as it is: it must be escaped here, once for all pages.
        <Title formatter=|title: String| raw::escaped(&format!("{title} · Uncordon"))/>
        <Router>
            <FlatRoutes fallback=pages::missing::page>
                <Route path=path!("/") view=pages::now::page ssr=Async/>
                <Route path=path!("/clusters") view=pages::clusters::page ssr=Async/>
                <Route path=path!("/clusters/:c") view=pages::health::page ssr=Async/>
                <Route path=path!("/clusters/:c/nodes/:n") view=pages::node::page ssr=Async/>
                <Route path=path!("/clusters/:c/nodes/:n/start") view=pages::start::page ssr=Async/>
                <Route path=path!("/command") view=pages::command::page ssr=Async/>
                <Route path=path!("/timeline") view=pages::timeline::page ssr=Async/>
                <Route path=path!("/recoveries/:id") view=pages::recovery::page ssr=Async/>
                <Route path=path!("/rules") view=pages::rules::page ssr=Async/>
                <Route path=path!("/rules/:id") view=pages::rule::page ssr=Async/>
                <Route path=path!("/rules/:id/arm") view=pages::arm::page ssr=Async/>
                <Route path=path!("/incidents/:id") view=pages::incident::page ssr=Async/>
                <Route path=path!("/storms") view=pages::storms::page ssr=Async/>
                <Route path=path!("/cordons") view=pages::cordons::page ssr=Async/>
                <Route path=path!("/offline") view=pages::offline::page ssr=Async/>
                <Route path=path!("/intents/:key") view=pages::intent::page ssr=Async/>
                <Route path=path!("/unconfirmed") view=pages::unconfirmed::page ssr=Async/>
                <Route path=path!("/settings/devices") view=pages::devices::page ssr=Async/>
                <Route path=path!("/settings/config") view=pages::config::page ssr=Async/>
                <Route path=path!("/settings") view=pages::settings::page ssr=Async/>
            </FlatRoutes>
        </Router>
    }
}
