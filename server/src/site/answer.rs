//! How an embedded file is answered: encoding, entity tag, and what the browser may keep.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{Asset, Keep};

/// Answers a GET or HEAD for one file.
pub(super) fn answer(asset: Option<&Asset>, method: &Method, headers: &HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let Some(asset) = asset else {
        return (
            StatusCode::NOT_FOUND,
            [(CACHE_CONTROL, "no-store")],
            "no such file",
        )
            .into_response();
    };
    let (encoding, body) = pick(asset, headers);
    let tag = match encoding {
        Some(encoding) => format!("\"{}-{encoding}\"", asset.tag),
        None => format!("\"{}\"", asset.tag),
    };
    let known = header(headers, &IF_NONE_MATCH).is_some_and(|value| matches_tag(value, &tag));
    let builder = Response::builder()
        .header(
            ETAG,
            HeaderValue::from_str(&tag).expect("hex and dashes make a header"),
        )
        .header(VARY, "accept-encoding")
        .header(
            CACHE_CONTROL,
            match asset.keep {
                Keep::Forever => "public, max-age=31536000, immutable",
                Keep::Checked => "no-cache",
            },
        );
    let response = if known {
        builder.status(StatusCode::NOT_MODIFIED).body(Body::empty())
    } else {
        let builder = builder
            .header(CONTENT_TYPE, asset.mime)
            .header(CONTENT_LENGTH, body.len());
        let builder = match encoding {
            Some(encoding) => builder.header(CONTENT_ENCODING, encoding),
            None => builder,
        };
        builder.body(if method == Method::HEAD {
            Body::empty()
        } else {
            Body::from(body)
        })
    };
    response.expect("all headers are our own")
}

fn pick(asset: &Asset, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let accepted = header(headers, &ACCEPT_ENCODING).unwrap_or_default();
    match (asset.br, asset.gz) {
        (Some(br), _) if accepts(accepted, "br") => (Some("br"), br),
        (_, Some(gz)) if accepts(accepted, "gzip") => (Some("gzip"), gz),
        _ => (None, asset.raw),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Whether an `Accept-Encoding` allows a coding by name; a weight of zero forbids it.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |q| q.parse().unwrap_or(0.0));
        named && weight > 0.0
    })
}

/// Whether an `If-None-Match` names this tag; weak or strong makes no difference for a GET.
fn matches_tag(header: &str, tag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    static ASSET: Asset = Asset {
        path: "/pkg/a.js",
        mime: "text/javascript",
        tag: "abc",
        keep: Keep::Forever,
        raw: b"raw",
        br: Some(b"br"),
        gz: Some(b"gz"),
    };

    fn ask(pairs: &[(&'static str, &'static str)]) -> Response {
        let headers = pairs.iter().map(|(name, value)| {
            (
                name.parse().expect("a header name"),
                HeaderValue::from_static(value),
            )
        });
        answer(Some(&ASSET), &Method::GET, &headers.collect())
    }

    fn read<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
        response.headers().get(name)?.to_str().ok()
    }

    #[test]
    fn the_smallest_copy_the_browser_accepts_is_sent() {
        let encoding = |accepted| {
            read(&ask(&[("accept-encoding", accepted)]), "content-encoding").map(str::to_owned)
        };
        assert_eq!(encoding("gzip, deflate, br"), Some("br".to_owned()));
        assert_eq!(encoding("gzip, br;q=0"), Some("gzip".to_owned()));
        assert_eq!(encoding("identity"), None);
    }

    #[test]
    fn a_known_tag_is_answered_without_a_body() {
        let fresh = ask(&[("accept-encoding", "br")]);
        assert_eq!(read(&fresh, "etag"), Some("\"abc-br\""));
        assert_eq!(read(&fresh, "vary"), Some("accept-encoding"));
        let known = ask(&[
            ("accept-encoding", "br"),
            ("if-none-match", "\"other\", W/\"abc-br\""),
        ]);
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
        let other = ask(&[("accept-encoding", "gzip"), ("if-none-match", "\"abc-br\"")]);
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[test]
    fn a_file_of_another_build_is_not_found_and_a_post_is_refused() {
        assert_eq!(
            answer(None, &Method::GET, &HeaderMap::new()).status(),
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            answer(Some(&ASSET), &Method::POST, &HeaderMap::new()).status(),
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
}
