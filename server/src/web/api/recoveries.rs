//! `/api/v1/recoveries`.

use crate::web::AppState;
use crate::web::api::moment::{self, written};
use crate::web::api::recovery_event::{Receipt, RecoveryEvent, numbered, receipt};
use crate::web::api::trigger::{Trigger, retried_by, retry_of};
use crate::web::api::which::Which;
use crate::web::api::{Begun, List};
use crate::web::guard::Signed;
use crate::web::input::{Asked, Body, Id, paging};
use crate::web::problem::Problem;
use app::desk::views::RecoveryItem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Person;
use domain::event::Event;
use domain::facts::Facts;
use domain::id::RecoveryId;
use domain::impact::Sample;
use domain::recovery::{Outcome, replay};
use domain::timeline::Timeline;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One recovery.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Recovery {
    /// Number.
    pub id: u64,
    /// Cluster.
    pub cluster: String,
    /// Node.
    pub node: String,
    /// `waiting`, `running`, `recovered`, `needs_human`, `cancelled` or `refused`.
    pub state: &'static str,
    /// `recovered`, `self_healed`, `false_alarm`, `aborted`, `refused` or `expired`, once it ended.
    pub outcome: Option<&'static str>,
    /// Why it began.
    pub trigger: Trigger,
    /// First event.
    pub started_at: String,
    /// End.
    pub ended_at: Option<String>,
    /// All events, in order.
    pub events: Vec<RecoveryEvent>,
    /// Proof, once it is there.
    pub receipt: Option<Receipt>,
    /// The recovery that this one repeats.
    pub retry_of: Option<u64>,
    /// The recovery that repeats this one.
    pub retried_by: Option<u64>,
    /// One sentence: what is known and what comes next.
    pub headline: String,
    /// Why a person is needed.
    pub needs: Option<String>,
    /// What the running step waits for; only of a single recovery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
    /// What people felt of it; only of a single recovery, empty where it is not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<Vec<Felt>>,
    /// What we said of it in chats; only of a single recovery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<ChatWord>>,
    /// Version of its facts, for `approve` and `retry`.
    pub facts: String,
}

/// What people felt of a failure at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Felt {
    /// Number of the event; 0 is the first signal.
    pub n: u32,
    /// When.
    pub at: String,
    /// What happened then.
    pub of: String,
    /// What is measured.
    pub what: String,
    /// The figure; absent when it could not be measured.
    pub value: Option<f64>,
    /// Why not.
    pub why: Option<String>,
}

/// One message of ours in a chat.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChatWord {
    /// When the chat had taken it.
    pub at: String,
    /// The chat, by its name in the config.
    pub chat: String,
    /// The room there; for a message to one person alone, that person's id there.
    pub room: String,
    /// The message's id there.
    pub message: String,
    /// The message of a person that it answers.
    pub answers: Option<String>,
    /// What was said at first.
    pub text: String,
}

impl From<&domain::timeline::ChatWord> for ChatWord {
    fn from(word: &domain::timeline::ChatWord) -> Self {
        Self {
            at: written(word.at),
            chat: word.chat.clone(),
            room: word.room.clone(),
            message: word.message.clone(),
            answers: word.answers.clone(),
            text: word.text.clone(),
        }
    }
}

impl From<&Sample> for Felt {
    fn from(sample: &Sample) -> Self {
        Self {
            n: sample.moment.n,
            at: written(sample.moment.at),
            of: sample.moment.of.clone(),
            what: sample.what.clone(),
            value: sample.value,
            why: sample.why.clone(),
        }
    }
}

/// Body of a yes.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The node's short name, where a warning asks for it.
    pub confirm: Option<String>,
    /// The version of the facts as `GET` told them: changed ones are 412.
    pub facts: Option<String>,
    /// Refused after that time, 412.
    pub not_after: Option<String>,
}

/// Body of a stop.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why.
    pub reason: Option<String>,
}

/// A note.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The note.
    pub text: String,
    /// When it happened, if not now.
    pub happened_at: Option<String>,
}

/// Nothing may be sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// One recovery as an object.
pub async fn object(state: &AppState, who: &Person, id: RecoveryId) -> Result<Recovery, Problem> {
    let timeline = state.desk.recovery(who, id).await?;
    let events = state.desk.recovery_events(who, id).await?;
    Ok(drawn(&timeline, &events))
}

fn drawn(timeline: &Timeline, events: &[Event]) -> Recovery {
    let item = RecoveryItem {
        id: timeline.id,
        cluster: timeline.cluster.clone(),
        node: timeline.node.clone(),
        state: timeline.state,
        outcome: timeline.outcome,
        trigger: timeline.trigger.clone(),
        started_at: timeline.started_at,
        ended_at: timeline.ended_at,
        headline: timeline.headline.clone(),
        needs: timeline.human.clone(),
        facts: timeline.facts.clone(),
    };
    Recovery {
        impact: Some(timeline.impact.iter().map(Felt::from).collect()),
        words: Some(timeline.words.iter().map(ChatWord::from).collect()),
        waits_for: timeline.waits_for.clone(),
        ..whole(item, events)
    }
}

