//! The one place that writes text Leptos does not escape: the title, text areas and the style sheet.

use leptos::prelude::*;

/// A text area; its text is escaped here because Leptos writes it as it is.
pub struct Area {
    /// Id, and name of the field.
    pub name: &'static str,
    /// What stands in it.
    pub text: String,
    /// Lines shown.
    pub rows: u8,
    /// Whether it holds code: one width for all letters, no help with spelling.
    pub code: bool,
    /// Id of what describes it.
    pub described_by: &'static str,
    /// Whether what stands in it was refused.
    pub wrong: bool,
}

/// Draws it.
pub fn area(of: &Area) -> AnyView {
    // The parser drops the first line break.
    let inner = format!("\n{}", escaped(&of.text));
    view! {
        <textarea
            id=of.name
            name=of.name
            rows=of.rows.to_string()
            class=if of.code { "mono" } else { "" }
            spellcheck=if of.code { "false" } else { "true" }
            autocapitalize=if of.code { "off" } else { "sentences" }
            autocomplete="off"
            aria-describedby=of.described_by
            aria-invalid=of.wrong.then_some("true")
            inner_html=inner
        ></textarea>
    }
    .into_any()
}

/// The style sheet; our own text, never data.
pub fn sheet(css: &'static str) -> AnyView {
    view! { <style inner_html=css></style> }.into_any()
}

/// Text that ends no element and begins none.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
    out
}
