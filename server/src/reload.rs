//! Another config while everything runs: taken as a whole or not at all, and what it cannot change is said.

use crate::config::Config;
use crate::current::Current;
use crate::desk::Facts;
use crate::serve;
use crate::web::hooks::HookSettings;
use crate::wiring::{self, Before, House};
use anyhow::Context;
use app::desk::views::ConfigTrouble;
use domain::id::SourceName;
use engine::ports::Book;
use jiff::Timestamp;
use std::collections::BTreeMap;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Mutex;

/// Who had the config read, in words.
pub const START: &str = "the start";
const HANGUP: &str = "SIGHUP";

/// Tables that only a restart takes over.
const FIXED: [&str; 4] = ["server", "sandbox", "notify", "chat"];

/// What a reload exchanges.
pub struct Reloader {
    /// The running parts.
    pub house: House,
    /// What each alarm source must show.
    pub doors: Current<BTreeMap<SourceName, HookSettings>>,
    /// What people may see.
    pub facts: Current<Facts>,
    /// The config in force; held while another one is taken.
    pub config: Mutex<Config>,
}

impl Reloader {
    /// Reads the file again at every SIGHUP, for as long as the process.
    pub async fn follow(self) {
        let mut hangups = match signal(SignalKind::hangup()) {
            Ok(hangups) => hangups,
            Err(error) => {
                tracing::warn!(%error, "SIGHUP cannot be heard: a new config needs a restart");
                return;
            }
        };
        while hangups.recv().await.is_some() {
            self.reload(HANGUP).await;
        }
    }

    /// Takes the file as it is now, or keeps what is in force and says why.
    pub async fn reload(&self, by: &str) {
        let mut config = self.config.lock().await;
        let now = Timestamp::now();
        match self.exchange(&mut config, by, now).await {
            Ok(left) if left.is_empty() => {
                tracing::info!(file = %config.path.display(), by, "The config was read again and is in force");
            }
            Ok(left) => {
                let keys = left.join(", ");
                tracing::warn!(file = %config.path.display(), by, "The config was read again and is in force, but for {keys}: that needs a restart");
            }
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(file = %config.path.display(), by, "The new config was not taken, the old one stays in force: {error}");
                let mut facts = Facts::clone(&self.facts.get());
                facts.config.trouble = Some(ConfigTrouble {
                    at: now,
                    by: by.to_owned(),
                    error,
                });
                self.facts.put(facts);
            }
        }
    }

    /// Answers the keys that only a restart takes over. Whatever can fail comes before anything is changed.
    async fn exchange(
        &self,
        config: &mut Config,
        by: &str,
        now: Timestamp,
    ) -> anyhow::Result<Vec<String>> {
        let (new, left) = Config::read(&config.path)?.kept_to(config);
        let kubes = self.house.kubes.get();
        let before = Before {
            config,
            sites: self.house.engine.sites(),
            kubes: &kubes,
        };
        let doors = wiring::doors(&new)?;
        let seen = self.house.store.seen().await?;
        let (setup, kubes) = wiring::setup(&new, &self.house.clock, &seen, Some(&before)).await?;
        let changed = self.house.engine.change(setup).await;
        changed.context("the store cannot be read")?;
        self.house.kubes.put(kubes);
        self.doors.put(doors);
        let mut facts = serve::facts(&new);
        (facts.config.by, facts.config.since) = (by.to_owned(), now);
        facts.config.restart.clone_from(&left);
        self.facts.put(facts);
        *config = new;
        Ok(left)
    }
}

impl Config {
    /// The same, with the tables of `old` that only a restart takes over; and which of their keys differ.
    fn kept_to(mut self, old: &Self) -> (Self, Vec<String>) {
        let mut left = Vec::new();
        for name in FIXED {
            let (was, is) = (old.table.get(name), self.table.remove(name));
            left.extend(differing(name, was, is.as_ref()));
            if let Some(was) = was {
                self.table.insert(name.to_owned(), was.clone());
            }
        }
        self.server = old.server.clone();
        self.sandbox.clone_from(&old.sandbox);
        self.notify = old.notify.clone();
        self.chats.clone_from(&old.chats);
        (self, left)
    }
}

fn differing(name: &str, was: Option<&toml::Value>, is: Option<&toml::Value>) -> Vec<String> {
    if was == is {
        return Vec::new();
    }
    // A list of blocks, such as [[chat]], has no keys of its own.
    if was.or(is).is_some_and(|some| !some.is_table()) {
        return vec![name.to_owned()];
    }
    let keys = |of: Option<&toml::Value>| -> toml::Table {
        of.and_then(toml::Value::as_table)
            .cloned()
            .unwrap_or_default()
    };
    let (was, is) = (keys(was), keys(is));
    let mut all: Vec<&String> = was.keys().chain(is.keys()).collect();
    all.sort_unstable();
    all.dedup();
    let changed = all.into_iter().filter(|key| was.get(*key) != is.get(*key));
    changed.map(|key| format!("{name}.{key}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_waits_for_a_restart_is_named_also_where_it_is_a_list_of_blocks() {
        let parsed = |chat: &str| {
            let text = format!("[server]\ndata = \"/tmp\"\n{chat}");
            Config::parse(&text, Path::new("/etc/uncordon/uncordon.toml")).expect("valid")
        };
        let chat = |token: &str| {
            format!("[[chat]]\nname = \"ops\"\nkind = \"telegram\"\ntoken_file = \"{token}\"\n")
        };
        let (none, one, other) = (parsed(""), parsed(&chat("a")), parsed(&chat("b")));
        assert_eq!(one.clone().kept_to(&one).1, [""; 0]);
        for (new, old) in [(&other, &one), (&one, &none), (&none, &one)] {
            let (kept, left) = new.clone().kept_to(old);
            assert_eq!(left, ["chat"]);
            assert_eq!(kept.chats.len(), old.chats.len());
        }
    }
}
