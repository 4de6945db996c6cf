//! One device that is told: what it is, whether messages reach it, what it hears, and the tests.

use super::actions::Seen;
use super::form::{Line, Weight, action, button, hidden, line};
use super::status::{Shape, tag};
use super::time::{ago, span};
use crate::desk::views::{DeviceView, LetterView, WebhookView};
use crate::links::acts;
use domain::message::Channel;
use leptos::prelude::*;

/// A row of one's own devices.
pub fn mine(of: &DeviceView, seen: Seen) -> AnyView {
    let id = of.id.to_string();
    let test = |channel: Channel, label: &'static str| {
        let fields = vec![
            ("id", of.id.to_string()),
            ("channel", channel.word().to_owned()),
        ];
        button(acts::TEST_DEVICE, label, Weight::Plain, fields)
    };
    view! {
        <li class="item device" data-device=id.clone() data-mark=of.mark.clone()>
            <span class="between">
                <strong>{of.name.clone()}</strong>
                <span data-here="" hidden>{tag(Shape::Ready, "This device")}</span>
            </span>
            {facts(of, seen)}
            {trouble(of, seen)}
            {of.test.as_ref().map(|test| view! { <p class="meta">{tested(test)}</p> })}
            <div class="row">
                {test(Channel::Important, "Test important")} {test(Channel::Default, "Test default")}
            </div>
            <details id=format!("device-{id}")>
                <summary>"What it hears, remove"</summary>
                {wants(of)}
                {button(
                    acts::REMOVE_DEVICE,
                    format!("Remove {}", of.name),
                    Weight::Danger,
                    vec![("id", id.clone())],
                )}
            </details>
        </li>
    }
    .into_any()
}

/// A row of somebody else's, for an admin.
pub fn other(of: &DeviceView, seen: Seen) -> AnyView {
    view! {
        <li class="item device" data-device=of.id.to_string()>
            <strong>{format!("{}: {}", of.person, of.name)}</strong>
            {facts(of, seen)}
            {trouble(of, seen)}
            {button(
                acts::REMOVE_DEVICE,
                format!("Remove {} of {}", of.name, of.person),
                Weight::Danger,
                vec![("id", of.id.to_string())],
            )}
        </li>
    }
    .into_any()
}

fn facts(of: &DeviceView, seen: Seen) -> AnyView {
    let delivered = match of.last_ok {
        Some(at) => ago(at, seen.now),
        None => "none yet".into_any(),
    };
    view! {
        <dl class="facts">
            <dt>"Seen"</dt>
            <dd>{ago(of.last_seen, seen.now)}</dd>
            <dt>"Delivered"</dt>
            <dd>{delivered}</dd>
            <dt>"Hears"</dt>
            <dd>{hears(&of.channels)}</dd>
            <dt>"Expires"</dt>
            <dd>{format!("in {} unless it is used", span(seen.now, of.expires_at))}</dd>
        </dl>
    }
    .into_any()
}

/// What stands against the next message reaching it.
fn trouble(of: &DeviceView, seen: Seen) -> AnyView {
    let failed = of.failed.as_ref().map(|(at, why)| {
        view! {
            <p class="warnings">
                {tag(Shape::Down, "Not delivered")} " " {ago(*at, seen.now)} ": " {why.clone()}
            </p>
        }
    });
    let soon = of.expires_soon.then(|| {
        view! {
            <p class="warnings">
                {tag(Shape::Degraded, "Expires soon")}
                " Open Uncordon on it once, or it is forgotten."
            </p>
        }
    });
    view! { {failed} {soon} }.into_any()
}

