//! Pages come whole, for the right person, and without a line of inline script.

use super::house::{House, get};
use super::things::HOSTILE;
use axum::http::StatusCode;
use domain::access::Role;

const PAGES: [&str; 12] = [
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
    "/settings/config",
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
async fn every_form_of_a_report_comes_for_a_token_alone_and_a_wrong_choice_is_named() {
    let house = House::new().await;
    let token = house.token(Role::Viewer).await;
    let forms = [
        ("report.md", "text/markdown; charset=utf-8"),
        ("report.csv", "text/csv; charset=utf-8; header=present"),
        ("report.json", "application/json"),
    ];
    for place in ["/recoveries/1", "/api/v1/recoveries/1"] {
        for (form, kind) in forms {
            let path = format!("{place}/{form}?view=story&names=no&zone=%2B02:00");
            let answer = house.send(get(&path).bearer(&token).build()).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        }
    }
    let csv = house.send(
        get("/recoveries/1/report.csv?view=story&names=no")
            .bearer(&token)
            .build(),
    );
    assert_eq!(csv.await.body, "csv, story: true, names: false\n");
    for (query, field) in [
        ("zone=CET", "zone"),
        ("view=all", "view"),
        ("names=some", "names"),
    ] {
        let path = format!("/recoveries/1/report.md?{query}");
        let refused = house.send(get(&path).bearer(&token).build()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(refused.json()["errors"][0]["field"], field);
    }
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
