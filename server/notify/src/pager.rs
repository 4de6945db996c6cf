//! What the pagers of others are told: a call for help opens there, and its end resolves it.

use crate::webhook::link;
use domain::message::{Channel, Stage};
use engine::ports::Letter;
use serde_json::{Value, json};

/// Longest summary that PagerDuty takes, in characters.
const SUMMARY_MAX: usize = 1024;

/// What a message means to a pager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody is to be called.
    Open,
    /// Nobody needs to come any more.
    Resolve,
}

/// What this message means to a pager; `None`: nothing.
///
/// An end is told whatever its channel is: to a pager that never heard of the thing it says nothing. A test is what
/// somebody just asked for, so it opens on every channel.
pub fn event(letter: &Letter) -> Option<Event> {
    if letter.stage.ends() {
        return Some(Event::Resolve);
    }
    let loud = letter.channel == Channel::Important || letter.stage == Stage::Test;
    loud.then_some(Event::Open)
}

/// An event of PagerDuty's Events API v2.
pub fn pagerduty(letter: &Letter, event: Event, key: &str, public_url: &str) -> Value {
    let mut said = json!({
        "routing_key": key,
        "event_action": match event {
            Event::Open => "trigger",
            Event::Resolve => "resolve",
        },
        "dedup_key": letter.about.key(),
    });
    // A resolve needs no more: what opened it holds the words.
    if let (Event::Open, Some(fields)) = (event, said.as_object_mut()) {
        let summary: String = letter.title.chars().take(SUMMARY_MAX).collect();
        let payload = json!({
            "summary": summary,
            "source": "uncordon",
            "severity": severity(letter.channel),
            "custom_details": {
                "body": letter.body,
                "about": letter.about.key(),
                "state": letter.stage,
            },
        });
        let links = json!([{ "href": link(letter, public_url), "text": "Open in Uncordon" }]);
        fields.insert("payload".to_owned(), payload);
        fields.insert("links".to_owned(), links);
    }
    said
}

/// A form of GoAlert's generic API; the key stands in it and not in the address, which proxies write down.
pub fn goalert(
    letter: &Letter,
    event: Event,
    key: &str,
    public_url: &str,
) -> Vec<(&'static str, String)> {
    let mut form = vec![
        ("token", key.to_owned()),
        ("dedup", letter.about.key()),
        ("summary", letter.title.clone()),
        (
            "details",
            format!("{}\n\n{}", letter.body, link(letter, public_url)),
        ),
    ];
    if event == Event::Resolve {
        form.push(("action", "close".to_owned()));
    }
    form
}

const fn severity(channel: Channel) -> &'static str {
    match channel {
        Channel::Important => "critical",
        Channel::Default => "warning",
        Channel::Info => "info",
    }
}
