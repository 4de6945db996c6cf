//! What every page begins with: who looks, through which door, at which time; and what it ends in.

use crate::desk::views::Preferences;
use crate::door::{Clock, Flash, FlashKind, IntentView, SharedDesk};
use crate::error::AppError;
use crate::parts::actions::Seen;
use crate::parts::error;
use crate::parts::frame::{Frame, Live, Tab, frame};
use domain::access::{Person, Role};
use domain::id::{ClusterName, NodeName};
use http::StatusCode;
use jiff::Timestamp;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

/// One look at a page.
#[derive(Clone)]
pub struct Visit {
    /// Who.
    pub who: Person,
    /// The door.
    pub desk: SharedDesk,
    /// Now, on the product's clock.
    pub now: Timestamp,
    /// How much faster than the wall that clock runs.
    pub speed: f64,
    /// What the last act had to say.
    pub flash: Option<FlashKind>,
    /// What the person chose for themselves.
    pub mine: Preferences,
    /// The tap this page is about.
    pub intent: Option<IntentView>,
    params: ParamsMap,
    query: ParamsMap,
}

/// What a page shows.
pub struct Content {
    /// Heading, if it is not the page's usual one.
    pub title: Option<String>,
    /// How it keeps itself new.
    pub live: Live,
    /// What it is about.
    pub body: AnyView,
}

impl Visit {
    fn begin() -> Option<Self> {
        let who = use_context::<Option<Person>>().flatten()?;
        let clock = use_context::<Clock>().unwrap_or_default();
        Some(Self {
            who,
            desk: use_context::<SharedDesk>()?,
            now: (clock.now)(),
            speed: clock.speed,
            flash: use_context::<Flash>().and_then(|flash| flash.0),
            mine: Preferences::default(),
            intent: use_context::<Option<IntentView>>().flatten(),
            // The page for unknown addresses has no matched path, and with it no such context.
            params: use_context::<ArcMemo<ParamsMap>>()
                .map(|params| params.get_untracked())
                .unwrap_or_default(),
            query: use_query_map().get_untracked(),
        })
    }

    /// Whether the person may act.
    pub fn may(&self) -> bool {
        self.who.may(Role::Responder)
    }

    /// Clock and rights, as parts need them.
    pub fn seen(&self) -> Seen {
        Seen {
            now: self.now,
            speed: self.speed,
            may: self.may(),
            mine: self.mine,
        }
    }

    /// The cluster of the path.
    pub fn cluster(&self) -> Result<ClusterName, AppError> {
        let text = self.param("c");
        ClusterName::parse(&text).map_err(|_| missing(format!("Cluster {text:?}")))
    }

    /// The node of the path.
    pub fn node(&self) -> Result<NodeName, AppError> {
        let text = self.param("n");
        NodeName::parse(&text).map_err(|_| missing(format!("Node {text:?}")))
    }

    /// The number of the path.
    pub fn number(&self, what: &str) -> Result<u64, AppError> {
        let text = self.param("id");
        text.parse()
            .map_err(|_| missing(format!("{what} {text:?}")))
    }

    /// A part of the path.
    pub fn param(&self, name: &str) -> String {
        self.params.get(name).unwrap_or_default()
    }

    /// A field of the query, unless it is empty.
    pub fn asked(&self, name: &str) -> Option<String> {
        self.query.get(name).filter(|text| !text.trim().is_empty())
    }
}

/// A refusal for something that is not there.
pub fn missing(what: String) -> AppError {
    AppError::NotFound { what }
}

/// A page for a signed-in person; a refusal becomes a card in the same frame.
pub fn show<F, Fut>(tab: Tab, title: &'static str, make: F) -> AnyView
where
    F: FnOnce(Visit) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Content, AppError>> + Send + 'static,
{
    let Some(mut visit) = Visit::begin() else {
        answer(StatusCode::UNAUTHORIZED);
        return super::sign_in::wanted();
    };
    Suspend::new(async move {
        let switches = visit.desk.switches(&visit.who).await.unwrap_or_default();
        let badge = visit.desk.badge(&visit.who).await.ok();
        visit.mine = visit.desk.preferences(&visit.who).await.unwrap_or_default();
        let (now, may, flash) = (visit.now, visit.may(), visit.flash.clone());
        let speed = visit.speed;
        let content = make(visit).await.unwrap_or_else(|refused| {
            answer(status(&refused));
            Content {
                title: None,
                live: Live::No,
                body: error::card(&refused),
            }
        });
        frame(Frame {
            title: content.title.unwrap_or_else(|| title.to_owned()),
            tab,
            now,
            live: content.live,
            switches,
            may,
            flash,
            badge,
            speed,
            body: content.body,
        })
    })
    .into_any()
}

/// Sets the status of the answer.
pub fn answer(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

const fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::SignedOut => StatusCode::UNAUTHORIZED,
        AppError::NotAllowed { .. } => StatusCode::FORBIDDEN,
        AppError::NotFound { .. } => StatusCode::NOT_FOUND,
        AppError::Invalid { .. } | AppError::OtherBody => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::AlreadyRecovering { .. }
        | AppError::AlreadyHealthy { .. }
        | AppError::Conflict { .. }
        | AppError::InProgress => StatusCode::CONFLICT,
        AppError::Stale { .. } | AppError::Expired { .. } => StatusCode::PRECONDITION_FAILED,
        AppError::Held { .. } | AppError::ConfirmNeeded { .. } => StatusCode::LOCKED,
        AppError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Ours { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
