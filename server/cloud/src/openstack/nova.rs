//! Calls to Nova with a token and a microversion; a token that is no longer taken is renewed once.

use super::keystone::{Keystone, Session};
use super::server::{Page, Server, Single};
use super::trouble::Trouble;
use super::wire::{Reply, Wire};
use reqwest::Url;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// From 2.69 on a machine whose cell is down is shown as UNKNOWN rather than left out; `locked` came with 2.9.
const MICROVERSION: &str = "compute 2.79";

/// The compute service of one project.
pub struct Nova {
    wire: Wire,
    keystone: Keystone,
    /// An old Nova answered 406: from then on its oldest version is spoken.
    plain: AtomicBool,
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
    Json(&'a Value),
}

impl Nova {
    /// Joins the two services.
    pub fn new(wire: Wire, keystone: Keystone) -> Self {
        Self {
            wire,
            keystone,
            plain: AtomicBool::new(false),
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

    /// Asks something of a machine.
    pub async fn action(&self, id: &str, action: Action) -> Result<Reply, Trouble> {
        self.call(&["servers", id, "action"], &[], Body::Json(&action.body()))
            .await
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
        match self.once(session, path, query, body).await {
            Err(trouble)
                if trouble.code() == Some(406) && !self.plain.swap(true, Ordering::Relaxed) =>
            {
                self.once(session, path, query, body).await
            }
            other => other,
        }
    }

    async fn once(
        &self,
        session: &Session,
        path: &[&str],
        query: &[(&str, &str)],
        body: &Body<'_>,
    ) -> Result<Reply, Trouble> {
        let url = address(&session.compute, path, query);
        let request = match body {
            Body::Nothing => self.wire.get(url),
            Body::Json(value) => self.wire.post(url, value),
        };
        let mut request = request.header("x-auth-token", session.token.reveal());
        if !self.plain.load(Ordering::Relaxed) {
            request = request.header("openstack-api-version", MICROVERSION);
        }
        self.wire.send(request).await
    }
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
