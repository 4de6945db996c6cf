//! What may wait for a connection: notes and acknowledgements keep their own time and are sent once.

use super::form::{Weight, action, hidden};
use leptos::prelude::*;

/// One button that is a whole form and may be pressed without a connection; `kind` is `note` or `acknowledge`.
pub fn button(
    act: &'static str,
    kind: &'static str,
    label: &'static str,
    fields: Vec<(&'static str, String)>,
) -> AnyView {
    view! {
        <form method="post" action=action(act) data-queue=kind>
            {hidden(fields)}
            <button class=Weight::Plain.class()>{label}</button>
        </form>
    }
    .into_any()
}
