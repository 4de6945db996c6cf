//! Requests to the API of Mattermost, and who we are there.

use super::{Mattermost, hook};
use crate::http;
use engine::ports::Delivery;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::PoisonError;
use tokio::time::Instant;

/// Who we are there.
#[derive(Clone)]
pub struct Me {
    /// The id, by which messages name us.
    pub id: String,
    /// The name, by which people call us.
    pub name: String,
}

/// One request to the API.
pub struct Request<'a> {
    /// Its method.
    pub method: Method,
    /// Its path below the API.
    pub path: &'a str,
    /// Its body, as JSON.
    pub body: Option<Value>,
    /// When it has to be over.
    pub until: Instant,
}

impl Mattermost {
    /// Makes one request.
    pub async fn call(&self, request: Request<'_>) -> Result<Value, Delivery> {
        let name = &self.settings.name;
        let token = (self.settings.token)().map_err(later)?;
        let mut built = self
            .client
            .request(request.method, format!("{}/{}", self.api, request.path))
            .bearer_auth(&token)
            .timeout(request.until.saturating_duration_since(Instant::now()));
        if let Some(body) = &request.body {
            built = built.json(body);
        }
        let answered = http::call(built, name, &token).await?;
        // Hidden before it is cut: half a token is one too many.
        let said = answered.body["message"].as_str();
        let said = http::hide(said.unwrap_or(&answered.text), &token);
        answered.taken(name, &token, Some(&said))
    }

    /// Asks who we are, and keeps it.
    pub async fn ask_me(&self, until: Instant) -> Result<Me, Delivery> {
        let request = Request {
            method: Method::GET,
            path: "users/me",
            body: None,
            until,
        };
        let answer = self.call(request).await.map_err(nothing_said)?;
        let (Some(id), Some(name)) = (hook::text(&answer, "id"), hook::text(&answer, "username"))
        else {
            let name = &self.settings.name;
            return Err(Delivery::Refused(format!("{name} does not say who we are")));
        };
        let me = Me {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        *self.me.lock().unwrap_or_else(PoisonError::into_inner) = Some(me.clone());
        Ok(me)
    }

    /// Who we are, as far as it is known.
    pub fn me(&self) -> Option<Me> {
        let me = self.me.lock().unwrap_or_else(PoisonError::into_inner);
        me.clone()
    }

    /// Who we are; asked for where it is not known yet.
    pub async fn known_me(&self, until: Instant) -> Result<Me, Delivery> {
        match self.me() {
            Some(me) => Ok(me),
            None => self.ask_me(until).await,
        }
    }

    /// The channel that only this person and we are in.
    pub async fn direct(&self, me: &Me, user: &str, until: Instant) -> Result<String, Delivery> {
        let request = Request {
            method: Method::POST,
            path: "channels/direct",
            body: Some(json!([me.id, user])),
            until,
        };
        let answer = self.call(request).await.map_err(nothing_said)?;
        let id = hook::text(&answer, "id").map(str::to_owned);
        id.ok_or_else(|| {
            let name = &self.settings.name;
            Delivery::Refused(format!("{name} does not name the direct channel"))
        })
    }
}

/// Our own secret cannot be read at the moment.
pub fn later(why: String) -> Delivery {
    Delivery::Later { after: None, why }
}

/// A request that says nothing in the chat can be made again without harm.
fn nothing_said(failed: Delivery) -> Delivery {
    match failed {
        Delivery::Unknown(why) => later(why),
        other => other,
    }
}
