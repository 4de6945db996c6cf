//! Refuses requests that another site made a browser send.

use crate::web::WebSettings;
use axum::http::header::{HOST, HeaderMap, ORIGIN};
use axum::http::{Method, Uri};

/// Why a request is taken for a foreign one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    /// The browser says so itself.
    #[error("this request comes from another site (Sec-Fetch-Site)")]
    OtherSite,
    /// Its origin is not ours.
    #[error("this request comes from another origin")]
    OtherOrigin,
    /// Nothing tells where it comes from.
    #[error("a request with a session cookie must carry Sec-Fetch-Site or Origin")]
    Unknown,
}

/// Whether a request carries our session cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// It does: it must prove where it comes from.
    Sent,
    /// It does not: only what it says against itself counts.
    Absent,
}

/// Checks a request that is not a plain reading one.
pub fn check(
    settings: &WebSettings,
    method: &Method,
    headers: &HeaderMap,
    cookie: Cookie,
) -> Result<(), Foreign> {
    if method == Method::GET || method == Method::HEAD {
        return Ok(());
    }
    if let Some(site) = text(headers, "sec-fetch-site") {
        return if site == "same-origin" {
            Ok(())
        } else {
            Err(Foreign::OtherSite)
        };
    }
    match (text(headers, ORIGIN.as_str()), cookie) {
        (Some(origin), _) if ours(settings, headers, origin) => Ok(()),
        (Some(_), _) => Err(Foreign::OtherOrigin),
        (None, Cookie::Sent) => Err(Foreign::Unknown),
        (None, Cookie::Absent) => Ok(()),
    }
}

/// Whether an origin is the public one, or that of the host the request was sent to.
fn ours(settings: &WebSettings, headers: &HeaderMap, origin: &str) -> bool {
    let Ok(origin) = origin.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = origin.authority() else {
        return false;
    };
    let public = settings.public_url.parse::<Uri>().ok();
    let is_public = public.is_some_and(|public| {
        public.scheme_str() == origin.scheme_str() && public.authority() == Some(authority)
    });
    // Over https a page of plain http is a foreign one, though its host has the same name.
    let scheme = origin.scheme_str() == Some("https") || !settings.secure;
    is_public || scheme && text(headers, HOST.as_str()) == Some(authority.as_str())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
