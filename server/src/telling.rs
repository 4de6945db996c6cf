//! From config to the ways out: the key of this installation, the push services, the webhooks, and the teller over them.

use crate::chatops::Seats;
use crate::chatops::state::States;
use crate::config::Config;
use anyhow::Context;
use domain::message::Wants;
use engine::Engine;
use engine::ports::Recipient;
use engine::tell::{Standing, Teller};
use notify::hosts::Hosts;
use notify::push::WebPush;
use notify::vapid::Key;
use notify::webhook::{Shape, Webhook};
use notify::{Ask, Carrier};
use std::sync::Arc;
use store::Sqlite;

/// Under which name the store keeps the key pair.
const KEY: &str = "vapid";

/// What the desk needs to know of how people are told.
#[derive(Clone)]
pub struct Telling {
    /// Sends tests.
    pub teller: Teller,
    /// The public half of the key that devices subscribe with.
    pub key: String,
    /// Which push services may be called.
    pub hosts: Hosts,
    /// The webhooks, as (name, host).
    pub webhooks: Vec<(String, String)>,
    /// The chats.
    pub chats: Seats,
    /// How each of them is doing.
    pub states: States,
}

/// The key pair, made at the first start and the same for ever: with another one every device would have to subscribe anew.
pub async fn key(store: &Sqlite) -> anyhow::Result<Key> {
    let kept = match store.meta(KEY).await? {
        Some(kept) => kept,
        None => {
            let new = Key::make().context("the key for notifications")?;
            store.meta_or(KEY, &new.secret()).await?
        }
    };
    Key::read(&kept).context("the key for notifications")
}

/// Whom push services may write to.
pub fn subject(config: &Config) -> String {
    let given = config.notify.subject.clone();
    given.unwrap_or_else(|| {
        if config.secure() {
            config.server.public_url.trim_end_matches('/').to_owned()
        } else {
            "mailto:uncordon@localhost.invalid".to_owned()
        }
    })
}

/// The push services of a config; a test in the make-believe world may bring its own on this machine.
pub fn hosts(config: &Config) -> Hosts {
    Hosts::new(&config.notify.push_hosts, config.sandbox.is_some())
}

/// The webhooks of a config, each with its secret proven readable.
pub fn webhooks(config: &Config) -> anyhow::Result<Vec<Webhook>> {
    let all = config.notify.webhooks.iter();
    all.map(|one| webhook(config, one)).collect()
}

/// One of them.
pub fn webhook(config: &Config, one: &crate::config::Webhook) -> anyhow::Result<Webhook> {
    let ask = one.token().map(|source| -> Ask {
        Arc::new(move || {
            source
                .read()
                .map(|secret| secret.reveal().to_owned())
                .map_err(|error| error.to_string())
        })
    });
    let named = || format!("webhook {}", one.name);
    if let Some(ask) = &ask {
        ask().map_err(anyhow::Error::msg).with_context(named)?;
    }
    let url = config.server.public_url.clone();
    Webhook::new(one.name.clone(), &one.url, Shape::Plain, ask, url)
        .map_err(anyhow::Error::msg)
        .with_context(named)
}

/// Starts to tell.
pub async fn start(config: &Config, engine: &Engine, store: &Sqlite) -> anyhow::Result<Telling> {
    let key = Arc::new(key(store).await?);
    let public = key.public().to_owned();
    let hosts = hosts(config);
    let push = WebPush::new(
        key,
        subject(config),
        hosts.clone(),
        config.server.public_url.clone(),
    )
    .map_err(anyhow::Error::msg)
    .context("notifications cannot be sent")?;
    let carrier = Carrier {
        push,
        webhooks: webhooks(config)?,
    };
    let hooks = config.notify.webhooks.iter().map(|one| Standing {
        to: Recipient::Webhook(one.name.clone()),
        wants: Wants {
            channels: one.channels.clone(),
            ..Wants::default()
        },
    });
    let shown = config.notify.webhooks.iter().map(|one| {
        let url = notify::webhook::address(&one.url);
        let host = url.and_then(|url| url.host_str().map(str::to_owned));
        (one.name.clone(), host.unwrap_or_default())
    });
    let teller = Teller::start(
        engine.clone(),
        Arc::new(store.clone()),
        Arc::new(carrier),
        hooks.collect(),
    );
    Ok(Telling {
        teller,
        key: public,
        hosts,
        webhooks: shown.collect(),
        chats: Seats::default(),
        states: States::default(),
    })
}
