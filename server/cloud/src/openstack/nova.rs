//! Calls to Nova with a token and a microversion; a token that is no longer taken is renewed once.

use super::acts::{Act, Acts, SingleAct};
use super::keystone::{Keystone, Session};
use super::server::{Page, Server, Single};
use crate::trouble::Trouble;
use crate::wire::{Reply, Wire};
use reqwest::Url;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// From 2.69 on a machine whose cell is down is shown as UNKNOWN rather than left out; `locked` came with 2.9, and what
/// went wrong in an action with 2.84.
const WANTED: u32 = 84;
/// What is spoken without the header.
const OLDEST: u32 = 1;

/// The compute service of one project.
pub struct Nova {
    wire: Wire,
    keystone: Keystone,
    /// The microversion spoken, as the part behind `2.`: an old Nova answers 406 and names its newest.
    spoken: AtomicU32,
}

/// All that is ever asked of a machine: there is no way to send anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Power on.
    Start,
    /// Show so many of the last lines of the console log.
    Console(u32),
}

impl Action {
    fn body(self) -> Value {
        match self {
            Self::Start => json!({ "os-start": null }),
            Self::Console(lines) => json!({ "os-getConsoleOutput": { "length": lines } }),
        }
    }
}

/// What is sent.
enum Body<'a> {
    Nothing,
    /// Changes nothing.
    Ask(&'a Value),
    /// Starts something.
    Act(&'a Value),
}

impl Nova {
    /// Joins the two services.
    pub fn new(wire: Wire, keystone: Keystone) -> Self {
        Self {
            wire,
            keystone,
            spoken: AtomicU32::new(WANTED),
        }
    }

    /// The session in use, for the doctor.
    pub async fn session(&self) -> Result<Arc<Session>, Trouble> {
        self.keystone.session().await
    }

    /// One machine by its id.
    pub async fn server(&self, id: &str) -> Result<Server, Trouble> {
        let reply = self.call(&["servers", id], &[], Body::Nothing).await?;
        Ok(reply.json::<Single>()?.server)
    }

    /// One page of machines.
    pub async fn servers(&self, query: &[(&str, &str)]) -> Result<Page, Trouble> {
        self.call(&["servers", "detail"], query, Body::Nothing)
            .await?
            .json()
    }

    /// What was last asked of a machine, newest first.
    pub async fn acts(&self, id: &str) -> Result<Vec<Act>, Trouble> {
        let path = ["servers", id, "os-instance-actions"];
        let reply = self.call(&path, &[], Body::Nothing).await?;
        Ok(reply.json::<Acts>()?.acts)
    }

    /// One of these in full.
    pub async fn act(&self, id: &str, request: &str) -> Result<Act, Trouble> {
        let path = ["servers", id, "os-instance-actions", request];
        let reply = self.call(&path, &[], Body::Nothing).await?;
        Ok(reply.json::<SingleAct>()?.act)
    }

    /// Asks something of a machine.
    pub async fn action(&self, id: &str, action: Action) -> Result<Reply, Trouble> {
        let body = action.body();
        let body = match action {
            Action::Start => Body::Act(&body),
            Action::Console(_) => Body::Ask(&body),
        };
        self.call(&["servers", id, "action"], &[], body).await
    }

    async fn call(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        body: Body<'_>,
    ) -> Result<Reply, Trouble> {
        let session = self.keystone.session().await?;
        match self.versioned(&session, path, query, &body).await {
            // The token was withdrawn or ended early. Nova did nothing with the call, so it may be sent again, once.
            Err(trouble) if trouble.code() == Some(401) => {
                self.keystone.forget(&session).await;
                let session = self.keystone.session().await?;
                self.versioned(&session, path, query, &body).await
            }
            other => other,
        }
    }

    async fn versioned(
        &self,
        session: &Session,
        path: &[&str],
        query: &[(&str, &str)],
        body: &Body<'_>,
    ) -> Result<Reply, Trouble> {
        let asked = self.spoken.load(Ordering::Relaxed);
        match self.once(session, asked, path, query, body).await {
            Err(Trouble::Status(refusal)) if refusal.code == 406 && asked > OLDEST => {
                let newest = newest(&refusal.message).unwrap_or(OLDEST).min(WANTED);
                let spoken = if newest < asked { newest } else { OLDEST };
                self.spoken.store(spoken, Ordering::Relaxed);
                self.once(session, spoken, path, query, body).await
            }
            other => other,
        }
    }

    async fn once(
        &self,
        session: &Session,
        version: u32,
        path: &[&str],
        query: &[(&str, &str)],
        body: &Body<'_>,
    ) -> Result<Reply, Trouble> {
        let url = address(&session.compute, path, query);
        let request = match body {
            Body::Nothing => self.wire.get(url),
            Body::Ask(value) | Body::Act(value) => self.wire.post(url, value),
        };
        let mut request = request.header("x-auth-token", session.token.header());
        if version > OLDEST {
            request = request.header("openstack-api-version", format!("compute 2.{version}"));
        }
        match body {
            Body::Act(_) => self.wire.act(request).await,
            Body::Nothing | Body::Ask(_) => self.wire.read(request).await,
        }
    }
}

/// The id under which OpenStack logged a call.
pub fn request_id(reply: &Reply) -> Option<&str> {
    ["x-openstack-request-id", "x-compute-request-id"]
        .iter()
        .find_map(|name| reply.header(name))
}

/// The newest microversion out of "Version 2.84 is not supported by the API. Minimum is 2.1 and maximum is 2.79."
fn newest(sentence: &str) -> Option<u32> {
    let (_, rest) = sentence.split_once("maximum is 2.")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn address(base: &Url, path: &[&str], query: &[(&str, &str)]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

#[cfg(test)]
mod tests;
