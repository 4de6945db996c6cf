//! Draws a page the way the server does.

use crate::desk::Fake;
use crate::world::{at, person};
use app::{App, Clock, Flash, FlashKind, Intents, SharedDesk, Site, shell};
use axum::body::Body;
use axum::http::Request;
use domain::access::{Person, Role};
use futures::StreamExt;
use http_body_util::BodyExt;
use leptos::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Who asks for what.
#[derive(Clone)]
pub struct Asked {
    /// Path and query.
    pub path: &'static str,
    /// Nobody is signed in without one.
    pub role: Option<Role>,
    /// What the last act had to say.
    pub flash: Option<FlashKind>,
}

impl Asked {
    pub const fn new(path: &'static str) -> Self {
        Self {
            path,
            role: Some(Role::Admin),
            flash: None,
        }
    }
}

const SITE: Site = Site {
    loader: Some("/pkg/loader.js"),
    js: None,
    wasm: None,
    build: "b1",
    css: "body{}",
};

/// Status and HTML.
pub async fn draw(desk: Fake, asked: Asked) -> (u16, String) {
    // Also prepares the executor; the list itself is asked for without any context, as the server does at start.
    let routes = leptos_axum::generate_route_list(App);
    assert_eq!(routes.len(), 20);
    let request = Request::builder()
        .uri(asked.path)
        .body(Body::empty())
        .expect("a path of ours is a URI");
    let context = move || {
        let desk: SharedDesk = Arc::new(desk.clone());
        let count = Arc::new(AtomicU32::new(0));
        provide_context(desk);
        provide_context::<Option<Person>>(asked.role.map(person));
        provide_context(Flash(asked.flash.clone()));
        provide_context(Intents(Arc::new(move || {
            format!("key{}", count.fetch_add(1, Ordering::Relaxed))
        })));
        provide_context(Clock {
            now: Arc::new(|| at(0)),
            speed: 1.0,
        });
    };
    let answer = leptos_axum::handle_response_inner(
        context,
        || shell(SITE),
        request,
        |app, _inline_scripts, _| {
            Box::pin(async move {
                let html = app.to_html_stream_in_order().collect::<String>().await;
                Box::pin(futures::stream::once(async move { html })) as _
            })
        },
    )
    .await;
    let status = answer.status().as_u16();
    let body = answer
        .into_body()
        .collect()
        .await
        .expect("it was drawn whole")
        .to_bytes();
    (
        status,
        String::from_utf8(body.to_vec()).expect("HTML is UTF-8"),
    )
}
