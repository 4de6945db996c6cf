//! A strip of keys that phones hide behind two taps: each puts its sign into a field at the cursor.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, HtmlInputElement, HtmlTextAreaElement};
use serde::{Deserialize, Serialize};

/// One key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// What it shows and puts in.
    pub text: String,
    /// Its name, where the sign alone is hard to hear.
    pub name: String,
    /// How many characters before its end the cursor is left: 1 for brackets.
    pub back: u32,
    /// Whether it is a word, with blanks around it.
    pub word: bool,
}

/// Keys for the field with this id; without script there is no strip.
#[island]
pub fn KeyStrip(
    /// Id of an input or a text area.
    field: String,
    /// What the strip is called.
    label: String,
    /// The keys.
    keys: Vec<Key>,
) -> impl IntoView {
    let field = StoredValue::new(field);
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    let keys = keys
        .into_iter()
        .map(|key| {
            let shown = key.text.clone();
            let name = (!key.name.is_empty()).then(|| key.name.clone());
            view! {
                <button
                    type="button"
                    class="key"
                    aria-label=name
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| field.with_value(|field| put(field, &key))
                >
                    {shown}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="keys" role="group" aria-label=label hidden=move || !awake.get()>
            {keys}
        </div>
    }
}

fn put(field: &str, key: &Key) {
    let Some(element) = document().get_element_by_id(field) else {
        return;
    };
    if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        let at = (area.selection_start(), area.selection_end());
        let (text, cursor) = put_in(&area.value(), marked(at), key);
        area.set_value(&text);
        let _ = area.focus();
        let _ = area.set_selection_range(cursor, cursor);
    } else if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        let at = (input.selection_start(), input.selection_end());
        let (text, cursor) = put_in(&input.value(), marked(at), key);
        input.set_value(&text);
        let _ = input.focus();
        let _ = input.set_selection_range(cursor, cursor);
    }
    // Whoever listens to typing hears of it.
    if let Ok(event) = Event::new("input") {
        event.init_event_with_bubbles("input", true);
        let _ = element.dispatch_event(&event);
    }
}

type Place<E> = (Result<Option<u32>, E>, Result<Option<u32>, E>);

fn marked<E>(at: Place<E>) -> Option<(u32, u32)> {
    Some((at.0.ok()??, at.1.ok()??))
}

/// The text with the key in it, and where the cursor stands then; places count as the browser counts.
fn put_in(text: &str, at: Option<(u32, u32)>, key: &Key) -> (String, u32) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let end = units.len();
    let (from, to) = at.map_or((end, end), |(from, to)| (from as usize, to as usize));
    let from = from.min(end);
    let before = String::from_utf16_lossy(&units[..from]);
    let after = String::from_utf16_lossy(&units[to.clamp(from, end)..]);
    let mut sign = key.text.clone();
    if key.word {
        if !before.is_empty() && !before.ends_with(' ') {
            sign.insert(0, ' ');
        }
        if !after.starts_with(' ') {
            sign.push(' ');
        }
    }
    let cursor = before.encode_utf16().count() + sign.encode_utf16().count();
    let cursor = u32::try_from(cursor).unwrap_or(u32::MAX);
    (
        format!("{before}{sign}{after}"),
        cursor.saturating_sub(key.back),
    )
}

#[cfg(test)]
mod tests {
    use super::{Key, put_in};

    fn key(text: &str, back: u32, word: bool) -> Key {
        Key {
            text: text.to_owned(),
            back,
            word,
            ..Key::default()
        }
    }

    #[test]
    fn a_key_is_put_in_at_the_cursor_and_takes_the_place_of_what_is_marked() {
        assert_eq!(
            put_in("ab", Some((1, 1)), &key(".", 0, false)),
            ("a.b".to_owned(), 2)
        );
        assert_eq!(
            put_in("abc", Some((1, 2)), &key("()", 1, false)),
            ("a()c".to_owned(), 2)
        );
        assert_eq!(
            put_in("ab", None, &key("*", 0, false)),
            ("ab*".to_owned(), 3)
        );
        assert_eq!(
            put_in("\u{1F600}b", Some((2, 2)), &key("+", 0, false)),
            ("\u{1F600}+b".to_owned(), 3)
        );
        assert_eq!(
            put_in("10.0.0.12", None, &key("startup", 0, true)),
            ("10.0.0.12 startup ".to_owned(), 18)
        );
        assert_eq!(
            put_in("", Some((9, 9)), &key("status", 0, true)),
            ("status ".to_owned(), 7)
        );
    }
}
