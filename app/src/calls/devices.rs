//! Acts on devices and on the second channel.

use super::door;
use crate::desk::views::DeviceOrder;
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use domain::message::Channel;
use leptos::prelude::*;

/// Changes what a device hears; a box that is not ticked is not sent.
#[server(prefix = "/do", endpoint = "change_device")]
pub async fn change_device(
    id: String,
    name: String,
    important: Option<String>,
    usual: Option<String>,
    info: Option<String>,
    hide_details: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    see_other(links::DEVICES);
    let wanted = [
        (Channel::Important, important),
        (Channel::Default, usual),
        (Channel::Info, info),
    ];
    let order = DeviceOrder::Change {
        id: device(&id)?,
        name,
        channels: wanted
            .into_iter()
            .filter(|(_, ticked)| ticked.is_some())
            .map(|(channel, _)| channel)
            .collect(),
        hide_details: hide_details.is_some(),
    };
    desk().do_device(&who, &order).await?;
    done("Saved. From the next message on it is so.");
    Ok(())
}

/// Forgets a device.
#[server(prefix = "/do", endpoint = "remove_device")]
pub async fn remove_device(id: String) -> Result<(), AppError> {
    let who = caller()?;
    see_other(links::DEVICES);
    let id = device(&id)?;
    desk().do_device(&who, &DeviceOrder::Remove { id }).await?;
    done("Removed. That device hears nothing more from here.");
    Ok(())
}

/// Sends a device a test.
#[server(prefix = "/do", endpoint = "test_device")]
pub async fn test_device(id: String, channel: String) -> Result<(), AppError> {
    let who = caller()?;
    see_other(links::DEVICES);
    let id = device(&id)?;
    let channel = Channel::parse(&channel)
        .ok_or_else(|| door::invalid("channel", "A test is important, default or info."))?;
    desk()
        .do_device(&who, &DeviceOrder::Test { id, channel })
        .await?;
    done("A test is on its way. Its row says when it arrived.");
    Ok(())
}

/// Sends a second channel a test.
#[server(prefix = "/do", endpoint = "test_webhook")]
pub async fn test_webhook(name: String) -> Result<(), AppError> {
    let who = caller()?;
    see_other(links::DEVICES);
    desk()
        .do_device(&who, &DeviceOrder::TestWebhook { name })
        .await?;
    done("A test is on its way. Its row says whether it was taken.");
    Ok(())
}

fn done(text: &str) {
    say(FlashKind::Done {
        text: text.to_owned(),
    });
}

fn device(text: &str) -> Result<u64, AppError> {
    text.trim()
        .parse()
        .map_err(|_| door::invalid("id", format!("{text:?} is not the number of a device")))
}
