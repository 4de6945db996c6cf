//! What goes over the wire to a push service and to a webhook, and what their answers mean.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "service/listens.rs"]
mod service;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::message::Channel;
use engine::ports::{Delivery, Letter, Notifier, Sending, Subscription, Way};
use notify::Carrier;
use notify::hosts::Hosts;
use notify::push::{WebPush, usable};
use notify::vapid::Key;
use notify::webhook::{Shape, Webhook};
use serde_json::{Value, json};
use service::{letter, service, text};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use web_push_native::p256::SecretKey;
use web_push_native::p256::elliptic_curve::sec1::ToEncodedPoint;
use web_push_native::{Auth, decrypt};

/// A device that can read what is meant for it.
struct Device {
    secret: SecretKey,
    auth: [u8; 16],
}

impl Device {
    fn new() -> Self {
        Self {
            secret: SecretKey::from_slice(&[7; 32]).unwrap(),
            auth: *b"sixteen secrets.",
        }
    }

    fn subscription(&self, endpoint: String) -> Subscription {
        let point = self.secret.public_key().as_affine().to_encoded_point(false);
        Subscription {
            endpoint,
            p256dh: URL_SAFE_NO_PAD.encode(point.as_bytes()),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
            hide_details: false,
        }
    }

    fn read(&self, body: Vec<u8>) -> Value {
        let auth = Auth::clone_from_slice(&self.auth);
        serde_json::from_slice(&decrypt(body, &self.secret, &auth).unwrap()).unwrap()
    }
}

fn carrier(webhooks: Vec<Webhook>) -> (Carrier, Arc<Key>) {
    let key = Arc::new(Key::make().unwrap());
    let push = WebPush::new(
        Arc::clone(&key),
        "mailto:ops@example.test".to_owned(),
        Hosts::new(&[], true),
        "https://uncordon.example.test/".to_owned(),
    );
    let push = push.unwrap();
    let carrier = Carrier {
        push,
        webhooks,
        mail: None,
        mailboxes: BTreeMap::new(),
        chats: BTreeMap::new(),
        public_url: String::new(),
    };
    (carrier, key)
}

async fn deliver(carrier: &Carrier, letter: &Letter) -> Delivery {
    let sending = Sending {
        letter,
        lasts: Duration::from_secs(3000),
        badge: 3,
    };
    carrier.deliver(&sending).await
}

#[tokio::test]
async fn a_push_carries_ttl_urgency_topic_and_a_token_for_its_service_and_only_the_device_can_read_it()
 {
    let (url, heard) = service().await;
    let (carrier, key) = carrier(Vec::new());
    let device = Device::new();
    for (channel, urgency) in [
        (Channel::Important, "high"),
        (Channel::Default, "normal"),
        (Channel::Info, "low"),
    ] {
        let way = Way::Push(device.subscription(format!("{url}/201")));
        assert_eq!(
            deliver(&carrier, &letter(way, channel)).await,
            Delivery::Taken
        );
        let (headers, body) = heard.lock().unwrap().pop().unwrap();
        assert_eq!(text(&headers, "urgency"), urgency);
        assert_eq!(text(&headers, "ttl"), "3000");
        assert_eq!(text(&headers, "topic"), "recovery-1042");
        assert_eq!(text(&headers, "content-encoding"), "aes128gcm");
        let token = text(&headers, "authorization")
            .strip_prefix("vapid t=")
            .unwrap();
        let (token, public) = token.split_once(", k=").unwrap();
        assert_eq!(public, key.public());
        let claims = URL_SAFE_NO_PAD
            .decode(token.split('.').nth(1).unwrap())
            .unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(
            claims["aud"],
            url.as_str(),
            "the origin of the push service"
        );
        assert_eq!(claims["sub"], "mailto:ops@example.test");
        let lasts = claims["exp"].as_i64().unwrap() - jiff::Timestamp::now().as_second();
        assert!((1..=86_400).contains(&lasts), "{lasts}");
        assert!(!String::from_utf8_lossy(&body).contains("node-12"));
        let read = device.read(body);
        assert_eq!(
            read["notification"]["body"],
            "prod: the machine runs, the node is NotReady. Węzeł stoi."
        );
        assert_eq!(
            read["notification"].get("silent").is_some(),
            channel == Channel::Info
        );
    }
}

#[tokio::test]
async fn the_payload_is_a_declarative_push_message_that_only_opens_a_screen() {
    let (url, heard) = service().await;
    let (carrier, _) = carrier(Vec::new());
    let device = Device::new();
    let mut subscription = device.subscription(format!("{url}/201"));
    let way = Way::Push(subscription.clone());
    deliver(&carrier, &letter(way, Channel::Important)).await;
    let (_, body) = heard.lock().unwrap().pop().unwrap();
    let said = device.read(body);
    let whole = json!({
        "web_push": 8030,
        "app_badge": 3,
        "notification": {
            "title": "node-12 needs you",
            "body": "prod: the machine runs, the node is NotReady. Węzeł stoi.",
            "navigate": "https://uncordon.example.test/recoveries/1042",
            "tag": "recovery-1042", "lang": "en", "dir": "auto", "app_badge": "3",
            "data": { "id": "0123456789abcdef", "channel": "important" },
        },
    });
    assert_eq!(said, whole);
    subscription.hide_details = true;
    deliver(
        &carrier,
        &letter(Way::Push(subscription), Channel::Important),
    )
    .await;
    let (_, body) = heard.lock().unwrap().pop().unwrap();
    let hidden = device.read(body);
    assert_eq!(hidden["notification"]["title"], "node-12 needs you");
    assert!(hidden["notification"].get("body").is_none());
}

