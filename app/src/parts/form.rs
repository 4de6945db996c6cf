//! Forms: a button that acts with one tap, and fields with label, hint and error.

use crate::door::intent;
use leptos::prelude::*;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The one main action of a screen: 56 px, full width.
    Main,
    /// Any other.
    Plain,
    /// Takes something away or goes with a warning.
    Danger,
    /// The main action of a screen that warns.
    Warned,
}

impl Weight {
    /// Class of its button.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Main => "button main",
            Self::Plain => "button",
            Self::Danger => "button danger",
            Self::Warned => "button main danger",
        }
    }
}

/// Where a form goes: the act with a key of its own, so that a repeated tap is known as one.
pub fn action(act: &'static str) -> String {
    let key = intent();
    if key.is_empty() {
        act.to_owned()
    } else {
        format!("{act}?intent={key}")
    }
}

/// Fields nobody sees.
pub fn hidden(fields: Vec<(&'static str, String)>) -> AnyView {
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// One button that is a whole form.
pub fn button(
    act: &'static str,
    label: impl Into<String>,
    weight: Weight,
    fields: Vec<(&'static str, String)>,
) -> AnyView {
    view! {
        <form method="post" action=action(act)>
            {hidden(fields)}
            <button class=weight.class()>{label.into()}</button>
        </form>
    }
    .into_any()
}

/// A button whose answer is a secret: without a key, so that nothing of it is kept to answer a repeated tap.
pub fn plain(act: &'static str, label: &'static str) -> AnyView {
    view! { <form method="post" action=act><button class=Weight::Plain.class()>{label}</button></form> }
        .into_any()
}

/// A button that only leads somewhere.
pub fn link(href: impl Into<String>, label: impl Into<String>, weight: Weight) -> AnyView {
    view! { <a class=weight.class() href=href.into()>{label.into()}</a> }.into_any()
}

/// A line to type in.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Name of the field.
    pub name: &'static str,
    /// Its id, where a page has several of that name.
    pub id: Option<String>,
    /// What it is.
    pub label: String,
    /// What is expected.
    pub hint: &'static str,
    /// What stands in it.
    pub value: String,
    /// Whether it must be filled.
    pub required: bool,
    /// Whether it holds names or code.
    pub code: bool,
}

/// Draws it.
pub fn line(of: Line) -> AnyView {
    let id = of.id.unwrap_or_else(|| of.name.to_owned());
    let hint = format!("{id}-hint");
    let described = (!of.hint.is_empty()).then(|| hint.clone());
    view! {
        <div class="field">
            <label for=id.clone()>{of.label}</label>
            {(!of.hint.is_empty()).then(|| view! { <p class="hint" id=hint>{of.hint}</p> })}
            <input
                type="text"
                id=id
                name=of.name
                value=of.value
                required=of.required
                aria-describedby=described
                autocomplete="off"
                class=if of.code { "mono" } else { "" }
                autocapitalize=if of.code { "off" } else { "sentences" }
                spellcheck=if of.code { "false" } else { "true" }
            />
        </div>
    }
    .into_any()
}

/// A choice from a few words, as (value, shown).
pub fn choice(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
) -> AnyView {
    let options = options
        .into_iter()
        .map(|(value, shown)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{shown}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name>{options}</select>
        </div>
    }
    .into_any()
}
