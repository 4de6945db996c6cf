//! What a device reads: one object for our worker and for systems that show it without a worker (Declarative Web Push).

use engine::ports::{Sending, Subscription};
use serde_json::{Value, json};

/// The text a device's push service never sees, because it is encrypted for the device.
///
/// `navigate` opens a screen, and nothing in it acts. The badge stands twice: on top as the specification has it, and
/// inside as the first systems that shipped it read it.
pub fn payload(sending: &Sending<'_>, subscription: &Subscription, public_url: &str) -> Value {
    let letter = sending.letter;
    let mut notification = json!({
        "title": letter.title,
        "navigate": format!("{}{}", public_url.trim_end_matches('/'), letter.path),
        "lang": "en",
        "dir": "auto",
        "tag": letter.about.key(),
        "data": { "id": letter.id, "channel": letter.channel.word() },
        "app_badge": sending.badge.to_string(),
    });
    if let Some(fields) = notification.as_object_mut() {
        if !subscription.hide_details {
            fields.insert("body".to_owned(), json!(letter.body));
        }
        if letter.channel == domain::message::Channel::Info {
            fields.insert("silent".to_owned(), json!(true));
        }
    }
    json!({
        "web_push": 8030,
        "notification": notification,
        "app_badge": sending.badge,
    })
}
