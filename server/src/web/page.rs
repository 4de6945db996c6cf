//! Pages: rendered whole on the server, without a line of inline script.

use crate::site;
use crate::web::guard::Signed;
use crate::web::problem::Problem;
use crate::web::routes::Doors;
use crate::web::{AppState, flash, theme};
use app::error::AppError;
use app::{Flash, IntentView, Intents, SharedDesk};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, HeaderMap, HeaderName, SET_COOKIE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::Person;
use futures::stream::{Stream, StreamExt, once};
use leptos::prelude::{IntoView, provide_context};
use sha2::{Digest, Sha256};
use std::pin::Pin;
use std::sync::Arc;

const WHOSE: HeaderName = HeaderName::from_static("uncordon-for");

type Chunks = Pin<Box<dyn Stream<Item = String> + Send>>;

/// Opens one door for each page of the app; those that are open already stay as they are.
pub fn doors(mut doors: Doors) -> Doors {
    for page in leptos_axum::generate_route_list(app::App) {
        let taken = doors
            .list()
            .iter()
            .any(|(method, path)| *method == Method::GET && path == page.path());
        if !taken {
            doors = doors.get(page.path(), show);
        }
    }
    doors
}

/// What no route knows: a page for people, a problem for programs.
pub async fn nowhere(state: State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    if !reads
        || path.starts_with("/api/")
        || path.starts_with("/hooks/")
        || path.starts_with("/do/")
    {
        return Problem::from(AppError::NotFound {
            what: path.to_owned(),
        })
        .into_response();
    }
    let mut response = show(state, request).await;
    if response.status().is_success() {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

pub async fn show(State(state): State<AppState>, request: Request) -> Response {
    let person = request
        .extensions()
        .get::<Signed>()
        .map(|signed| signed.person.clone());
    let whose = person.as_ref().map(whose);
    let shown = flash::id(state.settings.secure, request.headers())
        .filter(|_| is_read_by_a_person(request.headers()));
    let word = Flash(shown.as_deref().and_then(|id| state.flashes.take(id)));
    let theme = theme::of(request.headers());
    let (taps, tap) = (
        state.taps.clone(),
        request.extensions().get::<IntentView>().cloned(),
    );
    let (desk, clock): (SharedDesk, _) = (state.desk.clone(), state.clock.clone());
    let context = move || {
        provide_context(person.clone());
        provide_context(desk.clone());
        provide_context(clock.clone());
        provide_context(word.clone());
        provide_context(theme);
        let taps = taps.clone();
        provide_context(tap.clone());
        provide_context(Intents(Arc::new(move || taps.key())));
    };
    let mut response =
        leptos_axum::handle_response_inner(context, || app::shell(site::SITE), request, whole)
            .await;
    if shown.is_some() {
        // Said once, and not again from a copy that the worker keeps.
        let headers = response.headers_mut();
        headers.append(SET_COOKIE, flash::gone(state.settings.secure));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    if let Some(whose) = whose {
        response.headers_mut().insert(WHOSE, whose);
    }
    response
}

/// Whom a page was drawn for, in a word that tells nobody who that is: the worker keeps copies for one person only.
fn whose(person: &Person) -> HeaderValue {
    let digest = Sha256::digest(format!("page of {}", person.name));
    HeaderValue::try_from(URL_SAFE_NO_PAD.encode(&digest[..9])).expect("letters and digits")
}

/// Whether the page is opened rather than fetched by a script: a live page that reads itself anew throws away
/// all but its live parts, and with them the word it was never meant to have.
fn is_read_by_a_person(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-dest")
        .is_none_or(|dest| dest == "document")
}

/// All of a page as one piece; the scripts that Leptos would add behind it are left out.
fn whole<V: IntoView + 'static>(
    app: V,
    _scripts: Box<dyn FnOnce() -> Chunks + Send>,
    _islands: bool,
) -> Pin<Box<dyn Future<Output = Chunks> + Send>> {
    Box::pin(async move {
        let html = app.to_html_stream_in_order().collect::<String>().await;
        Box::pin(once(async move { html })) as Chunks
    })
}
