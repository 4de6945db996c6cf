//! The theme is chosen with one tap, kept in a cookie, and in force from the first byte of the next page.

use super::house::{House, get, post};
use axum::http::StatusCode;
use domain::access::Role;

/// The inlined sheet names the themes too: only the document's own word counts.
const THEMED: &str = "<html lang=\"en\" data-theme";

#[tokio::test]
async fn a_theme_is_chosen_with_one_tap_and_in_force_from_the_first_byte() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Viewer).await;
    let plain = house.send(get("/").cookie(&cookie).build()).await;
    assert!(!plain.body.contains(THEMED), "the device decides");
    let tap = post("/settings/theme")
        .on_page()
        .cookie(&cookie)
        .form("theme=dark");
    let chosen = house.send(tap.build()).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    assert_eq!(chosen.header("location"), Some("/settings"));
    let kept = chosen.cookie("theme").expect("a cookie");
    let both = format!("{cookie}; {kept}");
    let dark = house.send(get("/").cookie(&both).build()).await;
    assert!(dark.body.contains(&format!("{THEMED}=\"dark\"")));
    assert!(dark.body.contains("content=\"#0D1117\""), "the bars too");
    assert!(!dark.body.contains("content=\"#F6F8FA\""));
}

#[tokio::test]
async fn a_theme_nobody_knows_is_the_devices_own() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Viewer).await;
    let both = format!("{cookie}; theme=\"><script>");
    let page = house.send(get("/").cookie(&both).build()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains(THEMED));
}
