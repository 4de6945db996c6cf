//! Ways in and out.

use super::house::{House, get, name, post};
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use domain::access::Role;
use std::net::SocketAddr;

#[tokio::test]
async fn opening_the_link_changes_nothing_and_the_button_works_once() {
    let house = House::new().await;
    let secret = house.invite("rosa", Role::Admin).await;
    for _ in 0..3 {
        let page = house
            .send(get(&format!("/sign-in?token={secret}")).build())
            .await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.body.contains("Sign in")
                && page.body.contains("rosa")
                && page.body.contains(&secret)
        );
        assert!(page.headers.get("set-cookie").is_none());
    }
    let form = || post("/sign-in").form(&format!("token={secret}")).build();
    let first = house.send(form()).await;
    assert_eq!(
        (first.status, first.header("location")),
        (StatusCode::SEE_OTHER, Some("/"))
    );
    let again = house.send(form()).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert!(again.body.contains("used before"), "{}", again.body);
    let page = house
        .send(get(&format!("/sign-in?token={secret}")).build())
        .await;
    assert!(page.body.contains("used before"), "{}", page.body);
}

#[tokio::test]
async fn the_link_itself_may_be_posted_too() {
    let house = House::new().await;
    let secret = house.invite("rosa", Role::Admin).await;
    let answer = house
        .send(post(&format!("/sign-in?token={secret}")).build())
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.cookie("s").is_some());
}

#[tokio::test]
async fn the_cookie_is_bound_to_https_and_hidden_from_scripts() {
    for (url, secure, start) in [
        ("http://uncordon.test", false, "s="),
        ("https://uncordon.test", true, "__Host-s="),
    ] {
        let house = House::at(url, secure).await;
        let secret = house.invite("rosa", Role::Admin).await;
        let answer = house
            .send(post("/sign-in").form(&format!("token={secret}")).build())
            .await;
        let cookie = answer.header("set-cookie").expect("a cookie");
        assert!(cookie.starts_with(start), "{cookie}");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn signing_in_gives_a_new_id_and_signing_out_ends_it() {
    let house = House::new().await;
    let old = house.sign_in("rosa", Role::Viewer).await;
    let secret = house.invite("rosa", Role::Viewer).await;
    let form = post("/sign-in")
        .cookie(&old)
        .on_page()
        .form(&format!("token={secret}"));
    let new = house
        .send(form.build())
        .await
        .cookie("s")
        .expect("a cookie");
    assert_ne!(old, new);
    let status = async |cookie: &str| {
        house
            .send(get("/settings").cookie(cookie).build())
            .await
            .status
    };
    assert_eq!(status(&old).await, StatusCode::SEE_OTHER);
    assert_eq!(status(&new).await, StatusCode::OK);
    let out = house
        .send(post("/sign-out").cookie(&new).on_page().build())
        .await;
    assert_eq!(
        (out.status, out.header("location")),
        (StatusCode::SEE_OTHER, Some("/sign-in"))
    );
    assert_eq!(
        out.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    assert_eq!(status(&new).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_code_of_a_signed_in_device_signs_another_one_in_once() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Responder).await;
    let page = house
        .send(post("/sign-in/new-code").cookie(&cookie).on_page().build())
        .await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let code = page
        .body
        .split("<output")
        .nth(1)
        .and_then(|rest| rest.split(['>', '<']).nth(1))
        .expect("a code");
    assert!(
        code.len() == 6 && code.chars().all(|c| c.is_ascii_digit()),
        "{code}"
    );
    let form = || {
        post("/sign-in/code")
            .form(&format!("code={}+{}", &code[..3], &code[3..]))
            .build()
    };
    let other = house.send(form()).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "{}", other.body);
    let other = other.cookie("s").expect("a cookie");
    assert_eq!(
        house
            .send(get("/settings").cookie(&other).build())
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(house.send(form()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn five_tries_in_fifteen_minutes_and_other_addresses_are_not_locked_out() {
    let house = House::new().await;
    let from = |address: &str, fields: &str| {
        let mut request = post("/sign-in").form(fields).build();
        let address: SocketAddr = format!("{address}:4711").parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(address));
        request
    };
    for _ in 0..5 {
        assert_eq!(
            house.send(from("192.0.2.1", "token=guess")).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let secret = house.invite("rosa", Role::Viewer).await;
    let form = format!("token={secret}");
    let sixth = house.send(from("192.0.2.1", &form)).await;
    assert_eq!(
        (sixth.status, sixth.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, Some("900"))
    );
    assert_eq!(
        house.send(from("192.0.2.2", &form)).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_changed_role_counts_at_once_and_a_removed_person_is_out() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Admin).await;
    let stop = || {
        post("/api/v1/recoveries/1/stop")
            .cookie(&cookie)
            .on_page()
            .build()
    };
    assert_eq!(house.send(stop()).await.status, StatusCode::ACCEPTED);
    house
        .store
        .set_role(&name("rosa"), Role::Viewer)
        .await
        .expect("changed");
    assert_eq!(house.send(stop()).await.status, StatusCode::FORBIDDEN);
    house
        .store
        .remove_person(&name("rosa"))
        .await
        .expect("removed");
    assert_eq!(house.send(stop()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_of_another_site_signs_nobody_in() {
    let house = House::new().await;
    let secret = house.invite("mallory", Role::Viewer).await;
    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "http://evil.test"),
    ] {
        let form = post("/sign-in")
            .header(header, value)
            .form(&format!("token={secret}"));
        assert_eq!(house.send(form.build()).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn sign_ins_and_refusals_are_in_the_audit() {
    let house = House::new().await;
    house.sign_in("rosa", Role::Admin).await;
    house
        .send(post("/sign-in").form("token=guess").build())
        .await;
    let page = engine::ports::Page {
        after: None,
        limit: 10,
    };
    let rows = house.store.audits(page).await.expect("read");
    let actions: Vec<_> = rows
        .iter()
        .map(|row| (row.what.actor.as_str(), row.what.action.as_str()))
        .collect();
    assert_eq!(
        actions,
        [("unknown", "sign_in_refused"), ("rosa", "signed_in")]
    );
    assert!(!format!("{rows:?}").contains("guess"));
}
