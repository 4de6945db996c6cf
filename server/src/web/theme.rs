//! The theme: one form in Settings, one cookie that lives a year; needs no script and no place in the store.

use crate::web::guard::Signed;
use crate::web::routes::Doors;
use crate::web::{AppState, flash};
use app::{FlashKind, Theme};
use axum::Form;
use axum::extract::State;
use axum::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

const YEAR: u32 = 31_536_000;

/// Opens it.
pub fn doors(doors: Doors) -> Doors {
    doors.post("/settings/theme", choose)
}

#[derive(Debug, Default, Deserialize)]
struct Chosen {
    #[serde(default)]
    theme: String,
}

async fn choose(State(state): State<AppState>, _: Signed, Form(chosen): Form<Chosen>) -> Response {
    let theme = Theme::parse(&chosen.theme);
    let text = match theme {
        Theme::System => "This device shows pages as the system does.",
        Theme::Light => "This device shows light pages.",
        Theme::Dark => "This device shows dark pages.",
        Theme::More => "This device shows pages with more contrast.",
    };
    let id = state.flashes.keep(FlashKind::Done {
        text: text.to_owned(),
    });
    let mut response = Redirect::to("/settings").into_response();
    let cookies = response.headers_mut();
    cookies.append(SET_COOKIE, written(theme, state.settings.secure));
    cookies.append(SET_COOKIE, flash::cookie(state.settings.secure, &id));
    response
}

fn written(theme: Theme, secure: bool) -> HeaderValue {
    let (word, age) = match theme {
        Theme::System => ("", 0),
        Theme::Light | Theme::Dark | Theme::More => (theme.word(), YEAR),
    };
    let rest = if secure { "; Secure" } else { "" };
    HeaderValue::try_from(format!(
        "theme={word}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{rest}"
    ))
    .expect("our own words are plain ASCII")
}

/// The theme in the cookie of a request.
pub fn of(headers: &HeaderMap) -> Theme {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == "theme")
        .map(|(_, word)| Theme::parse(word))
        .unwrap_or_default()
}
