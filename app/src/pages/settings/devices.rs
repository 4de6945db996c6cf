//! Notifications: the way to the devices that are told, and to the second channel.

use crate::links;
use crate::parts::list::leads;
use leptos::prelude::*;

pub fn group() -> AnyView {
    view! {
        <section id="notifications">
            <h2>"Notifications"</h2>
            <ul class="list">
                {leads(
                    links::DEVICES,
                    "Devices and notifications",
                    "Which devices hear of a node that needs you, and the second channel",
                )}
            </ul>
        </section>
    }
    .into_any()
}
