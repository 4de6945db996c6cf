//! DigitalOcean by its template: pages, and what a refusal means.

use super::{secret, seen};
use crate::bench::{Wall, target};
use crate::relay::{Fate, Relay, Request, answer};
use cloud::Budget;
use cloud::http::{Http, shipped};
use domain::step::Answer;
use domain::world::{MachineState, Reading};
use engine::ports::Cloud;
use std::collections::BTreeMap;
use std::sync::Arc;

/// DigitalOcean as documented: two pages, the second under the address that the first names.
async fn droplets(
    next: &'static str,
    handler: fn(&Request) -> Option<Fate>,
) -> (Relay, Http, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(None, move |request| {
        if let Some(fate) = handler(request) {
            return fate;
        }
        let droplet = |id: u32, ip: &str| {
            format!(r#"{{"id": {id}, "name": "node", "status": "off", "locked": true, "region": {{"slug": "nyc3"}}, "networks": {{"v4": [{{"ip_address": "203.0.113.{id}", "type": "public"}}, {{"ip_address": "{ip}", "type": "private"}}], "v6": []}}}}"#)
        };
        let base = format!("http://{}", request.header("host"));
        match request.call.as_str() {
            "GET /v2/droplets?per_page=200&page=1" => answer(200, format!(r#"{{"droplets": [{}], "links": {{"pages": {{"next": "{}"}}}}}}"#, droplet(7, "127.0.0.10"), next.replace("BASE", &base))),
            "GET /v2/droplets?page=2&per_page=200" => answer(200, format!(r#"{{"droplets": [{}], "links": {{}}}}"#, droplet(8, "127.0.0.1"))),
            "GET /v2/droplets/8" => answer(200, format!(r#"{{"droplet": {}}}"#, droplet(8, "127.0.0.1"))),
            "POST /v2/droplets/8/actions" if request.body == r#"{"type":"power_on"}"# => {
                answer(201, r#"{"action": {"id": 36804636, "status": "in-progress", "type": "power_on", "resource_id": 8}}"#)
            }
            _ => answer(404, r#"{"id": "not_found", "message": "The resource you requested could not be found."}"#),
        }
    })
    .await;
    let settings = cloud::http::Settings {
        name: "do".into(),
        template: toml::from_str(shipped("digitalocean").unwrap()).unwrap(),
        base: Some(format!("{}/v2", relay.url)),
        secrets: BTreeMap::from([("token".into(), secret(folder.path(), "dop_v1_canary"))]),
        ca: None,
        budget: Budget::default(),
    };
    (relay, Http::new(settings, Arc::new(Wall)).unwrap(), folder)
}

#[tokio::test]
async fn a_droplet_is_found_by_its_private_address_on_the_second_page_and_started() {
    let (relay, cloud, _folder) = droplets("BASE/v2/droplets?page=2&per_page=200", |_| None).await;
    let machine = seen(cloud.machine(&target(None)).await);
    assert_eq!(
        (machine.id.as_str(), machine.state, machine.zone.as_deref()),
        ("8", MachineState::Off, Some("nyc3"))
    );
    assert_eq!(machine.detail, "off, locked by an action under way");
    assert_eq!(
        seen(cloud.machine(&target(Some("digitalocean://8"))).await),
        machine
    );
    assert_eq!(cloud.start("8", "k").await, Answer::Done("36804636".into()));
    assert!(
        matches!(cloud.start("9", "k").await, Answer::NotFound(why) if why.starts_with("404 not_found: The resource"))
    );
    assert!(
        relay
            .seen()
            .iter()
            .all(|one| one.header("authorization") == "Bearer dop_v1_canary")
    );
}

#[tokio::test]
async fn a_next_page_on_another_host_is_not_followed_with_our_token() {
    let (_relay, cloud, _folder) =
        droplets("http://127.0.0.2:9/v2/droplets?page=2", |_| None).await;
    let read = cloud.machine(&target(None)).await;
    assert!(
        matches!(&read, Reading::Unreadable(why) if why.contains("another host")),
        "{read:?}"
    );
}

#[tokio::test]
async fn a_droplet_with_another_action_under_way_is_a_conflict_and_one_that_is_on_is_as_wanted() {
    let busy = |request: &Request| {
        request.call.starts_with("POST ").then(|| answer(422, r#"{"id": "unprocessable_entity", "message": "Droplet already has a pending event."}"#))
    };
    let (_relay, cloud, _folder) = droplets("", busy).await;
    assert!(
        matches!(cloud.start("8", "k").await, Answer::Conflict(why) if why.contains("pending event"))
    );
    let on = |request: &Request| {
        let id = r#"{"droplet": {"id": 8, "status": "active", "networks": {}}}"#;
        match request.call.as_str() {
            "GET /v2/droplets/8" => Some(answer(200, id)),
            call if call.starts_with("POST ") => Some(answer(
                422,
                r#"{"id": "unprocessable_entity", "message": "Droplet is already powered on."}"#,
            )),
            _ => None,
        }
    };
    let (_relay, cloud, _folder) = droplets("", on).await;
    assert!(matches!(
        cloud.start("8", "k").await,
        Answer::AlreadyThere(_)
    ));
}
