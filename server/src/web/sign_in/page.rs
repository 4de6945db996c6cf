//! The pages of signing in: small enough to need no app, so that they work whatever else does not.

use crate::site;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::id::PersonName;

/// The button that uses an invite.
pub fn invite_form(name: &PersonName, invite: &str) -> Response {
    let (name, invite) = (escaped(name.as_str()), escaped(invite));
    page(&format!(
        "<h2>Sign in</h2><p>You are invited as <strong>{name}</strong>.</p>\
         <form method=\"post\" action=\"/sign-in\">\
         <input type=\"hidden\" name=\"token\" value=\"{invite}\">\
         <button class=\"button main\" type=\"submit\">Sign in</button></form>"
    ))
}

/// The field for a code, and why the last try was refused.
pub fn code_form(refused: Option<&str>) -> Response {
    let refused = refused
        .map(|text| format!("<p role=\"alert\" class=\"warnings\">{}</p>", escaped(text)))
        .unwrap_or_default();
    page(&format!(
        "<h2>Sign in</h2>{refused}<p>Open your sign-in link, or type the code that a signed-in device shows under Settings.</p>\
         <form method=\"post\" action=\"/sign-in/code\" class=\"stack\"><label for=\"code\">Code</label>\
         <input id=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" \
         pattern=\"[0-9 ]{{6,7}}\" maxlength=\"7\" required>\
         <button class=\"button main\" type=\"submit\">Sign in</button></form>"
    ))
}

/// For somebody who is in already.
pub fn signed_in(name: &PersonName) -> Response {
    let name = escaped(name.as_str());
    page(&format!(
        "<p>You are signed in as <strong>{name}</strong>.</p><div class=\"row\"><a class=\"button main\" href=\"/\">Go on</a>\
         <form method=\"post\" action=\"/sign-out\"><button class=\"button\" type=\"submit\">Sign out</button></form></div>"
    ))
}

/// The button that makes a code.
pub fn offer_code(name: &PersonName) -> Response {
    let name = escaped(name.as_str());
    page(&format!(
        "<p>A code signs another device in as <strong>{name}</strong>. It lives for 5 minutes.</p>\
         <form method=\"post\" action=\"/sign-in/new-code\">\
         <button class=\"button main\" type=\"submit\">Show a code</button></form>\
         <p><a class=\"button\" href=\"/settings\">Back to Settings</a></p>"
    ))
}

/// The code.
pub fn code(code: &str) -> Response {
    let code = escaped(code);
    page(&format!(
        "<p>Type this code on the other device within 5 minutes:</p>\
         <p><output class=\"code\">{code}</output></p><p><a class=\"button\" href=\"/settings\">Back to Settings</a></p>"
    ))
}

fn page(main: &str) -> Response {
    let css = site::css();
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\
         <title>Sign in · Uncordon</title><link rel=\"icon\" href=\"/favicon.svg\">\
         <link rel=\"apple-touch-icon\" href=\"/icons/apple-touch-icon.png\"><link rel=\"manifest\" href=\"/manifest.webmanifest\"><style>{css}</style></head>\
         <body><header class=\"top\"><h1>Uncordon</h1></header><main><section class=\"card\">{main}</section></main></body></html>"
    );
    (
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
        ],
        html,
    )
        .into_response()
}

/// Text as text: it stands between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
