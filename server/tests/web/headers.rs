//! What every answer tells the browser, whatever it is.

use super::house::{Ask, House, ask, get, post};
use domain::access::Role;

fn asks(cookie: &str) -> Vec<(u16, Ask)> {
    vec![
        (200, get("/").cookie(cookie)),
        (303, get("/").header("accept", "text/html")),
        (200, get("/sign-in")),
        (200, get("/favicon.svg")),
        (404, get("/pkg/no-such-file.js")),
        (404, get("/no/such/page").cookie(cookie)),
        (404, get("/api/v1/no-such-thing")),
        (401, get("/api/v1/alarms")),
        (405, ask("DELETE", "/api/v1/alarms")),
        (401, post("/hooks/am")),
        (403, post("/do/start_node").cookie(cookie)),
        (200, get("/healthz")),
    ]
}

#[tokio::test]
async fn the_policy_and_its_company_are_on_every_answer() {
    let house = House::new().await;
    let cookie = house.sign_in("rosa", Role::Admin).await;
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'sha256-{}'; img-src 'self' data:; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
        server::site::css_hash()
    );
    for (status, ask) in asks(&cookie) {
        let request = ask.build();
        let path = request.uri().to_string();
        let answer = house.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        assert_eq!(
            answer.header("content-security-policy"),
            Some(policy.as_str()),
            "{path}"
        );
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
        assert!(answer.header("cache-control").is_some(), "{path}");
    }
}

#[tokio::test]
async fn over_https_the_browser_is_told_to_stay_there() {
    let house = House::at("https://uncordon.test", true).await;
    for path in ["/healthz", "/favicon.svg", "/api/v1/alarms"] {
        let answer = house.send(get(path).build()).await;
        let strict = answer.header("strict-transport-security");
        assert_eq!(
            strict,
            Some("max-age=31536000; includeSubDomains"),
            "{path}"
        );
    }
}
