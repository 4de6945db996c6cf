//! The doctor's look at chats, mail and the heartbeat.

use super::line::{Found, Line};
use crate::config::shown::place;
use crate::config::{ChatKeys, Config};
use crate::{heartbeat, telling, wiring};
use engine::ports::{Delivery, Saying};
use futures::future::join_all;
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::timeout;

/// A chat that answers later than this does not answer.
const LIMIT: Duration = Duration::from_secs(15);

/// Their lines.
pub async fn lines(config: &Config) -> Vec<Line> {
    let url = config.server.public_url.trim_end_matches('/');
    let mut lines = join_all(config.chats.iter().map(|one| chat(one, url))).await;
    if config.notify.smtp.is_some() {
        lines.push(Line::new("mail", mail(config).await));
    }
    if config.notify.heartbeat.is_some() {
        lines.push(Line::new("heartbeat", beat(config)));
    }
    lines
}

async fn chat(one: &ChatKeys, url: &str) -> Line {
    let found = match timeout(LIMIT, look(one, url)).await {
        Ok(Ok(found)) => found,
        Ok(Err(why)) => Found::Failed(format!(
            "{why}; look at its api_url and token ({})",
            one.kind.word()
        )),
        Err(_) => Found::Failed(format!("no answer within {} s (api_url)", LIMIT.as_secs())),
    };
    Line::new(format!("chat {}", one.name), found)
}

async fn look(one: &ChatKeys, url: &str) -> Result<Found, String> {
    let seat = wiring::seat(one, url).map_err(|error| format!("{error:#}"))?;
    let account = seat.chat.account().await?;
    let Some(room) = seat.test_room else {
        return Ok(Found::Lacking(format!(
            "{account}; nothing was said, because no test_room is set"
        )));
    };
    let saying = Saying {
        key: format!("doctor:{}", Timestamp::now()),
        room: room.clone(),
        thread: None,
        only_to: None,
        text: "Test of Uncordon: nothing is wrong.".to_owned(),
        buttons: Vec::new(),
    };
    match seat.chat.say(&saying).await {
        Ok(_) => Ok(Found::Well(format!("{account}; a test was said in {room}"))),
        Err(
            Delivery::Refused(why)
            | Delivery::Gone(why)
            | Delivery::Unknown(why)
            | Delivery::Later { why, .. },
        ) => Ok(Found::Failed(format!(
            "{account}, but a test in {room} was not taken: {why}; is it asked into that room (test_room)?"
        ))),
        Err(Delivery::Taken | Delivery::Said(_)) => Ok(Found::Well(account)),
    }
}

async fn mail(config: &Config) -> Found {
    let ready = match telling::mail(config) {
        Ok(Some(mail)) => mail.ready().await,
        Ok(None) => Ok(()),
        Err(error) => Err(format!("{error:#}")),
    };
    match ready {
        Ok(()) => Found::Well("the server takes our mail; none was sent".to_owned()),
        Err(why) => Found::Failed(format!("{why} ([notify.smtp])")),
    }
}

/// Only whether it could go out: a beat from here would say that we are well.
fn beat(config: &Config) -> Found {
    let sound = heartbeat::of(config).and_then(|_| heartbeat::url(config));
    match sound {
        Ok(url) => Found::Well(format!(
            "goes to {} while serve runs; none was sent",
            place(&url.unwrap_or_default())
        )),
        Err(error) => Found::Failed(format!("{error:#}; look at [notify.heartbeat]")),
    }
}
