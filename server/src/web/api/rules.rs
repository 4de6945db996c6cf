//! `/api/v1/rules`: read by all, written by admins.

use crate::web::AppState;
use crate::web::api::List;
use crate::web::api::arming::silence;
use crate::web::api::moment::written;
use crate::web::api::pins::{self, Pin};
use crate::web::guard::Signed;
use crate::web::input::{Asked, Body, Id, named};
use crate::web::problem::Problem;
use app::desk::views::RuleVersion as VersionView;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use domain::id::{ClusterName, RuleId, RuleName};
use domain::rule::{Draft, Mode, Pin as Pinned, Rule as Stored};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Rule {
    /// Number.
    pub id: u64,
    /// Name, unique.
    pub name: String,
    /// Order; first match wins.
    pub position: u32,
    /// Whether it looks at alarms at all.
    pub enabled: bool,
    /// `observe`, `ask` or `auto`.
    pub mode: &'static str,
    /// Regular expression with the named groups `host`, `ip`, `node`, `cluster`.
    pub pattern: String,
    /// Labels that must be equal.
    pub labels: BTreeMap<String, String>,
    /// Only targets of this cluster.
    pub cluster: Option<String>,
    /// In `auto`: seconds in which a person may still stop it before power is used.
    pub veto_s: u32,
    /// What silence within them means: `act` or `ask`.
    pub silence: &'static str,
    /// Texts it must match, or must not.
    pub pins: Vec<Pin>,
    /// 1 for the first text, one more with each change.
    pub version: u32,
}

/// A rule as it was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleVersion {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: String,
    /// Why it was armed or set back.
    pub reason: Option<String>,
}

/// A rule as it is written. The answer of `GET` may be sent back as it came.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleBody {
    /// Must be the number in the path, if given.
    pub id: Option<u64>,
    /// Name, unique.
    pub name: String,
    /// Order; the last one if nobody says.
    pub position: Option<u32>,
    /// True if nobody says.
    pub enabled: Option<bool>,
    /// `observe` if nobody says; `auto` only for a rule that is armed already and still matches the same.
    pub mode: Option<String>,
    /// Regular expression.
    pub pattern: String,
    /// Labels that must be equal.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Only targets of this cluster.
    pub cluster: Option<String>,
    /// In `auto`: seconds in which a person may still stop it; 0 if nobody says.
    #[serde(default)]
    pub veto_s: u32,
    /// What silence within them means: `act` or `ask`; `act` if nobody says.
    pub silence: Option<String>,
    /// Texts it must match, or must not; one that fails is 422. The pins it has, if nobody says.
    pub pins: Option<Vec<Pin>>,
    /// The version that was read: needed to change a rule.
    pub version: Option<u32>,
}

/// Which version to bring back.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Restore {
    /// That one.
    pub version: u32,
}

/// Nothing may be asked.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl From<Stored> for Rule {
    fn from(rule: Stored) -> Self {
        Self {
            id: rule.id.0,
            name: rule.draft.name.into(),
            position: rule.draft.position,
            enabled: rule.draft.enabled,
            mode: rule.draft.mode.word(),
            pattern: rule.draft.pattern,
            labels: rule.draft.labels,
            cluster: rule.draft.cluster.map(String::from),
            veto_s: rule.draft.veto_s,
            silence: rule.draft.silence.word(),
            pins: rule.draft.pins.into_iter().map(Pin::from).collect(),
            version: rule.version,
        }
    }
}

impl From<VersionView> for RuleVersion {
    fn from(view: VersionView) -> Self {
        Self {
            rule: view.rule.into(),
            author: view.author.into(),
            at: written(view.at),
            reason: view.reason,
        }
    }
}

impl RuleBody {
    fn draft(self, last: u32, kept: Vec<Pinned>) -> Result<Draft, Problem> {
        let mode = self.mode.as_deref().unwrap_or(Mode::Observe.word());
        let mode = Mode::parse(mode).ok_or_else(|| {
            Problem::field(
                "mode",
                &format!("must be observe, ask or auto, not {mode:?}"),
            )
        })?;
        let cluster = self.cluster.as_deref().map(ClusterName::parse).transpose();
        Ok(Draft {
            name: named("name", RuleName::parse(&self.name))?,
            position: self.position.unwrap_or(last),
            enabled: self.enabled.unwrap_or(true),
            mode,
            pattern: self.pattern,
            labels: self.labels,
            cluster: named("cluster", cluster)?,
            veto_s: self.veto_s,
            silence: silence(self.silence.as_deref())?,
            pins: match self.pins {
                Some(pins) => pins::read(pins)?,
                None => kept,
            },
        })
    }
}

