//! Devices: whether this one is told, which others are, and the second channel for what a web app cannot do.

use super::visit::{Content, Visit, show};
use crate::desk::views::DevicesView;
use crate::error::AppError;
use crate::links;
use crate::parts::actions::Seen;
use crate::parts::device;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::status::{Shape, tag};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Settings, "Devices", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let view = visit.desk.devices(&visit.who).await?;
    let seen = visit.seen();
    let body = view! {
        {here(&view.key)}
        {mine(&view, seen)}
        {second(&view, seen)}
        {others(&view, seen)}
        <p>{link(links::SETTINGS, "Settings", Weight::Plain)}</p>
    };
    Ok(Content {
        title: None,
        live: Live::No,
        body: body.into_any(),
    })
}

/// Every state of this device is here; the module shows the true one and hides the rest.
fn here(key: &str) -> AnyView {
    view! {
        <section class="card" id="here" data-module="device" data-key=key.to_owned()>
            <h2>"This device"</h2>
            <div data-state="still">
                <p>
                    "Turning notifications on here needs JavaScript. The list below, its tests and the second channel work without it."
                </p>
            </div>
            {panel("off", off())}
            {panel("on", on())}
            {panel("blocked", blocked())}
            {panel("install", install())}
            {panel("insecure", insecure())}
            {panel("unsupported", unsupported())}
            {panel("failed", failed())}
            <p role="status" class="meta" data-word=""></p>
        </section>
    }
    .into_any()
}

fn panel(state: &'static str, body: AnyView) -> AnyView {
    view! { <div class="stack" data-state=state hidden>{body}</div> }.into_any()
}

fn off() -> AnyView {
    view! {
        <p>{tag(Shape::Unknown, "Off")} " Notifications are off here."</p>
        <p>
            "Turn them on and this device tells you, while Uncordon is closed, when a node waits for your yes, when a person is needed, and when a recovery begins or ends."
        </p>
        <button type="button" class="button main" data-act="subscribe">"Turn on notifications"</button>
        <p class="meta">"The browser asks for permission next. A notification only ever opens a screen; it never acts."</p>
    }
    .into_any()
}

fn on() -> AnyView {
    view! {
        <p>{tag(Shape::Ready, "On")} " This device is told. It stands in the list below."</p>
        <p class="meta">"Send it a test now: the row shows how long the message took."</p>
        <button type="button" class="button" data-act="unsubscribe">"Turn off here"</button>
    }
    .into_any()
}

fn blocked() -> AnyView {
    view! {
        <p>{tag(Shape::Down, "Blocked")} " This browser blocks notifications of this site, so it cannot ask again."</p>
        <ol class="numbered">
            <li>"Open the site's settings: the icon left of the address, or the app's entry in the phone's settings."</li>
            <li>"Set Notifications to Allow."</li>
            <li>"Come back and reload this page."</li>
        </ol>
    }
    .into_any()
}

fn install() -> AnyView {
    view! {
        <p>
            {tag(Shape::Degraded, "Needs install")}
            " On iPhone and iPad only an installed app may receive notifications."
        </p>
        <ol class="numbered">
            <li>"Tap Share in Safari."</li>
            <li>"Choose Add to Home Screen."</li>
            <li>"Open Uncordon from the Home Screen, sign in with a code from Settings here, and come back to this page."</li>
        </ol>
        <p>{link(links::NEW_CODE, "Show a sign-in code", Weight::Plain)}</p>
    }
    .into_any()
}

fn insecure() -> AnyView {
    view! {
        <p>
            {tag(Shape::Unknown, "Not possible here")}
            " Notifications need an address that begins with https. This one does not."
        </p>
        <p class="meta">"An admin can serve Uncordon behind TLS and set server.public_url to it."</p>
    }
    .into_any()
}

fn unsupported() -> AnyView {
    view! {
        <p>
            {tag(Shape::Unknown, "Not supported")}
            " This browser cannot receive notifications: it lacks the Push API, or a private window switches it off."
        </p>
        <p class="meta">"Chrome, Edge and Firefox can, and Safari on macOS 13, iOS 16.4 or newer."</p>
    }
    .into_any()
}

fn failed() -> AnyView {
    view! {
        <p>{tag(Shape::Down, "Not turned on")} " " <span data-why=""></span></p>
        <button type="button" class="button main" data-act="subscribe">"Try again"</button>
    }
    .into_any()
}

fn mine(view: &DevicesView, seen: Seen) -> AnyView {
    let rows = if view.mine.is_empty() {
        view! { <p class="empty">"No device of yours is told yet."</p> }.into_any()
    } else {
        let rows = view
            .mine
            .iter()
            .map(|one| device::mine(one, seen))
            .collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! { <section id="devices"><h2>"My devices"</h2> {rows}</section> }.into_any()
}

fn second(view: &DevicesView, seen: Seen) -> AnyView {
    let rows = if view.webhooks.is_empty() {
        view! {
            <p class="warnings">
                {tag(Shape::Degraded, "No second channel")}
                " An admin adds one as [[notify.webhook]] in the config: a pager, a phone service, anything that takes a POST."
            </p>
        }
        .into_any()
    } else {
        let rows = view
            .webhooks
            .iter()
            .map(|one| device::webhook(one, seen))
            .collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <section id="second">
            <h2>"Second channel"</h2>
            <p>
                "A web app cannot break through Do Not Disturb or a silent phone, and push services deliver late at times. When you are on call, do not rely on this alone."
            </p>
            {rows}
        </section>
    }
    .into_any()
}

fn others(view: &DevicesView, seen: Seen) -> AnyView {
    (!view.others.is_empty())
        .then(|| {
            let rows = view
                .others
                .iter()
                .map(|one| device::other(one, seen))
                .collect_view();
            view! { <section id="others"><h2>"Devices of others"</h2> <ul class="list">{rows}</ul></section> }
        })
        .into_any()
}
