//! Tries a rule while it is typed; the Test button of the form does the same without script.

use super::ask::{Drawn, ask, dress, tell};
use super::swap::swap;
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use std::time::Duration;

/// How long typing must rest before the server is asked.
const REST: Duration = Duration::from_millis(250);
/// Fields that change what is matched.
const FIELDS: [&str; 7] = [
    "pattern",
    "sample",
    "labels",
    "cluster",
    "position",
    "ignore_case",
    "multi_line",
];

/// Listens to the fields of the editor and has the server draw anew what they make of past alarms.
#[island]
pub fn RuleTester(
    /// Number of the rule; empty for a new one.
    rule: String,
    /// Whether what the page shows is of a pattern that is taken.
    good: bool,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let good = StoredValue::new(good);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let under_way = StoredValue::new(None::<AbortHandle>);
    let send = move || {
        let (question, handle) = abortable(ask("/do/try_rule", fields(&rule)));
        under_way.set_value(Some(handle));
        spawn_local(async move {
            // A question that was taken back has no answer.
            let Ok(answer) = question.await else { return };
            busy.set(false);
            show(answer, good);
        });
    };
    let send = StoredValue::new(send);
    Effect::new(move |_| {
        let listener = window_event_listener(leptos::ev::input, move |event| {
            let field = event_target::<leptos::web_sys::Element>(&event).id();
            if !FIELDS.contains(&field.as_str()) {
                return;
            }
            if let Some(earlier) = waiting.get_value() {
                earlier.clear();
            }
            if let Some(earlier) = under_way.get_value() {
                earlier.abort();
            }
            busy.set(true);
            dress("tried", "tried dim");
            let ask = move || send.with_value(|send| send());
            waiting.set_value(set_timeout_with_handle(ask, REST).ok());
        });
        on_cleanup(move || listener.remove());
    });
    view! {
        <p class="meta" hidden=move || !busy.get()>
            "Testing\u{2026} what is shown is of the pattern before."
        </p>
    }
}

/// While a pattern is not taken, or nobody answers, the last good result stays, dimmed and labelled.
fn show(answer: Result<Drawn, String>, good: StoredValue<bool>) {
    match answer {
        Ok(drawn) if drawn.fault.is_empty() => {
            good.set_value(true);
            swap("tried", &drawn.html);
            swap("fault", "");
            tell("last-good", "");
            dress("tried", "tried");
            tell("verdict-text", &drawn.sentence);
        }
        Ok(drawn) => {
            swap("fault", &drawn.fault);
            if good.get_value() {
                tell("last-good", "Last good result, of the pattern before:");
            }
            tell("verdict-text", &drawn.sentence);
        }
        Err(error) => {
            let told = format!("Not tested: {error}");
            tell("last-good", &told);
            tell("verdict-text", &told);
        }
    }
}

/// What stands in the fields now.
fn fields(rule: &str) -> Vec<(&'static str, String)> {
    let mut fields = vec![("id", rule.to_owned()), ("text", typed("sample"))];
    for name in ["pattern", "labels", "cluster", "position", "pins", "flags"] {
        fields.push((name, typed(name)));
    }
    for name in ["ignore_case", "multi_line"] {
        if checked(name) {
            fields.push((name, "yes".to_owned()));
        }
    }
    fields
}

/// What stands in a field of the page.
fn typed(id: &str) -> String {
    let Some(field) = document().get_element_by_id(id) else {
        return String::new();
    };
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else {
        field
            .dyn_ref::<HtmlSelectElement>()
            .map_or_else(String::new, HtmlSelectElement::value)
    }
}

fn checked(id: &str) -> bool {
    document().get_element_by_id(id).is_some_and(|field| {
        field
            .dyn_ref::<HtmlInputElement>()
            .is_some_and(HtmlInputElement::checked)
    })
}
