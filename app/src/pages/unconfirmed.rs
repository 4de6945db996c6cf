//! A tap whose answer was lost. Open to all and without a name, so that the phone can keep it for a tunnel.

use crate::links;
use crate::parts::form::{Weight, link};
use crate::parts::frame::bare;
use crate::parts::intent::{plain, stop};
use crate::parts::status::{Shape, tag};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page.
pub fn page() -> AnyView {
    let asked = use_query_map().get_untracked().get("intent");
    let key = asked.filter(|key| plain(key));
    let by_hand = key.as_deref().map(|key| {
        view! {
            {link(links::intent(key), "Check now", Weight::Main)}
            {stop(key)}
        }
    });
    bare(
        "Not confirmed",
        view! {
            <section class="card" data-module="intent" data-intent-state="never">
                <p>{tag(Shape::Unknown, "Not confirmed yet")}</p>
                <p role="status" data-intent-text="">
                    "Not confirmed. It may not have left your phone. It is never sent again without you."
                </p>
                {by_hand}
            </section>
            <p class="meta">"You can close the app: what arrived goes on without your phone, and what did not arrive in time is refused."</p>
            {link(links::NOW, "Back to Now", Weight::Plain)}
        }
        .into_any(),
    )
}
