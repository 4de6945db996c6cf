//! From config to the ways out: the key of this installation, the push services, the webhooks, and the teller over them.

use crate::chatops::Seats;
use crate::chatops::state::States;
use crate::config::Config;
use crate::secrets::ask;
use crate::wiring;
use anyhow::Context;
use domain::message::Ladder;
use engine::Engine;
use engine::ports::Recipient;
use engine::tell::{Standing, Teller};
use notify::Carrier;
use notify::hosts::Hosts;
use notify::mail::{self, Mail};
use notify::push::WebPush;
use notify::vapid::Key;
use notify::webhook::Webhook;
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
    /// How each chat is doing.
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
    let named = || format!("webhook {}", one.name);
    let ask = one.token().map(ask).transpose().with_context(named)?;
    let url = config.server.public_url.clone();
    Webhook::new(one.name.clone(), &one.url, one.shape, ask, url)
        .map_err(anyhow::Error::msg)
        .with_context(named)
}

/// The way to mailboxes, where there is a server for it.
pub fn mail(config: &Config) -> anyhow::Result<Option<Mail>> {
    let Some(smtp) = &config.notify.smtp else {
        return Ok(None);
    };
    let password = smtp.password().map(ask).transpose();
    let settings = mail::Settings {
        host: smtp.host.clone(),
        port: smtp.port,
        tls: smtp.tls,
        from: smtp.from.clone(),
        user: smtp.user.clone(),
        password: password.context("notify.smtp")?,
        public_url: config.server.public_url.clone(),
    };
    Mail::new(settings)
        .map(Some)
        .map_err(anyhow::Error::msg)
        .context("notify.smtp")
}

fn standing(config: &Config, chats: &Seats) -> Vec<Standing> {
    let hooks = config.notify.webhooks.iter().map(|one| Standing {
        to: Recipient::Webhook(one.name.clone()),
        wants: one.wants(),
    });
    let boxes = config.notify.mailboxes.iter().map(|one| Standing {
        to: Recipient::Mailbox(one.name.clone()),
        wants: one.wants(),
    });
    let rooms = chats.iter().flat_map(|(name, seat)| {
        seat.rooms.iter().map(|(room, wants)| Standing {
            to: Recipient::Room {
                chat: name.clone(),
                room: room.clone(),
            },
            wants: wants.clone(),
        })
    });
    hooks.chain(boxes).chain(rooms).collect()
}

fn ladder(config: &Config) -> Option<Ladder> {
    config.notify.escalation.as_ref().map(|one| Ladder {
        after_s: one.after_s,
        people: one.people.clone(),
    })
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
    let chats = wiring::chats(config)?;
    let ways = chats.iter();
    let carrier = Carrier {
        push,
        webhooks: webhooks(config)?,
        mail: mail(config)?,
        mailboxes: config
            .notify
            .mailboxes
            .iter()
            .map(|one| (one.name.clone(), one.to.clone()))
            .collect(),
        chats: ways
            .map(|(name, seat)| (name.clone(), Arc::clone(&seat.chat)))
            .collect(),
        public_url: config.server.public_url.clone(),
    };
    let shown = config.notify.webhooks.iter().map(|one| {
        let url = notify::webhook::address(&one.url);
        let host = url.and_then(|url| url.host_str().map(str::to_owned));
        (one.name.clone(), host.unwrap_or_default())
    });
    let teller = Teller::start(
        engine.clone(),
        Arc::new(store.clone()),
        Arc::new(carrier),
        standing(config, &chats),
        ladder(config),
    );
    Ok(Telling {
        teller,
        key: public,
        hosts,
        webhooks: shown.collect(),
        chats,
        states: States::default(),
    })
}
