//! Every door has a row of the policy table, every row a door, and every row is kept.

use super::house::{Ask, House, ask};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::access::Role;
use server::web::doors;
use server::web::policy::{Found, Need, Row, TABLE, look};
use std::collections::BTreeSet;

/// A pattern with its holes filled by things that are there.
fn filled(pattern: &str) -> String {
    pattern
        .replace("{id}", "1")
        .replace("{c}", "prod")
        .replace("{n}", "node-12")
        .replace("{source}", "am")
        .replace("{name}", "pager")
}

fn request(row: &Row) -> Ask {
    ask(row.method.as_str(), &filled(row.path))
}

fn role(need: Need) -> Option<Role> {
    match need {
        Need::Open | Need::HookSecret => None,
        Need::SignedIn(role) | Need::Api(role) | Need::Token(role) => Some(role),
    }
}

#[tokio::test]
async fn every_door_and_every_server_function_has_a_row() {
    let doors = doors();
    let missing: Vec<_> = doors
        .list()
        .iter()
        .filter(|(_, path)| path != "/do/{*act}")
        .filter(|(method, path)| !matches!(look(method, path), Found::Need(_)))
        .collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
    let functions: Vec<_> = server_fn::axum::server_fn_paths().collect();
    assert!(
        functions.len() >= 14,
        "the server functions are not linked in: {functions:?}"
    );
    for (path, method) in functions {
        assert!(
            matches!(look(&method, path), Found::Need(_)),
            "{method} {path} has no row"
        );
        assert_eq!(method, "POST", "{path} would act on a GET");
    }
}

#[tokio::test]
async fn every_row_has_a_door() {
    let doors = doors();
    let paths: BTreeSet<(String, String)> = doors
        .list()
        .iter()
        .map(|(method, path)| (method.to_string(), path.clone()))
        .chain(
            server_fn::axum::server_fn_paths()
                .map(|(path, method)| (method.to_string(), path.to_owned())),
        )
        .collect();
    for row in TABLE {
        let known = paths.iter().any(|(method, path)| {
            *method == row.method.as_str()
                && matches!(look(&row.method, path), Found::Need(_))
                && same(path, row.path)
        });
        assert!(known, "{} {} leads nowhere", row.method, row.path);
    }
}

fn same(one: &str, other: &str) -> bool {
    let plain = |path: &str| {
        let parts = path
            .split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    plain(one) == plain(other)
}

/// What an answer says of the guard.
fn refused(status: StatusCode) -> bool {
    status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN
}

#[tokio::test]
async fn a_stranger_passes_only_open_doors() {
    let house = House::new().await;
    for row in TABLE {
        let answer = house
            .send(request(row).header("accept", "application/json").build())
            .await;
        let expected = row.need != Need::Open;
        let invited = row.path.starts_with("/sign-in");
        assert!(
            refused(answer.status) == expected || invited,
            "{} {}: {}",
            row.method,
            row.path,
            answer.status
        );
    }
    assert_eq!(house.desk.orders(), Vec::<String>::new());
}

#[tokio::test]
async fn a_viewer_may_read_and_nothing_more() {
    let house = House::new().await;
    let cookie = house.sign_in("vera", Role::Viewer).await;
    let token = house.token(Role::Viewer).await;
    for row in TABLE.iter().filter(|row| !stream(row)) {
        let Some(role) = role(row.need) else { continue };
        let request = match row.need {
            Need::Token(_) | Need::Api(_) => request(row).bearer(&token),
            Need::SignedIn(_) | Need::Open | Need::HookSecret => request(row)
                .cookie(&cookie)
                .header("sec-fetch-site", "same-origin")
                .header("accept", "application/json"),
        };
        let answer = house.send(request.build()).await;
        let forbidden = answer.status == StatusCode::FORBIDDEN;
        assert_eq!(
            forbidden,
            role > Role::Viewer,
            "{} {}: {}",
            row.method,
            row.path,
            answer.body
        );
        assert_ne!(
            answer.status,
            StatusCode::UNAUTHORIZED,
            "{} {}",
            row.method,
            row.path
        );
    }
    let mut orders = house.desk.orders();
    // What a viewer's own devices hear, and who they are in a chat, is their own business.
    orders.retain(|order| !order.contains(" device ") && !order.contains(" chat "));
    assert!(orders.is_empty(), "a viewer ordered {orders:?}");
}

/// An open stream never ends by itself.
fn stream(row: &Row) -> bool {
    row.path == "/live" || row.path == "/api/v1/events"
}

#[tokio::test]
async fn a_revoked_token_and_a_removed_person_are_nobody() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Admin).await;
    let token = house.token(Role::Admin).await;
    let all = house.store.tokens().await.expect("read");
    house
        .store
        .revoke_token(all[0].id, jiff::Timestamp::now())
        .await
        .expect("revoked");
    house
        .store
        .remove_person(&super::house::name("rosa"))
        .await
        .expect("removed");
    for row in TABLE {
        if role(row.need).is_none() {
            continue;
        }
        let request = request(row)
            .header("sec-fetch-site", "same-origin")
            .header("accept", "application/json");
        let request = match row.need {
            Need::Token(_) | Need::Api(_) => request.bearer(&token),
            Need::SignedIn(_) | Need::Open | Need::HookSecret => request.cookie(&cookie),
        };
        let answer = house.send(request.build()).await;
        assert_eq!(
            answer.status,
            StatusCode::UNAUTHORIZED,
            "{} {}",
            row.method,
            row.path
        );
    }
}

#[tokio::test]
async fn a_request_of_another_site_with_our_cookie_is_refused_everywhere() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Admin).await;
    let foreign: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://evil.test")],
        &[("origin", "null")],
        &[],
    ];
    for row in TABLE
        .iter()
        .filter(|row| row.method != "GET" && row.need != Need::HookSecret)
    {
        for headers in foreign {
            let request = headers
                .iter()
                .fold(request(row).cookie(&cookie), |ask, (name, value)| {
                    ask.header(name, value)
                });
            let answer = house.send(request.build()).await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{} {} {headers:?}",
                row.method,
                row.path
            );
            assert!(
                answer.body.contains("/problems/cross-site"),
                "{}",
                answer.body
            );
        }
    }
    assert_eq!(house.desk.orders(), Vec::<String>::new());
}

#[tokio::test]
async fn our_own_origin_is_taken_by_its_public_name_and_by_the_host_of_the_request() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Admin).await;
    for (host, origin, taken) in [
        ("uncordon.test", "http://uncordon.test", true),
        ("192.168.0.7:3000", "http://192.168.0.7:3000", true),
        ("192.168.0.7:3000", "http://uncordon.test", true),
        ("uncordon.test", "http://uncordon.test.evil.test", false),
        ("uncordon.test", "http://uncordon.test:8080", false),
    ] {
        let request = Request::post("/api/v1/recoveries/1/stop")
            .header("host", host)
            .header("origin", origin)
            .header("cookie", &cookie);
        let answer = house
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        assert_eq!(
            answer.status == StatusCode::ACCEPTED,
            taken,
            "{host} {origin}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let house = House::new().await;
    let answer = house.send(ask("DELETE", "/api/v1/alarms").build()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), Some("GET"));
    let answer = house.send(ask("GET", "/do/start_node").build()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    let answer = house.send(ask("POST", "/do/no_such_act").build()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
