//! A whole service in a temporary folder, and a browser or program that talks to it.

use super::intake::FakeIntake;
use super::kept::FakeDesk;
use alarms::auth::Expected;
use alarms::signature::Signature;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, COOKIE, HeaderMap, SET_COOKIE};
use axum::http::request::Builder;
use axum::http::{Request, StatusCode};
use domain::access::Role;
use domain::id::{PersonName, SourceName};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use server::current::Current;
use server::web::hooks::{HookSettings, Shown};
use server::web::live::Live;
use server::web::{AppState, Flashes, Sessions, Taps, WebSettings, router};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::Sqlite;
use store::accounts::{Hash, Invite, Uses};
use tempfile::TempDir;
use tower::ServiceExt;

/// First number of the live stream.
pub const FIRST: u64 = 100;

static INVITES: AtomicUsize = AtomicUsize::new(0);

pub struct House {
    pub router: Router,
    pub state: AppState,
    pub desk: Arc<FakeDesk>,
    pub intake: Arc<FakeIntake>,
    pub store: Sqlite,
    _folder: TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `name=value` of a cookie that is set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(SET_COOKIE).iter();
        let mut pairs = lines.filter_map(|line| line.to_str().ok()?.split(';').next());
        pairs
            .find(|pair| pair.split('=').next() == Some(name))
            .map(str::to_owned)
    }
}

pub fn name(text: &str) -> PersonName {
    PersonName::parse(text).expect("a plain name")
}

impl House {
    pub async fn new() -> Self {
        Self::at("http://uncordon.test", false).await
    }

    pub async fn at(public_url: &str, secure: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Sqlite::open(&folder.path().join("uncordon.db"))
            .await
            .expect("a store");
        let (desk, intake) = (Arc::new(FakeDesk::new()), Arc::new(FakeIntake::default()));
        let bearer = |secret: &'static str| HookSettings {
            shows: Arc::new(move || {
                Ok(Shown {
                    auth: Expected::new().bearer(secret),
                    signature: None,
                })
            }),
            format: alarms::Format::default(),
        };
        let (hook, other) = (bearer("hook-secret"), bearer("other-secret"));
        let signed = HookSettings {
            shows: Arc::new(|| {
                Ok(Shown {
                    auth: Expected::new(),
                    signature: Some(Signature::new("hook-secret", "X-Signature", None)),
                })
            }),
            format: alarms::Format::Grafana,
        };
        let lost = HookSettings {
            shows: Arc::new(|| Err("the secret file /run/token cannot be read".to_owned())),
            format: alarms::Format::default(),
        };
        let source = |text| SourceName::parse(text).expect("a plain name");
        let state = AppState {
            desk: desk.clone(),
            accounts: Arc::new(store.clone()),
            sessions: Sessions::new(store.clone()),
            intake: intake.clone(),
            chats: None,
            live: Live::new(FIRST),
            taps: Taps::kept(&store).await.expect("a secret"),
            flashes: Flashes::new(),
            clock: app::Clock::default(),
            settings: Arc::new(WebSettings {
                public_url: public_url.to_owned(),
                secure,
                sandbox: false,
                hooks: Current::new(BTreeMap::from([
                    (source("am"), hook),
                    (source("other"), other),
                    (source("signed"), signed),
                    (source("lost"), lost),
                ])),
            }),
        };
        Self {
            router: router(state.clone(), None),
            state,
            desk,
            intake,
            store,
            _folder: folder,
        }
    }

    pub async fn token(&self, role: Role) -> String {
        let secret = format!("token-of-{}", role.word());
        let holder = name(&format!("{}-program", role.word()));
        let added = self
            .store
            .add_token(&holder, role, Hash::of(&secret), Timestamp::now())
            .await;
        added.expect("the first token of this name");
        secret
    }

    pub async fn invite(&self, person: &str, role: Role) -> String {
        let n = INVITES.fetch_add(1, Ordering::SeqCst);
        let secret = format!("invite-{n}-of-{person}");
        let now = Timestamp::now();
        let expires_at = now + SignedDuration::from_hours(1);
        let invite = Invite {
            name: name(person),
            role,
            uses: Uses::Once,
            expires_at,
        };
        self.store
            .add_invite(Hash::of(&secret), &invite, now)
            .await
            .expect("stored");
        secret
    }

    /// The session cookie of a fresh browser.
    pub async fn sign_in(&self, person: &str, role: Role) -> String {
        let secret = self.invite(person, role).await;
        let form = post("/sign-in").form(&format!("token={secret}")).build();
        let answer = self.send(form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer
            .cookie("s")
            .or(answer.cookie("__Host-s"))
            .expect("a session cookie")
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("never fails");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole body");
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

/// A request in the making.
pub struct Ask(Builder, Body);

pub fn ask(method: &str, path: &str) -> Ask {
    let builder = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "uncordon.test");
    Ask(builder, Body::empty())
}

pub fn get(path: &str) -> Ask {
    ask("GET", path)
}

pub fn post(path: &str) -> Ask {
    ask("POST", path)
}

impl Ask {
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value), self.1)
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    pub fn cookie(self, cookie: &str) -> Self {
        self.header(COOKIE.as_str(), cookie)
    }

    /// As a browser sends it from a page of ours.
    pub fn on_page(self) -> Self {
        self.header("sec-fetch-site", "same-origin")
            .header("accept", "text/html,*/*")
    }

    pub fn form(self, fields: &str) -> Self {
        let typed = self.header("content-type", "application/x-www-form-urlencoded");
        Self(typed.0, Body::from(fields.to_owned()))
    }

    pub fn json(self, body: &str) -> Self {
        let typed = self.header("content-type", "application/json");
        Self(typed.0, Body::from(body.to_owned()))
    }

    pub fn body(self, body: Body) -> Self {
        Self(self.0, body)
    }

    pub fn build(self) -> Request<Body> {
        self.0.body(self.1).expect("a request")
    }
}
