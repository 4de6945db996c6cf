//! The chats of a config: the way to each, with its secrets proven readable.

use crate::chatops::{Seat, Seats};
use crate::config::{ChatKeys, ChatKind, Config};
use crate::secrets::ask;
use anyhow::Context;
use chat::{Ask, matrix, mattermost, slack, telegram};
use cloud::secret::SecretSource;
use engine::ports::Chat;
use std::path::PathBuf;
use std::sync::Arc;

/// All of them.
pub fn chats(config: &Config) -> anyhow::Result<Seats> {
    let url = config.server.public_url.trim_end_matches('/');
    let all = config.chats.iter().map(|one| {
        let seat = seat(one, url).with_context(|| format!("chat {}", one.name))?;
        Ok((one.name.clone(), seat))
    });
    all.collect::<anyhow::Result<_>>().map(Arc::new)
}

/// One of them; `url`: where we are reached.
pub fn seat(one: &ChatKeys, url: &str) -> anyhow::Result<Seat> {
    let name = one.name.clone();
    let token = ask(one.token().context("it has no token")?)?;
    let api = |usual: &str| one.api_url.clone().unwrap_or_else(|| usual.to_owned());
    let chat: Result<Arc<dyn Chat>, String> = match one.kind {
        ChatKind::Slack => slack::Slack::new(slack::Settings {
            name,
            api_url: api(slack::API),
            token,
            signing: file(one.signing_file.as_ref())?,
            app_token: file(one.app_token_file.as_ref())?,
        })
        .map(|chat| Arc::new(chat) as _),
        ChatKind::Mattermost => mattermost::Mattermost::new(mattermost::Settings {
            hook_url: format!("{url}/hooks/chat/{name}"),
            name,
            api_url: api(""),
            token,
            hook_tokens: one
                .hook_token_files
                .iter()
                .map(|path| ask(SecretSource::File(path.clone())))
                .collect::<anyhow::Result<_>>()?,
        })
        .map(|chat| Arc::new(chat) as _),
        ChatKind::Telegram => telegram::Telegram::new(telegram::Settings {
            name,
            api_url: api(telegram::API),
            token,
            webhook_secret: file(one.webhook_secret_file.as_ref())?,
        })
        .map(|chat| Arc::new(chat) as _),
        ChatKind::Matrix => matrix::Matrix::new(matrix::Settings {
            name,
            api_url: api(""),
            token,
        })
        .map(|chat| Arc::new(chat) as _),
    };
    Ok(Seat {
        kind: one.kind.word(),
        chat: chat.map_err(anyhow::Error::msg)?,
        rooms: one
            .rooms
            .iter()
            .map(|room| (room.id.clone(), room.wants()))
            .collect(),
        test_room: one.test_room.clone(),
    })
}

fn file(path: Option<&PathBuf>) -> anyhow::Result<Option<Ask>> {
    path.map(|path| ask(SecretSource::File(path.clone())))
        .transpose()
}
