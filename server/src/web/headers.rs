//! The headers that tell a browser what a page of ours may do: on every answer, errors and files included.

use crate::site;
use crate::web::WebSettings;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// The headers, built once.
#[derive(Clone)]
pub struct Headers {
    all: Arc<[(HeaderName, HeaderValue)]>,
}

impl Headers {
    /// The headers of an installation.
    #[must_use]
    pub fn new(settings: &WebSettings) -> Self {
        let policy = HeaderValue::try_from(policy()).expect("a hash in base64 is plain ASCII");
        let mut all = vec![
            (CONTENT_SECURITY_POLICY, policy),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                HeaderValue::from_static("same-origin"),
            ),
            // A captive portal answers 200, too: only what carries this is from us, and may be kept by the worker.
            (
                HeaderName::from_static("uncordon-build"),
                HeaderValue::from_static(site::build()),
            ),
        ];
        if settings.secure {
            let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
            all.push((STRICT_TRANSPORT_SECURITY, year));
        }
        Self { all: all.into() }
    }
}

/// The content security policy: no nonce, because pages may be saved by the worker.
#[must_use]
pub fn policy() -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'sha256-{}'; \
         img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        site::css_hash()
    )
}

/// Middleware: puts the headers on whatever leaves.
pub async fn put(State(headers): State<Headers>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in headers.all.iter() {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    // What is shown to one person must not be kept for another by anything in between.
    response
        .headers_mut()
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-cache"));
    response
}
