//! Settings: one group per file, each with a form and a word of its own.

mod about;
mod app;
mod appearance;
mod chats;
mod config;
mod confirm;
mod connected;
mod devices;
mod ledgers;
mod switches;
mod you;

use super::visit::{Content, Visit, show};
use crate::error::AppError;
use crate::parts::frame::{Live, Tab};
use crate::parts::guards;
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Settings, "Settings", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let view = visit.desk.settings(&visit.who).await?;
    let chats = visit.desk.chats(&visit.who).await?;
    let body = view! {
        <div class="columns">
            <div class="groups">
                {switches::group(&view, &visit)}
                {you::group(&view)}
                {visit.may().then(|| confirm::group(visit.mine))}
                {devices::group()}
                {chats::group(&chats, visit.now)}
                {app::group()}
                {appearance::group()}
            </div>
            <div class="groups">
                {ledgers::group()}
                {guards::group(&view)}
                {config::group(&view)}
                {connected::group(&view)}
                {about::group(&view)}
            </div>
        </div>
    };
    Ok(Content {
        title: None,
        live: Live::No,
        body: body.into_any(),
    })
}
