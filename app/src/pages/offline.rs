//! What the worker shows in place of a page of which this device has no copy: it knows nobody and is the same for all.

use crate::links;
use crate::parts::form::{Weight, link};
use crate::parts::frame::adrift;
use leptos::prelude::*;

/// The page; it stands under the address that was asked for, so that trying again asks for that.
pub fn page() -> AnyView {
    let body = view! {
        <section class="card">
            <p>"This page was not seen on this device before, so there is no copy of it. Nothing was sent."</p>
            {link("", "Try again", Weight::Main)}
        </section>
        <section data-module="copies" hidden>
            <h2>"Saved on this device"</h2>
            <ul class="list"></ul>
        </section>
        <p class="meta">
            "Recoveries go on without your phone. "
            <a class="tap" href=links::NOW>"Now"</a>
        </p>
    };
    adrift("No connection", body.into_any())
}