/// Rules by position.
#[utoipa::path(get, path = "/api/v1/rules", tag = "rules", responses((status = 200, body = List<Rule>)))]
pub async fn list(
    State(state): State<AppState>,
    signed: Signed,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<List<Rule>>, Problem> {
    let items = state
        .desk
        .rules(&signed.person)
        .await?
        .into_iter()
        .map(Rule::from)
        .collect();
    Ok(Json(List { items, next: None }))
}

/// One rule.
#[utoipa::path(get, path = "/api/v1/rules/{id}", tag = "rules", params(("id" = u64, Path)),
    responses((status = 200, body = Rule), (status = 404, body = Problem)))]
pub async fn one(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Rule>, Problem> {
    Ok(Json(
        state.desk.rule(&signed.person, RuleId(id)).await?.into(),
    ))
}

/// Adds a rule.
#[utoipa::path(post, path = "/api/v1/rules", tag = "rules", request_body = RuleBody,
    responses((status = 201, body = Rule), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    State(state): State<AppState>,
    signed: Signed,
    Body(body): Body<RuleBody>,
) -> Result<Response, Problem> {
    for (field, given) in [
        ("id", body.id.is_some()),
        ("version", body.version.is_some()),
    ] {
        if given {
            return Err(Problem::field(
                field,
                "is given by the server; leave it out of a new rule",
            ));
        }
    }
    let rules = state.desk.rules(&signed.person).await?;
    let last = rules
        .iter()
        .map(|rule| rule.draft.position)
        .max()
        .unwrap_or(0)
        .saturating_add(1);
    let rule = Rule::from(
        state
            .desk
            .add_rule(&signed.person, &body.draft(last, Vec::new())?)
            .await?,
    );
    let place = [(LOCATION, format!("/api/v1/rules/{}", rule.id))];
    Ok((StatusCode::CREATED, place, Json(rule)).into_response())
}

/// Changes a rule; an old `version` is 409.
#[utoipa::path(put, path = "/api/v1/rules/{id}", tag = "rules", params(("id" = u64, Path)), request_body = RuleBody,
    responses((status = 200, body = Rule), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Body(body): Body<RuleBody>,
) -> Result<Json<Rule>, Problem> {
    if body.id.is_some_and(|given| given != id) {
        return Err(Problem::field("id", "is not the number in the path"));
    }
    let version = body
        .version
        .ok_or_else(|| Problem::field("version", "is missing: send the version you read"))?;
    let old = state.desk.rule(&signed.person, RuleId(id)).await?;
    let draft = body.draft(old.draft.position, old.draft.pins)?;
    Ok(Json(
        state
            .desk
            .change_rule(&signed.person, RuleId(id), version, &draft)
            .await?
            .into(),
    ))
}

/// Takes a rule out of force.
#[utoipa::path(delete, path = "/api/v1/rules/{id}", tag = "rules", params(("id" = u64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    state.desk.remove_rule(&signed.person, RuleId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All versions of a rule, newest first.
#[utoipa::path(get, path = "/api/v1/rules/{id}/versions", tag = "rules", params(("id" = u64, Path)),
    responses((status = 200, body = List<RuleVersion>), (status = 404, body = Problem)))]
pub async fn versions(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<List<RuleVersion>>, Problem> {
    let found = state.desk.rule_versions(&signed.person, RuleId(id)).await?;
    let items = found.into_iter().map(RuleVersion::from).collect();
    Ok(Json(List { items, next: None }))
}

/// Makes an old version the newest.
#[utoipa::path(post, path = "/api/v1/rules/{id}/restore", tag = "rules", params(("id" = u64, Path)),
    request_body = Restore, responses((status = 200, body = Rule), (status = 404, body = Problem)))]
pub async fn restore(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Body(body): Body<Restore>,
) -> Result<Json<Rule>, Problem> {
    Ok(Json(
        state
            .desk
            .restore_rule(&signed.person, RuleId(id), body.version)
            .await?
            .into(),
    ))
}
