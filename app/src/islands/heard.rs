//! A line as it was understood, drawn by the server and by the browser alike.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What running a line would do, or what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// `read`, `act`, `confirm`, `held` or `unread`.
    pub kind: String,
    /// In a sentence.
    pub text: String,
    /// For a wrong line: what stands before the wrong word, the word, and the rest.
    pub pieces: (String, String, String),
    /// Valid calls: where a tap leads, the line, what it is about.
    pub offers: Vec<(String, String, String)>,
}

/// Draws it.
pub fn draw(heard: Heard) -> AnyView {
    let (before, wrong, after) = heard.pieces;
    let marked = (!wrong.is_empty()).then(|| {
        view! {
            <p class="mono text">
                {drawn(before)} <mark class="fault">{wrong}</mark> {drawn(after)}
            </p>
        }
    });
    let offers = (!heard.offers.is_empty()).then(|| {
        let rows = heard
            .offers
            .into_iter()
            .map(|(href, line, what)| {
                view! {
                    <li class="item">
                        <a class="item-link" href=href>
                            <span class="mono">{line}</span>
                            {(!what.is_empty()).then(|| view! { <span class="meta">{what}</span> })}
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="list">{rows}</ul> }
    });
    let kind = format!("reading {}", heard.kind);
    view! {
        <div class=kind>
            <p>{heard.text}</p>
            {marked}
            {offers}
        </div>
    }
    .into_any()
}

/// A piece of a text, or nothing: Leptos writes an empty text as a blank, which would show here.
fn drawn(piece: String) -> Option<String> {
    Some(piece).filter(|piece| !piece.is_empty())
}