fn whole(item: RecoveryItem, events: &[Event]) -> Recovery {
    let facts = replay(events).map(|of| Facts::of_recovery(&of).to_string());
    Recovery {
        id: item.id.0,
        cluster: item.cluster.to_string(),
        node: item.node.to_string(),
        state: item.state.word(),
        outcome: item.outcome.map(Outcome::word),
        trigger: Trigger::from(&item.trigger),
        started_at: written(item.started_at),
        ended_at: item.ended_at.map(written),
        events: numbered(events),
        receipt: receipt(events),
        retry_of: retry_of(&item.trigger),
        retried_by: retried_by(events),
        headline: item.headline,
        needs: item.needs,
        impact: None,
        words: None,
        waits_for: None,
        facts: facts.unwrap_or(item.facts),
    }
}

/// Recoveries, newest first.
#[utoipa::path(get, path = "/api/v1/recoveries", tag = "recoveries", params(Which),
    responses((status = 200, body = List<Recovery>), (status = 422, body = Problem)))]
pub async fn list(
    State(state): State<AppState>,
    signed: Signed,
    Asked(which): Asked<Which>,
) -> Result<Json<List<Recovery>>, Problem> {
    let part = paging(which.after, which.limit)?;
    let filter = which.filter()?;
    let found = state.desk.recoveries(&signed.person, &filter, part).await?;
    let ids: Vec<RecoveryId> = found.items.iter().map(|item| item.id).collect();
    let logs = state.desk.recovery_logs(&signed.person, &ids).await?;
    let mut logs: BTreeMap<u64, Vec<Event>> =
        logs.into_iter().map(|(id, log)| (id.0, log)).collect();
    let items = found.items.into_iter().map(|item| {
        let log = logs.remove(&item.id.0).unwrap_or_default();
        whole(item, &log)
    });
    Ok(Json(List {
        items: items.collect(),
        next: found.next,
    }))
}

/// One recovery.
#[utoipa::path(get, path = "/api/v1/recoveries/{id}", tag = "recoveries", params(("id" = u64, Path)),
    responses((status = 200, body = Recovery), (status = 404, body = Problem)))]
pub async fn one(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Recovery>, Problem> {
    Ok(Json(object(&state, &signed.person, RecoveryId(id)).await?))
}

/// Says yes to a start that waits for it.
#[utoipa::path(post, path = "/api/v1/recoveries/{id}/approve", tag = "recoveries", params(("id" = u64, Path)),
    request_body = Confirm, responses((status = 202, body = Begun), (status = 412, body = Problem), (status = 423, body = Problem)))]
pub async fn approve(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Body(body): Body<Confirm>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let basis = moment::basis(body.facts, body.not_after.as_deref())?;
    state
        .desk
        .approve(
            &signed.person,
            RecoveryId(id),
            body.confirm.as_deref(),
            &basis,
        )
        .await?;
    Ok(taken(id))
}

/// Stops a recovery: the call in flight finishes, nothing new begins.
#[utoipa::path(post, path = "/api/v1/recoveries/{id}/stop", tag = "recoveries", params(("id" = u64, Path)),
    request_body = Reason, responses((status = 202, body = Begun), (status = 409, body = Problem)))]
pub async fn stop(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Body(body): Body<Reason>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    state
        .desk
        .stop(&signed.person, RecoveryId(id), body.reason.as_deref())
        .await?;
    Ok(taken(id))
}

/// Begins anew; the answer names the new recovery.
#[utoipa::path(post, path = "/api/v1/recoveries/{id}/retry", tag = "recoveries", params(("id" = u64, Path)),
    request_body = Confirm, responses((status = 202, body = Begun), (status = 409, body = Problem), (status = 412, body = Problem), (status = 423, body = Problem)))]
pub async fn retry(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Body(body): Body<Confirm>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let basis = moment::basis(body.facts, body.not_after.as_deref())?;
    let new = state
        .desk
        .retry(
            &signed.person,
            RecoveryId(id),
            body.confirm.as_deref(),
            &basis,
        )
        .await?;
    Ok(taken(new.0))
}

/// Says that the need for help was seen: the node's slot is free again.
#[utoipa::path(post, path = "/api/v1/recoveries/{id}/acknowledge", tag = "recoveries", params(("id" = u64, Path)),
    responses((status = 200, body = Recovery), (status = 409, body = Problem)))]
pub async fn acknowledge(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Body(Nothing {}): Body<Nothing>,
) -> Result<Json<Recovery>, Problem> {
    state
        .desk
        .acknowledge(&signed.person, RecoveryId(id))
        .await?;
    Ok(Json(object(&state, &signed.person, RecoveryId(id)).await?))
}

/// Adds a note.
#[utoipa::path(post, path = "/api/v1/recoveries/{id}/note", tag = "recoveries", params(("id" = u64, Path)),
    request_body = Note, responses((status = 201, body = Recovery), (status = 422, body = Problem)))]
pub async fn note(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Body(body): Body<Note>,
) -> Result<(StatusCode, Json<Recovery>), Problem> {
    let at = body
        .happened_at
        .as_deref()
        .map(|at| moment::read("happened_at", at))
        .transpose()?;
    state
        .desk
        .note(&signed.person, RecoveryId(id), &body.text, at)
        .await?;
    let recovery = object(&state, &signed.person, RecoveryId(id)).await?;
    Ok((StatusCode::CREATED, Json(recovery)))
}

fn taken(id: u64) -> (StatusCode, Json<Begun>) {
    (StatusCode::ACCEPTED, Json(Begun { recovery_id: id }))
}
