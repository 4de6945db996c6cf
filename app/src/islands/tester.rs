//! Tries a rule while it is typed; the Test button of the form does the same without script.

use super::trial::{Trial, draw};
use crate::calls::rules::try_rule;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlTextAreaElement;
use std::time::Duration;

/// How long typing must rest before the server is asked.
const REST: Duration = Duration::from_millis(250);

/// Listens to the fields `pattern` and `sample` of the page and shows what they make of each other.
#[island]
pub fn RuleTester(
    /// What the server already knows.
    trial: Trial,
) -> impl IntoView {
    let shown = RwSignal::new(trial);
    let trouble = RwSignal::new(None::<String>);
    let asked = StoredValue::new(0_u32);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let ask = move || {
        let turn = asked.get_value().wrapping_add(1);
        asked.set_value(turn);
        spawn_local(async move {
            let answer = try_rule(typed("pattern"), Some(typed("sample"))).await;
            // An older question may be answered later; only the newest counts.
            if asked.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(trial) => {
                    shown.set(trial);
                    trouble.set(None);
                }
                Err(error) => trouble.set(Some(error.to_string())),
            }
        });
    };
    Effect::new(move |_| {
        let listener = window_event_listener(leptos::ev::input, move |event| {
            let field = event_target::<leptos::web_sys::Element>(&event).id();
            if field != "pattern" && field != "sample" {
                return;
            }
            if let Some(earlier) = waiting.get_value() {
                earlier.clear();
            }
            waiting.set_value(set_timeout_with_handle(ask, REST).ok());
        });
        on_cleanup(move || listener.remove());
    });
    view! {
        <div role="status">
            {move || trouble.get().map(|text| view! { <p>"Not tested: " {text}</p> })}
            {move || draw(shown.get())}
        </div>
    }
}

/// What stands in a text area of the page.
fn typed(id: &str) -> String {
    document()
        .get_element_by_id(id)
        .and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok())
        .map_or_else(String::new, |field| field.value())
}
