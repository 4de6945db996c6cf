//! The ways to what is kept on record: storms and cordons.

use crate::links;
use crate::parts::list::leads;
use leptos::prelude::*;

pub fn group() -> AnyView {
    view! {
        <section id="ledgers">
            <h2>"On record"</h2>
            <ul class="list">
                {leads(links::STORMS, "Storms", "Breakers that are open, and those that were closed")}
                {leads(links::CORDONS, "Cordons", "Every cordon with its owner, reason and time")}
            </ul>
        </section>
    }
    .into_any()
}
