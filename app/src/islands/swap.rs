//! The one place in the browser that takes HTML as it is: what our own server has just drawn, with every text escaped.

use leptos::prelude::document;

/// Puts HTML that our server drew into the element with this id.
pub fn swap(id: &str, html: &str) {
    if let Some(place) = document().get_element_by_id(id) {
        place.set_inner_html(html);
    }
}
