//! What the page about devices says, and the hostile world's devices.

use crate::desk::Fake;
use crate::draw::{Asked, draw};
use crate::world::{HOSTILE, at, person};
use app::desk::views::{DeviceView, DevicesView, LetterView, WebhookView};
use domain::access::Role;
use domain::message::Channel;

fn letter(state: &str) -> LetterView {
    LetterView {
        channel: Channel::Important,
        title: HOSTILE.to_owned(),
        state: state.to_owned(),
        why: Some(HOSTILE.to_owned()),
        written_at: at(-30),
        arrived_ms: (state == "sent").then_some(1440),
        opened: false,
    }
}

fn device(id: u64) -> DeviceView {
    DeviceView {
        id,
        person: person(Role::Admin).name,
        name: HOSTILE.to_owned(),
        platform: HOSTILE.to_owned(),
        mark: "ab".repeat(32),
        channels: vec![Channel::Important],
        hide_details: true,
        created_at: at(-90_000),
        last_seen: at(-40),
        last_ok: Some(at(-30)),
        failed: Some((at(-20), HOSTILE.to_owned())),
        expires_at: at(400_000),
        expires_soon: true,
        test: Some(letter("sent")),
    }
}

pub fn devices(empty: bool) -> DevicesView {
    let key = "BLn9b".to_owned();
    if empty {
        return DevicesView {
            key,
            mine: Vec::new(),
            others: Vec::new(),
            webhooks: Vec::new(),
        };
    }
    DevicesView {
        key,
        mine: vec![device(1)],
        others: vec![device(2)],
        webhooks: vec![WebhookView {
            name: "pager".to_owned(),
            host: "pager.example".to_owned(),
            channels: vec![Channel::Important],
            last: Some(letter("failed")),
        }],
    }
}

#[tokio::test]
async fn the_page_has_every_state_of_this_device_and_shows_none_of_them_before_the_script_knows() {
    let (_, html) = draw(Fake::default(), Asked::new("/settings/devices")).await;
    assert!(html.contains("data-module=\"device\" data-key=\"BLn9b\""));
    for state in [
        "off",
        "on",
        "blocked",
        "install",
        "insecure",
        "unsupported",
        "failed",
    ] {
        let panel = format!("data-state=\"{state}\" hidden");
        assert_eq!(html.matches(&panel).count(), 1, "{state}");
    }
    assert!(html.contains("data-state=\"still\"><p>"));
}

#[tokio::test]
async fn a_device_is_tested_changed_and_removed_by_plain_forms() {
    let (_, html) = draw(Fake::default(), Asked::new("/settings/devices")).await;
    for act in ["test_device", "change_device", "remove_device"] {
        assert!(
            html.contains(&format!("action=\"/do/{act}?intent=key")),
            "{act}"
        );
    }
    assert!(html.contains("Last important test: arrived after 1.4\u{a0}s."));
    assert!(html.contains("Not delivered"));
    assert!(html.contains("Expires soon"));
    assert!(html.contains("Devices of others"));
}

#[tokio::test]
async fn the_page_says_what_a_web_app_cannot_do_and_shows_the_second_channel() {
    let promise = "A web app cannot break through Do Not Disturb";
    let (_, html) = draw(Fake::default(), Asked::new("/settings/devices")).await;
    assert!(html.contains(promise));
    assert!(html.contains("action=\"/do/test_webhook?intent=key"));
    assert!(html.contains("pager.example, hears important"));
    let none = Fake {
        empty: true,
        ..Fake::default()
    };
    let (_, html) = draw(none, Asked::new("/settings/devices")).await;
    assert!(html.contains(promise));
    assert!(html.contains("No second channel"));
    assert!(html.contains("No device of yours is told yet."));
    let viewer = Asked {
        role: Some(Role::Viewer),
        ..Asked::new("/settings/devices")
    };
    let (_, html) = draw(Fake::default(), viewer).await;
    assert!(!html.contains("/do/test_webhook"));
    assert!(html.contains("/do/test_device"));
}
