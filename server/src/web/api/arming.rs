//! `/api/v1/rules/{id}/hits` and `/arm`: a look at what a rule would have done, then arming it with a reason.

use crate::web::AppState;
use crate::web::api::rules::Rule;
use crate::web::api::tries::TriedAlarm;
use crate::web::guard::Signed;
use crate::web::input::{Body, Id};
use crate::web::problem::Problem;
use app::desk::views::ArmOrder;
use axum::Json;
use axum::extract::State;
use domain::id::RuleId;
use domain::rule::Silence;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a rule would have done with past alarms.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hits {
    /// The rule, in its newest version.
    pub rule: Rule,
    /// Past alarms it matches, newest first, at most 100.
    pub alarms: Vec<TriedAlarm>,
    /// Nodes of these alarms that somebody else heals: the rule leaves them alone. At most 5 are looked at.
    pub left_alone: Vec<LeftAlone>,
    /// Past alarms looked at.
    pub looked_at: u32,
    /// Of them, how many it matches.
    pub matched: u32,
    /// Send it with the order to arm: it names exactly what was shown.
    pub look: String,
}

/// A node that is not ours to recover.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LeftAlone {
    /// Its cluster.
    pub cluster: String,
    /// Its name.
    pub node: String,
    /// Who heals it, and what says so.
    pub why: String,
    /// What its owner can do.
    pub way_out: String,
}

/// Lets a rule act alone.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArmBody {
    /// The version that was looked at.
    pub version: u32,
    /// From `GET .../hits`.
    pub look: String,
    /// Why it may act alone from now on.
    pub reason: String,
    /// Seconds in which a person may still stop it; 0 if nobody says.
    #[serde(default)]
    pub veto_s: u32,
    /// What silence within them means: `act` or `ask`; `act` if nobody says.
    pub silence: Option<String>,
}

/// What the word in a body means; `act` if there is none.
pub fn silence(word: Option<&str>) -> Result<Silence, Problem> {
    let word = word.unwrap_or(Silence::Act.word());
    Silence::parse(word)
        .ok_or_else(|| Problem::field("silence", &format!("must be act or ask, not {word:?}")))
}

/// What a rule would have done with past alarms.
#[utoipa::path(get, path = "/api/v1/rules/{id}/hits", tag = "rules", params(("id" = u64, Path)),
    responses((status = 200, body = Hits), (status = 404, body = Problem)))]
pub async fn hits(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Hits>, Problem> {
    let view = state.desk.rule_hits(&signed.person, RuleId(id)).await?;
    Ok(Json(Hits {
        rule: view.rule.into(),
        alarms: view
            .hits
            .into_iter()
            .map(|(alarm, tried)| TriedAlarm {
                alarm: alarm.into(),
                tried: tried.into(),
            })
            .collect(),
        left_alone: view
            .left_alone
            .into_iter()
            .map(|one| LeftAlone {
                cluster: one.cluster.to_string(),
                node: one.node.to_string(),
                why: one.why,
                way_out: one.way_out,
            })
            .collect(),
        looked_at: view.looked_at,
        matched: view.matched,
        look: view.look,
    }))
}

/// Lets a rule act alone from now on; 412 when its hits are not the ones that were looked at.
#[utoipa::path(post, path = "/api/v1/rules/{id}/arm", tag = "rules", params(("id" = u64, Path)),
    request_body = ArmBody,
    responses((status = 200, body = Rule), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn arm(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Body(body): Body<ArmBody>,
) -> Result<Json<Rule>, Problem> {
    let order = ArmOrder {
        version: body.version,
        look: body.look,
        reason: body.reason,
        veto_s: body.veto_s,
        silence: silence(body.silence.as_deref())?,
    };
    let rule = state
        .desk
        .arm_rule(&signed.person, RuleId(id), &order)
        .await?;
    Ok(Json(rule.into()))
}
