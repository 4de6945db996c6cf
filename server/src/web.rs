//! The doors of the house: pages, acts, alarms in, REST, live streams, and who may pass them.

pub mod accounts;
mod act;
pub mod api;
mod chat_hooks;
mod flash;
mod guard;
pub mod headers;
pub mod hooks;
mod input;
mod intents;
pub mod live;
mod machines;
mod once;
pub mod origin;
mod page;
pub mod policy;
pub mod problem;
pub mod routes;
pub mod seal;
pub mod session;
mod sign_in;
mod theme;
mod unbroken;

use crate::chatops::ChatOps;
use crate::current::Current;
use accounts::Accounts;
use app::desk::Desk;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use domain::id::SourceName;
use hooks::{HookSettings, Intake};
use live::Live;
use routes::Doors;
use std::collections::BTreeMap;
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

pub use flash::Flashes;
pub use seal::Taps;
pub use session::Sessions;
pub use sign_in::link as sign_in_link;

/// Longest body of an act, a form or a REST call, in bytes.
pub const BODY_MAX: usize = 256 * 1024;

/// What the doors know of their installation.
#[derive(Clone)]
pub struct WebSettings {
    /// Where people reach us, without a slash at the end.
    pub public_url: String,
    /// Whether that is https: decides the cookie's name, `Secure` and HSTS.
    pub secure: bool,
    /// Whether this is the make-believe world.
    pub sandbox: bool,
    /// Alarm sources by the last part of their path.
    pub hooks: Current<BTreeMap<SourceName, HookSettings>>,
}

/// What all doors share.
#[derive(Clone)]
pub struct AppState {
    /// All that may be asked or ordered.
    pub desk: Arc<dyn Desk>,
    /// Who may come in.
    pub accounts: Arc<dyn Accounts>,
    /// Signed-in browsers.
    pub sessions: Sessions,
    /// Where alarms go.
    pub intake: Arc<dyn Intake>,
    /// Chats that tell by requests; `None` where there is none.
    pub chats: Option<ChatOps>,
    /// What happened just now.
    pub live: Live,
    /// Keys of taps.
    pub taps: Taps,
    /// Words on their way to the next page.
    pub flashes: Flashes,
    /// The product's clock, for pages.
    pub clock: app::Clock,
    /// The installation.
    pub settings: Arc<WebSettings>,
}

/// All doors but the embedded files, as a list and as routes.
#[must_use]
pub fn doors() -> Doors {
    let doors = Doors::new();
    let doors = sign_in::doors(doors);
    let doors = theme::doors(doors);
    let doors = machines::doors(doors);
    let doors = hooks::doors(doors);
    let doors = chat_hooks::doors(doors);
    let doors = live::doors(doors);
    let doors = api::doors(doors);
    let doors = act::doors(doors);
    let doors = intents::doors(doors);
    page::doors(doors)
}

/// The whole service. `world`: routes of the make-believe world, which ask for no session.
pub fn router(state: AppState, world: Option<Router>) -> Router {
    let headers = headers::Headers::new(&state.settings);
    let doors = doors()
        .into_router()
        .fallback(page::nowhere)
        .layer(from_fn_with_state(state.clone(), once::once))
        .layer(from_fn(unbroken::unbroken))
        .layer(from_fn(input::whole))
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .layer(session::layer(&state))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(state);
    crate::site::router()
        .merge(world.unwrap_or_default())
        .merge(doors)
        .layer(CompressionLayer::new())
        .layer(from_fn(problem::explain))
        .layer(from_fn_with_state(headers, headers::put))
}
