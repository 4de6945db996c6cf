//! Pages come whole, for the right person, and without a line of inline script.

use super::house::{House, get};
use super::things::HOSTILE;
use axum::http::StatusCode;
use domain::access::Role;

const PAGES: [&str; 11] = [
    "/",
    "/clusters",
    "/clusters/prod",
    "/clusters/prod/nodes/node-12",
    "/clusters/prod/nodes/node-12/start",
    "/command",
    "/timeline",
    "/recoveries/1",
    "/rules",
    "/rules/1",
    "/settings",
];

#[tokio::test]
async fn every_page_is_whole_and_holds_no_inline_script_or_style() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Admin).await;
    for path in PAGES {
        let page = house.send(get(path).cookie(&cookie).build()).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        assert!(page.body.ends_with("</html>"), "{path}");
        for script in page.body.split("<script").skip(1) {
            assert!(
                script
                    .split('>')
                    .next()
                    .is_some_and(|tag| tag.contains("src=")),
                "{path}: {script}"
            );
        }
        assert!(
            !page.body.contains(" style=") && !page.body.contains(" onclick="),
            "{path}"
        );
        assert!(
            !page.body.contains(HOSTILE),
            "{path} shows an alarm's text as markup"
        );
        assert_eq!(page.body.matches("<style").count(), 1, "{path}");
        assert!(page.body.contains(server::site::css()), "{path}");
    }
}

#[tokio::test]
async fn a_stranger_is_led_to_the_sign_in_page() {
    let house = House::new().await;
    for path in PAGES {
        let page = house
            .send(get(path).header("accept", "text/html").build())
            .await;
        assert_eq!(
            (page.status, page.header("location")),
            (StatusCode::SEE_OTHER, Some("/sign-in")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_path_that_is_not_there_is_a_page_that_says_so() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Admin).await;
    for path in [
        "/no/such/page",
        "/recoveries/99",
        "/clusters/prod/nodes/node-12/nothing",
    ] {
        let page = house.send(get(path).cookie(&cookie).build()).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.body.contains("<html"), "{path}");
    }
}

#[tokio::test]
async fn the_report_is_plain_markdown_for_browsers_too() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Viewer).await;
    let report = house
        .send(get("/recoveries/1/report.md").cookie(&cookie).build())
        .await;
    assert_eq!(
        report.header("content-type"),
        Some("text/markdown; charset=utf-8")
    );
    assert_eq!(report.body, "# Report\n");
}

#[tokio::test]
async fn every_island_of_a_page_is_in_the_built_wasm() {
    let built = server::site::islands();
    if built.is_empty() {
        println!("NOT RUN: the site is not built, so its islands are not known");
        return;
    }
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Admin).await;
    for path in PAGES {
        let page = house.send(get(path).cookie(&cookie).build()).await;
        for island in page.body.split("data-component=\"").skip(1) {
            let name = island.split('"').next().unwrap_or_default();
            assert!(
                built.contains(&name),
                "{path}: the wasm has no island {name}"
            );
        }
    }
}
