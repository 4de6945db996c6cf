//! `POST /api/v1/rules/try`: what a pattern would match, by the same function as the live path.

use crate::web::AppState;
use crate::web::api::alarms::Alarm;
use crate::web::api::moment;
use crate::web::api::pins::{self, Pin};
use crate::web::guard::Signed;
use crate::web::input::{Body, named};
use crate::web::problem::Problem;
use app::desk::views::{Part, TriedText as TextView, TryOrder};
use app::error::AppError;
use axum::Json;
use axum::extract::State;
use domain::id::{ClusterName, RuleId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What to try.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryBody {
    /// The pattern.
    pub pattern: String,
    /// A text to try it on.
    pub text: Option<String>,
    /// Past alarms from then on; the last 30 days if nobody says.
    pub since: Option<String>,
    /// The rule it would become a version of: it is compared with the version in force.
    pub rule_id: Option<u64>,
    /// Where it would stand; where that rule stands, or last, if nobody says.
    pub position: Option<u32>,
    /// Labels that must be equal.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Only targets of this cluster.
    pub cluster: Option<String>,
    /// Texts it must match, or must not.
    #[serde(default)]
    pub pins: Vec<Pin>,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tried {
    /// The typed text.
    pub text: Option<TriedText>,
    /// Past alarms that match, newest first, at most 100.
    pub alarms: Vec<TriedAlarm>,
    /// Past alarms looked at.
    pub looked_at: u32,
    /// Of them, how many match.
    pub matched: u32,
    /// The version in force it was compared with.
    pub against: Option<u32>,
    /// Alarms it matches and that version does not.
    pub newly_matched: u32,
    /// The newest of them, at most 50.
    pub newly_matched_ids: Vec<u64>,
    /// Alarms that version matches and it does not.
    pub no_longer_matched: u32,
    /// The newest of them, at most 50.
    pub no_longer_matched_ids: Vec<u64>,
    /// Starts it would have proposed, had their machines been off.
    pub starts: u32,
    /// Of so many nodes.
    pub nodes: u32,
    /// Of the starts, what cool-down, flap and hourly limits would have held back.
    pub held_back: u32,
    /// Rules before it that take some of its alarms.
    pub earlier: Vec<Earlier>,
    /// When nothing matches: the alarms that come nearest.
    pub nearest: Vec<Near>,
    /// Whether each pin holds, in their order.
    pub pins_hold: Vec<bool>,
}

/// A rule that takes some of the alarms first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Earlier {
    /// Its name.
    pub rule: String,
    /// How many.
    pub alarms: u32,
}

/// An alarm that the pattern comes near to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Near {
    /// Its number.
    pub alarm_id: u64,
    /// The beginning of the pattern that it still follows.
    pub matches_up_to: String,
}

/// A past alarm that matches.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TriedAlarm {
    /// The alarm.
    pub alarm: Alarm,
    /// What the pattern makes of its text.
    pub tried: TriedText,
}

/// What the pattern makes of a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TriedText {
    /// The text.
    pub text: String,
    /// Whether it matches.
    pub matched: bool,
    /// First matched byte.
    pub start: Option<usize>,
    /// Byte after the last matched one.
    pub end: Option<usize>,
    /// What the named groups caught.
    pub captures: Captures,
    /// The one node they name, as `cluster/node`.
    pub target: Option<String>,
    /// Why they name none.
    pub problem: Option<String>,
}

/// What the named groups caught.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Captures {
    /// `(?P<host>..)`.
    pub host: Option<String>,
    /// `(?P<ip>..)`.
    pub ip: Option<String>,
    /// `(?P<node>..)`.
    pub node: Option<String>,
    /// `(?P<cluster>..)`.
    pub cluster: Option<String>,
}

impl From<TextView> for TriedText {
    fn from(view: TextView) -> Self {
        let (start, end) = (
            view.found.as_ref().map(|m| m.start),
            view.found.as_ref().map(|m| m.end),
        );
        let captures = view.found.map(|found| Captures {
            host: found.captures.host,
            ip: found.captures.ip,
            node: found.captures.node,
            cluster: found.captures.cluster,
        });
        Self {
            text: view.text,
            matched: captures.is_some(),
            start,
            end,
            captures: captures.unwrap_or_default(),
            target: view.node,
            problem: view.problem,
        }
    }
}

/// Tries a pattern on a text and on past alarms; a bad pattern is 422 with its position.
#[utoipa::path(post, path = "/api/v1/rules/try", tag = "rules", request_body = TryBody,
    responses((status = 200, body = Tried), (status = 422, body = Problem)))]
pub async fn try_rule(
    State(state): State<AppState>,
    signed: Signed,
    Body(body): Body<TryBody>,
) -> Result<Json<Tried>, Problem> {
    let since = body
        .since
        .as_deref()
        .map(|since| moment::read("since", since))
        .transpose()?;
    let cluster = body.cluster.as_deref().map(ClusterName::parse).transpose();
    let order = TryOrder {
        pattern: body.pattern,
        text: body.text,
        since,
        rule: body.rule_id.map(RuleId),
        position: body.position,
        labels: body.labels,
        cluster: named("cluster", cluster)?,
        pins: pins::read(body.pins)?,
    };
    let tried = state.desk.try_rule(&signed.person, &order).await?;
    if let Some(error) = tried.error {
        let field = "pattern".to_owned();
        return Err(AppError::Invalid {
            field,
            message: error.message,
            position: error.position,
        }
        .into());
    }
    let alarms = tried.alarms.into_iter();
    Ok(Json(Tried {
        text: tried.text.map(TriedText::from),
        alarms: alarms
            .map(|(alarm, tried)| TriedAlarm {
                alarm: alarm.into(),
                tried: tried.into(),
            })
            .collect(),
        looked_at: tried.looked_at,
        matched: tried.matched,
        against: tried.against,
        newly_matched: tried.added.count,
        newly_matched_ids: ids(&tried.added),
        no_longer_matched: tried.lost.count,
        no_longer_matched_ids: ids(&tried.lost),
        starts: tried.replayed.starts,
        nodes: tried.replayed.nodes,
        held_back: tried.replayed.held,
        earlier: tried
            .earlier
            .into_iter()
            .map(|(rule, alarms)| Earlier { rule, alarms })
            .collect(),
        nearest: tried
            .near
            .iter()
            .map(|near| Near {
                alarm_id: near.alarm.id.0,
                matches_up_to: order
                    .pattern
                    .get(..near.pattern)
                    .unwrap_or_default()
                    .to_owned(),
            })
            .collect(),
        pins_hold: tried.pins,
    }))
}

fn ids(of: &Part) -> Vec<u64> {
    of.alarms.iter().map(|(alarm, _)| alarm.id.0).collect()
}
