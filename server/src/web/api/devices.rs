//! `/api/v1/devices`: who is told, tests, and what browsers report of messages.

mod shapes;

use crate::web::AppState;
use crate::web::guard::Signed;
use crate::web::input::Body;
use crate::web::problem::Problem;
use app::desk::views::{DeviceOrder, DeviceReport, NewDevice};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, StatusCode};
use domain::message::Channel;
use shapes::{Added, Change, Devices, Report, Seen, Subscription, Test};

/// The person's devices, for an admin those of all, and the second channels.
#[utoipa::path(get, path = "/api/v1/devices", tag = "devices", responses((status = 200, body = Devices)))]
pub async fn list(State(state): State<AppState>, signed: Signed) -> Result<Json<Devices>, Problem> {
    Ok(Json(state.desk.devices(&signed.person).await?.into()))
}

/// Adds this browser: the object its Push API gives, as it is.
#[utoipa::path(post, path = "/api/v1/devices", tag = "devices", request_body = Subscription,
    responses((status = 201, body = Added), (status = 422, body = Problem)))]
pub async fn add(
    State(state): State<AppState>,
    signed: Signed,
    headers: HeaderMap,
    Body(body): Body<Subscription>,
) -> Result<(StatusCode, Json<Added>), Problem> {
    let agent = headers.get(USER_AGENT).and_then(|one| one.to_str().ok());
    let order = DeviceOrder::Add(NewDevice {
        platform: body
            .platform
            .unwrap_or_else(|| platform(agent.unwrap_or_default())),
        endpoint: body.endpoint,
        p256dh: body.keys.p256dh,
        auth: body.keys.auth,
        before: body.before,
    });
    let id = state.desk.do_device(&signed.person, &order).await?;
    let id = id.unwrap_or_default();
    Ok((StatusCode::CREATED, Json(Added { id })))
}

/// Changes what a device hears.
#[utoipa::path(put, path = "/api/v1/devices/{id}", tag = "devices", params(("id" = u64, Path)), request_body = Change,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(state): State<AppState>,
    signed: Signed,
    Path(id): Path<u64>,
    Body(body): Body<Change>,
) -> Result<StatusCode, Problem> {
    let channels = body.channels.iter().map(|word| channel(word));
    let order = DeviceOrder::Change {
        id,
        name: body.name,
        channels: channels.collect::<Result<_, _>>()?,
        hide_details: body.hide_details,
    };
    state.desk.do_device(&signed.person, &order).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets a device.
#[utoipa::path(delete, path = "/api/v1/devices/{id}", tag = "devices", params(("id" = u64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove(
    State(state): State<AppState>,
    signed: Signed,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    let order = DeviceOrder::Remove { id };
    state.desk.do_device(&signed.person, &order).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a device a test; the list says when it arrived.
#[utoipa::path(post, path = "/api/v1/devices/{id}/test", tag = "devices", params(("id" = u64, Path)), request_body = Test,
    responses((status = 202), (status = 404, body = Problem)))]
pub async fn test(
    State(state): State<AppState>,
    signed: Signed,
    Path(id): Path<u64>,
    Body(body): Body<Test>,
) -> Result<StatusCode, Problem> {
    let channel = body
        .channel
        .as_deref()
        .map_or(Ok(Channel::Default), channel)?;
    let order = DeviceOrder::Test { id, channel };
    state.desk.do_device(&signed.person, &order).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Sends a second channel a test.
#[utoipa::path(post, path = "/api/v1/webhooks/{name}/test", tag = "devices", params(("name" = String, Path)),
    responses((status = 202), (status = 404, body = Problem)))]
pub async fn test_webhook(
    State(state): State<AppState>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let order = DeviceOrder::TestWebhook { name };
    state.desk.do_device(&signed.person, &order).await?;
    Ok(StatusCode::ACCEPTED)
}

/// A message arrived or was opened: its unguessable id is all that is needed.
#[utoipa::path(post, path = "/api/v1/devices/receipts", tag = "devices", request_body = Report, security(()),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn receipt(
    State(state): State<AppState>,
    Body(body): Body<Report>,
) -> Result<StatusCode, Problem> {
    let report = match body.what.as_str() {
        "received" => DeviceReport::Received { id: body.id },
        "clicked" => DeviceReport::Clicked { id: body.id },
        other => {
            let text = format!("must be received or clicked, not {other:?}");
            return Err(Problem::field("what", &text));
        }
    };
    state.desk.device_report(&report).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The device with this push address is in use.
#[utoipa::path(post, path = "/api/v1/devices/seen", tag = "devices", request_body = Seen, security(()),
    responses((status = 204)))]
pub async fn seen(
    State(state): State<AppState>,
    Body(body): Body<Seen>,
) -> Result<StatusCode, Problem> {
    let report = DeviceReport::Seen {
        endpoint: body.endpoint,
    };
    state.desk.device_report(&report).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn channel(word: &str) -> Result<Channel, Problem> {
    Channel::parse(word).ok_or_else(|| {
        let text = format!("must be important, default or info, not {word:?}");
        Problem::field("channel", &text)
    })
}

/// A name for a device that nobody has named yet: `Chrome on Android`.
fn platform(agent: &str) -> String {
    let first = |list: &[(&str, &'static str)], rest: &'static str| {
        let found = list.iter().find(|(mark, _)| agent.contains(mark));
        found.map_or(rest, |(_, word)| *word)
    };
    // The order matters: every browser also names those it descends from.
    let browser = first(
        &[
            ("Edg", "Edge"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
        ],
        "A browser",
    );
    let system = first(
        &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Macintosh", "Mac"),
            ("Windows", "Windows"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ],
        "an unknown system",
    );
    format!("{browser} on {system}")
}

#[cfg(test)]
mod tests {
    use super::platform;

    #[test]
    fn a_device_is_named_after_what_it_says_of_itself() {
        let android = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36";
        assert_eq!(platform(android), "Chrome on Android");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1";
        assert_eq!(platform(phone), "Safari on iPhone");
        assert_eq!(platform("curl/8"), "A browser on an unknown system");
    }
}