#[tokio::test]
async fn answers_of_a_push_service_mean_what_the_standard_says() {
    let (url, heard) = service().await;
    let (carrier, _) = carrier(Vec::new());
    let device = Device::new();
    for (status, meant) in [
        (201, "Taken"),
        (404, "Gone"),
        (410, "Gone"),
        (400, "Refused"),
        (401, "Refused"),
        (403, "Refused"),
        (413, "Refused"),
        (307, "Refused"),
        (500, "Later"),
        (503, "Later"),
    ] {
        let way = Way::Push(device.subscription(format!("{url}/{status}")));
        let came = format!(
            "{:?}",
            deliver(&carrier, &letter(way, Channel::Default)).await
        );
        assert!(came.starts_with(meant), "{status}: {came}");
    }
    assert_eq!(
        heard.lock().unwrap().len(),
        10,
        "no redirect is followed, nothing is repeated"
    );
    let way = Way::Push(device.subscription(format!("{url}/429")));
    let busy = deliver(&carrier, &letter(way, Channel::Default)).await;
    let why = "127.0.0.1 answered 429 said why".to_owned();
    let after = Some(Duration::from_secs(90));
    assert_eq!(busy, Delivery::Later { after, why });
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = nobody.local_addr().unwrap();
    drop(nobody);
    let way = Way::Push(device.subscription(format!("http://{closed}/201")));
    let lost = deliver(&carrier, &letter(way, Channel::Default)).await;
    assert!(
        matches!(lost, Delivery::Later { after: None, .. }),
        "{lost:?}"
    );
}

#[tokio::test]
async fn a_foreign_address_is_never_called_and_a_bad_key_is_named() {
    let (carrier, _) = carrier(Vec::new());
    let device = Device::new();
    let way = Way::Push(device.subscription("https://evil.test/x".to_owned()));
    let refused = deliver(&carrier, &letter(way, Channel::Default)).await;
    assert!(
        matches!(&refused, Delivery::Refused(why) if why.contains("evil.test")),
        "{refused:?}"
    );
    let good = device.subscription("https://evil.test/x".to_owned());
    assert_eq!(usable(&good), Ok(()));
    let short = Subscription {
        auth: "abc".to_owned(),
        ..good.clone()
    };
    assert!(usable(&short).unwrap_err().contains("auth"));
    let off = Subscription {
        p256dh: "BAAA".to_owned(),
        ..good
    };
    assert!(usable(&off).unwrap_err().contains("p256dh"));
}

#[tokio::test]
async fn a_webhook_gets_a_small_json_with_its_token_and_a_404_does_not_end_it() {
    let (url, heard) = service().await;
    let hook = |name: &str, status: u16, token: Result<String, String>| {
        let ask: notify::Ask = Arc::new(move || token.clone());
        let public = "https://uncordon.example.test".to_owned();
        Webhook::new(
            name.to_owned(),
            &format!("{url}/{status}"),
            Shape::Plain,
            Some(ask),
            public,
        )
        .unwrap()
    };
    let (carrier, _) = carrier(vec![
        hook("pager", 202, Ok("hush".to_owned())),
        hook("lost", 404, Ok("hush".to_owned())),
        hook("mute", 202, Err("the secret file is gone".to_owned())),
    ]);
    let to = |name: &str| letter(Way::Webhook(name.to_owned()), Channel::Important);
    assert_eq!(deliver(&carrier, &to("pager")).await, Delivery::Taken);
    let (headers, body) = heard.lock().unwrap().pop().unwrap();
    assert_eq!(text(&headers, "authorization"), "Bearer hush");
    let said: Value = serde_json::from_slice(&body).unwrap();
    let whole = json!({
        "id": "0123456789abcdef", "about": "recovery-1042", "state": "needs_human", "channel": "important",
        "title": "node-12 needs you", "body": "prod: the machine runs, the node is NotReady. Węzeł stoi.",
        "url": "https://uncordon.example.test/recoveries/1042", "written_at": "2026-11-22T09:41:07.000Z",
    });
    assert_eq!(said, whole);
    assert!(matches!(
        deliver(&carrier, &to("lost")).await,
        Delivery::Refused(_)
    ));
    assert!(matches!(
        deliver(&carrier, &to("mute")).await,
        Delivery::Later { .. }
    ));
    assert!(matches!(
        deliver(&carrier, &to("nobody")).await,
        Delivery::Refused(_)
    ));
    assert_eq!(
        heard.lock().unwrap().len(),
        1,
        "without its secret nothing is sent"
    );
}
