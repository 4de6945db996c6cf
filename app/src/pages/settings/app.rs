//! This device as an app: how it is installed here, what is saved on it, and whether the line works.

use crate::links;
use crate::parts::form::{Weight, link};
use crate::parts::icon::{Icon, icon};
use leptos::prelude::*;

/// The group; the script fills in what only the device knows and opens the way that fits it.
pub fn group() -> AnyView {
    view! {
        <section id="app" data-module="install">
            <h2>"This app"</h2>
            <div class="card">
                <p data-app="state">
                    "Installed on the home screen it opens without a browser around it, keeps what you saw for the tunnel, and shows how many alarms fire."
                </p>
                <button type="button" class="button main" data-app="install" hidden>"Install"</button>
                <div data-app="how">{on_ios()} {on_android()}</div>
                {tools()}
            </div>
        </section>
    }
    .into_any()
}

fn on_ios() -> AnyView {
    view! {
        <details data-app="ios" id="app-ios">
            <summary>"On an iPhone or iPad"</summary>
            <div class="stack">
            <ol class="ways">
                {way(Icon::Share, "Tap Share in Safari's bar.")}
                {way(Icon::Plus, "Choose Add to Home Screen.")}
                {way(Icon::Check, "Tap Add, and open Uncordon from the home screen.")}
            </ol>
            <p class="meta">"The installed app knows nothing of this browser: sign in there with a code."</p>
            {link(links::NEW_CODE, "Show a code", Weight::Plain)}
            </div>
        </details>
    }
    .into_any()
}

fn on_android() -> AnyView {
    view! {
        <details data-app="android" id="app-android">
            <summary>"On Android or a computer"</summary>
            <ol class="ways">
                {way(Icon::Download, "Chrome and Edge: open the menu, choose Install app or Add to home screen.")}
                {way(Icon::Plus, "Firefox on Android: open the menu, choose Add app to home screen.")}
            </ol>
        </details>
    }
    .into_any()
}

fn way(sign: Icon, text: &'static str) -> AnyView {
    view! { <li>{icon(sign)} <span>{text}</span></li> }.into_any()
}

/// What only a script can tell or do.
fn tools() -> AnyView {
    view! {
        <div data-app="tools" class="stack" hidden>
            <dl class="facts">
                <dt>"Saved here"</dt>
                <dd data-app="saved">"not read yet"</dd>
            </dl>
            <div class="row">
                <button type="button" class="button" data-app="clear" hidden>"Clear saved pages"</button>
                <button type="button" class="button" data-app="test">"Test connection"</button>
                <button type="button" class="button" data-app="copy">"Copy diagnostics"</button>
            </div>
            <div class="meta" data-app="result" role="status"></div>
        </div>
    }
    .into_any()
}
