//! `http`: status and text, a silent counterpart, a hostile one, and a secret that is exchanged meanwhile.

use super::{ask, output, said, serve, silent, way};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Redirect;
use axum::routing::get;
use checks::http::Http;
use cloud::secret::SecretSource;
use engine::ports::Check;
use std::time::Duration;

fn http(url: String) -> Http {
    Http {
        url,
        status: None,
        contains: None,
        way: way(),
    }
}

fn shop() -> Router {
    let hostile = "\u{1b}[2J<script>alert(1)</script>\u{202e}".to_owned() + &"x".repeat(90_000);
    Router::new()
        .route("/well", get(async || "shop: all is well"))
        .route(
            "/sick",
            get(async || (StatusCode::SERVICE_UNAVAILABLE, "the database is down")),
        )
        .route("/away", get(async || Redirect::to("/well")))
        .route(
            "/hostile",
            get(async move || (StatusCode::BAD_GATEWAY, hostile)),
        )
        .route(
            "/private",
            get(async |headers: HeaderMap| {
                let token = headers["authorization"]
                    .to_str()
                    .unwrap_or_default()
                    .to_owned();
                match token.as_str() {
                    "Bearer second-token" => (StatusCode::OK, "welcome".to_owned()),
                    _ => (StatusCode::FORBIDDEN, format!("who is {token}?")),
                }
            }),
        )
}

#[tokio::test]
async fn status_and_text_must_be_as_expected() {
    let url = serve(shop()).await;
    let text = said(&http(format!("{url}/well")).try_once(&ask()).await);
    assert!(
        text.starts_with(&format!("passed: GET {url}/well: 200 in ")),
        "{text}"
    );
    let sick = http(format!("{url}/sick")).try_once(&ask()).await;
    assert!(said(&sick).ends_with(", expected 2xx"), "{}", said(&sick));
    assert_eq!(output(&sick), "the database is down");
    let wanted = Http {
        status: Some(503),
        ..http(format!("{url}/sick"))
    };
    assert!(said(&wanted.try_once(&ask()).await).starts_with("passed: "));
    let other = Http {
        contains: Some("all is ill".to_owned()),
        ..http(format!("{url}/well"))
    };
    let other = other.try_once(&ask()).await;
    assert!(
        said(&other).ends_with("but not the text \"all is ill\""),
        "{}",
        said(&other)
    );
    let there = Http {
        contains: Some("is well".to_owned()),
        ..http(format!("{url}/well"))
    };
    assert!(said(&there.try_once(&ask()).await).starts_with("passed: "));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let url = serve(shop()).await;
    let text = said(&http(format!("{url}/away")).try_once(&ask()).await);
    assert!(
        text.starts_with(&format!("not yet: GET {url}/away: 303 ")),
        "{text}"
    );
}

#[tokio::test]
async fn a_counterpart_that_never_answers_is_left_in_time() {
    let mut check = http(format!("http://{}/well", silent().await));
    check.way.timeout = Duration::from_millis(300);
    let ask = ask();
    let tried = tokio::time::timeout(Duration::from_secs(30), check.try_once(&ask));
    let text = said(&tried.await.expect("the try ends by itself"));
    assert!(text.ends_with("no answer within 0.3 s"), "{text}");
}

#[tokio::test]
async fn what_a_hostile_counterpart_writes_is_cut_and_harmless() {
    let url = serve(shop()).await;
    let tried = http(format!("{url}/hostile")).try_once(&ask()).await;
    let output = output(&tried);
    assert!(output.len() < 4200, "{}", output.len());
    assert!(!output.contains(['\u{1b}', '\u{202e}']));
}

#[tokio::test]
async fn a_rotated_secret_is_used_at_once_and_never_comes_back_in_the_record() {
    let url = serve(shop()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "first-token\n").unwrap();
    let mut check = http(format!("{url}/private"));
    check.way.token = Some(SecretSource::File(file.clone()));
    let tried = check.try_once(&ask()).await;
    assert_eq!(output(&tried), "who is Bearer (hidden)?");
    assert!(!said(&tried).contains("first-token"));
    std::fs::write(&file, "second-token\n").unwrap();
    assert!(said(&check.try_once(&ask()).await).starts_with("passed: "));
    std::fs::remove_file(&file).unwrap();
    let text = said(&check.try_once(&ask()).await);
    assert!(text.contains("cannot be read"), "{text}");
    assert!(check.ready().await.is_err());
}
