//! Tries a rule while it is typed; the Test button of the form does the same without script.

use super::trial::{Trial, draw, draw_fault, verdict};
use crate::calls::rules::try_rule;
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

/// Listens to the fields of the editor and shows what they make of past alarms.
#[island]
pub fn RuleTester(
    /// What the server already knows.
    trial: Trial,
    /// Number of the rule; empty for a new one.
    rule: String,
) -> impl IntoView {
    let shown = RwSignal::new(trial);
    // While a pattern is not taken the last good result stays, and says so.
    let good = RwSignal::new(None::<Trial>);
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let under_way = StoredValue::new(None::<AbortHandle>);
    let send = move || {
        let (question, handle) = abortable(asked(rule.clone()));
        under_way.set_value(Some(handle));
        spawn_local(async move {
            // A question that was taken back has no answer.
            let Ok(answer) = question.await else { return };
            busy.set(false);
            match answer {
                Ok(trial) => {
                    if shown.with_untracked(|old| old.fault.is_none()) {
                        good.set(Some(shown.get_untracked()));
                    }
                    tell(&verdict(&trial));
                    shown.set(trial);
                    trouble.set(None);
                }
                Err(error) => {
                    trouble.set(Some(error.to_string()));
                    tell(&format!("Not tested: {error}"));
                }
            }
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
            let ask = move || send.with_value(|send| send());
            waiting.set_value(set_timeout_with_handle(ask, REST).ok());
        });
        on_cleanup(move || listener.remove());
    });
    let result = move || {
        let now = shown.get();
        match (now.fault.clone(), good.get()) {
            (None, _) => draw(now),
            (Some(fault), None) => view! {
                {draw_fault(fault)}
                {draw(Trial { summary: String::new(), ..now })}
            }
            .into_any(),
            (Some(fault), Some(good)) => view! {
                {draw_fault(fault)}
                <p class="meta" id="last-good">"Last good result, of the pattern before:"</p>
                <div class="dim">{draw(Trial { place: now.place, ..good })}</div>
            }
            .into_any(),
        }
    };
    view! {
        <div class="tried" class:busy=move || busy.get() data-busy=move || busy.get().then_some("")>
            <p class="meta" hidden=move || !busy.get()>"Testing\u{2026} what is shown is of the pattern before."</p>
            {move || trouble.get().map(|text| view! { <p class="meta">"Not tested: " {text}</p> })}
            {result}
        </div>
    }
}

/// The question, with what stands in the fields now.
async fn asked(rule: String) -> Result<Trial, String> {
    let given = |id: &str| Some(typed(id));
    let ticked = |id: &str| checked(id).then(|| "yes".to_owned());
    let answer = try_rule(
        typed("pattern"),
        given("sample"),
        Some(rule),
        given("labels"),
        given("cluster"),
        given("position"),
        given("pins"),
        given("flags"),
        ticked("ignore_case"),
        ticked("multi_line"),
    );
    answer.await.map_err(|error| error.to_string())
}

/// The sentence at the bottom of the screen.
fn tell(text: &str) {
    if let Some(place) = document().get_element_by_id("verdict-text") {
        place.set_text_content(Some(text));
    }
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
