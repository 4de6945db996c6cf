//! The browser door: wakes the islands of the page.

// Without this line the linker would drop the crate, and with it every island, silently.
use app as _;

/// Makes Leptos ready to wake islands; the loader calls it once, before it walks the page.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
