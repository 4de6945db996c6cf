//! The field of the command page: offers calls while a line is typed and shows how it is read before it is run.

use super::ask::{ask, tell};
use super::suggest::{Call, matching};
use super::swap::swap;
use futures::future::{AbortHandle, abortable};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;
use leptos::task::spawn_local;
use std::time::Duration;

/// How long typing must rest before the server is asked.
const REST: Duration = Duration::from_millis(250);

/// The field and its list of calls; without script a plain field.
#[island]
pub fn CommandField(
    /// What stands in it.
    value: String,
    /// Calls to offer.
    calls: Vec<Call>,
) -> impl IntoView {
    let typed = RwSignal::new(value.clone());
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<usize>);
    let offered = Memo::new(move |_| {
        if open.get() {
            matching(&calls, &typed.get())
        } else {
            Vec::new()
        }
    });
    let ask = asking(typed);
    let field = NodeRef::<leptos::html::Input>::new();
    let take = move |at: usize| {
        if let Some(call) = offered.get_untracked().get(at).cloned() {
            typed.set(call.line.clone());
            if let Some(field) = field.get_untracked() {
                field.set_value(&call.line);
                let _ = field.focus();
            }
            open.set(false);
            chosen.set(None);
            ask();
        }
    };
    let key = move |event: KeyboardEvent| {
        let count = offered.get_untracked().len();
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" => {
                event.prevent_default();
                let down = event.key() == "ArrowDown";
                if count == 0 {
                    open.set(true);
                } else {
                    chosen.update(|at| *at = Some(moved(*at, count, down)));
                }
            }
            "Enter" => {
                if let Some(at) = chosen.get_untracked() {
                    event.prevent_default();
                    take(at);
                }
            }
            // Not when the field is left by a tap: the tapped button would move away from under the finger.
            "Escape" | "Tab" => {
                open.set(false);
                chosen.set(None);
            }
            _ => {}
        }
    };
    let options = move || {
        let row = |(at, call): (usize, Call)| {
            view! {
                <li
                    role="option"
                    id=format!("call-{at}")
                    class="option"
                    aria-selected=move || if chosen.get() == Some(at) { "true" } else { "false" }
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| take(at)
                >
                    <span class="mono">{call.line}</span>
                    <span class="meta">{call.what}</span>
                </li>
            }
        };
        offered
            .get()
            .into_iter()
            .enumerate()
            .map(row)
            .collect_view()
    };
    let listed = move || !offered.with(Vec::is_empty);
    view! {
        <div class="combo">
            <label for="text">"Command"</label>
            <input
                node_ref=field
                type="text"
                id="text"
                name="text"
                class="mono"
                value=value
                required
                maxlength="500"
                role="combobox"
                aria-autocomplete="list"
                aria-controls="calls"
                aria-describedby="reading"
                aria-expanded=move || if listed() { "true" } else { "false" }
                aria-activedescendant=move || chosen.get().map(|at| format!("call-{at}"))
                autocomplete="off"
                autocapitalize="off"
                {..custom_attribute("autocorrect", "off")}
                spellcheck="false"
                enterkeyhint="go"
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    open.set(true);
                    chosen.set(None);
                    ask();
                }
                on:keydown=key
            />
            <ul id="calls" class="calls" role="listbox" aria-label="Calls" hidden=move || !listed()>
                {options}
            </ul>
        </div>
    }
}

/// Asks the server once typing rests; a question that was overtaken is taken back.
fn asking(typed: RwSignal<String>) -> impl Fn() + Copy {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let under_way = StoredValue::new(None::<AbortHandle>);
    let send = move || {
        let fields = vec![("text", typed.get_untracked())];
        let (question, handle) = abortable(ask("/do/read_command", fields));
        under_way.set_value(Some(handle));
        spawn_local(async move {
            match question.await {
                Ok(Ok(drawn)) => swap("reading", &drawn.html),
                Ok(Err(error)) => tell("reading", &format!("Not read: {error}. Nothing was run.")),
                Err(_) => {}
            }
        });
    };
    move || {
        if let Some(earlier) = waiting.get_value() {
            earlier.clear();
        }
        if let Some(earlier) = under_way.get_value() {
            earlier.abort();
        }
        if typed.with_untracked(|text| text.trim().is_empty()) {
            tell("reading", "");
        } else {
            waiting.set_value(set_timeout_with_handle(send, REST).ok());
        }
    }
}

/// The next or the one before, around the ends.
fn moved(at: Option<usize>, count: usize, down: bool) -> usize {
    match (at, down) {
        (None, true) => 0,
        (None, false) => count - 1,
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
    }
}
