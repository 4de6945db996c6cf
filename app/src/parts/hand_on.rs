//! A text to read and to select, and with script to copy and to hand on to another app.

use super::icon::{Icon, icon};
use leptos::prelude::*;

/// A fold with a text under this id; the module `copy` shows the buttons where the browser can do what they say.
pub fn hand_on(
    fold: Option<&'static str>,
    id: &'static str,
    title: &'static str,
    text: String,
    copy: &'static str,
    open: bool,
) -> AnyView {
    view! {
        <details class="fold" id=fold open=open data-module="copy" data-text=id>
            <summary>{title}</summary>
            <div class="stack inside">
                <pre id=id>{text}</pre>
                <div class="row">
                    <button class="button" type="button" data-copy="" hidden>
                        {icon(Icon::Copy)} {copy}
                    </button>
                    <button class="button" type="button" data-share="" hidden>
                        {icon(Icon::Share)} "Share"
                    </button>
                </div>
                <p class="meta" role="status" data-said=""></p>
            </div>
        </details>
    }
    .into_any()
}