fn wants(of: &DeviceView) -> AnyView {
    let boxes = [
        (
            "important",
            "Important: a person is needed",
            of.channels.contains(&Channel::Important),
        ),
        (
            "usual",
            "Default: a recovery began or ended well",
            of.channels.contains(&Channel::Default),
        ),
        (
            "info",
            "Info: stopped, refused, a false alarm",
            of.channels.contains(&Channel::Info),
        ),
        (
            "hide_details",
            "Hide details: the lock screen shows the title only",
            of.hide_details,
        ),
    ];
    let boxes = boxes
        .into_iter()
        .map(|(name, label, ticked)| {
            view! {
                <label class="check">
                    <input type="checkbox" name=name value="on" checked=ticked/>
                    {label}
                </label>
            }
        })
        .collect_view();
    view! {
        <form method="post" action=action(acts::CHANGE_DEVICE) class="stack">
            {hidden(vec![("id", of.id.to_string())])}
            {line(Line {
                name: "name",
                id: Some(format!("name-{}", of.id)),
                label: "Name".to_owned(),
                value: of.name.clone(),
                required: true,
                ..Line::default()
            })}
            {boxes}
            <button class="button">"Save"</button>
        </form>
    }
    .into_any()
}

/// A second channel.
pub fn webhook(of: &WebhookView, seen: Seen) -> AnyView {
    let last = match &of.last {
        None => "Nothing was sent yet.".into_any(),
        Some(last) => view! {
            {format!("{}, ", last.title)} {ago(last.written_at, seen.now)} ": " {sent(last)}
        }
        .into_any(),
    };
    let test = seen.may.then(|| {
        button(
            acts::TEST_WEBHOOK,
            format!("Test {}", of.name),
            Weight::Plain,
            vec![("name", of.name.clone())],
        )
    });
    let shape = match &of.last {
        None => (Shape::Unknown, "Not tried"),
        Some(last) => match last.state.as_str() {
            "sent" => (Shape::Ready, "Works"),
            "failed" => (Shape::Down, "Not delivered"),
            "waiting" | "trying" => (Shape::Recovering, "On its way"),
            _ => (Shape::Unknown, "Not known"),
        },
    };
    view! {
        <li class="item" data-webhook=of.name.clone()>
            <span class="between">
                <strong>{of.name.clone()}</strong>
                {tag(shape.0, shape.1)}
            </span>
            <span class="meta">
                {format!("{}, hears {}", of.host, hears(&of.channels))}
            </span>
            <p class="meta">{last}</p>
            {test}
        </li>
    }
    .into_any()
}

/// What somebody hears, in words.
pub fn hears(channels: &[Channel]) -> String {
    if channels.is_empty() {
        return "nothing".to_owned();
    }
    let words: Vec<&str> = channels.iter().map(|one| one.word()).collect();
    words.join(", ")
}

/// What became of the last test, in a sentence.
fn tested(of: &LetterView) -> String {
    let what = format!("Last {} test: ", of.channel.word());
    let rest = match (of.arrived_ms, of.state.as_str()) {
        (Some(ms), _) if of.opened => format!("arrived after {}, opened.", delay(ms)),
        (Some(ms), _) => format!("arrived after {}.", delay(ms)),
        (None, _) => sent(of),
    };
    what + &rest
}

/// What became of a message, in words.
pub fn sent(of: &LetterView) -> String {
    let why = of.why.clone().unwrap_or_default();
    match of.state.as_str() {
        "waiting" if why.is_empty() => "on its way.".to_owned(),
        "waiting" => format!("tried again soon: {why}."),
        "trying" => "on its way.".to_owned(),
        "sent" => "taken by the other side; not seen to arrive yet.".to_owned(),
        "failed" => format!("not delivered: {why}."),
        "over" => "not sent: it was over by then.".to_owned(),
        _ => format!("not known whether it arrived: {why}."),
    }
}

/// `0.4 s`, `3 s`.
fn delay(ms: u64) -> String {
    if ms < 10_000 {
        format!("{}.{}\u{a0}s", ms / 1000, ms % 1000 / 100)
    } else {
        super::time::long(i64::try_from(ms / 1000).unwrap_or(i64::MAX))
    }
}
