//! REST: `/api/v1`, one file per noun, and the description generated from the same code.

pub mod alarms;
pub mod arming;
pub mod chats;
pub mod checks;
pub mod clusters;
pub mod commands;
pub mod config;
pub mod cordons;
pub mod devices;
pub mod events;
pub mod guards;
pub mod incidents;
pub mod moment;
pub mod node;
pub mod pins;
pub mod preferences;
pub mod recoveries;
pub mod recovery_event;
pub mod reports;
pub mod rules;
pub mod storms;
pub mod story;
pub mod switch;
pub mod tries;
pub mod trigger;
pub mod which;

use crate::web::problem::{FieldError, Problem};
use crate::web::routes::Doors;
use axum::Json;
use axum::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoParams, Modify, OpenApi, ToSchema};

/// Part of a list, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// Pass as `after` for the next part; null at the end.
    pub next: Option<u64>,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Only what comes after this number of the part before.
    #[param(minimum = 1)]
    pub after: Option<u64>,
    /// At most so many; 50 if nobody says.
    #[param(minimum = 1, maximum = 500, default = 50)]
    pub limit: Option<u32>,
}

/// Answer to an act that belongs to a recovery.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Begun {
    /// The recovery: look there for what comes of it.
    pub recovery_id: u64,
}

/// Opens all of them.
pub fn doors(doors: Doors) -> Doors {
    let doors = doors
        .get("/api/openapi.json", description)
        .get("/api/v1/alarms", alarms::list)
        .get("/api/v1/alarms/{id}", alarms::one)
        .post("/api/v1/alarms/{id}/acknowledge", alarms::acknowledge)
        .get("/api/v1/rules", rules::list)
        .post("/api/v1/rules", rules::add)
        .post("/api/v1/rules/try", tries::try_rule)
        .get("/api/v1/rules/{id}", rules::one)
        .open(Method::PUT, "/api/v1/rules/{id}", rules::change)
        .open(Method::DELETE, "/api/v1/rules/{id}", rules::remove)
        .get("/api/v1/rules/{id}/versions", rules::versions)
        .post("/api/v1/rules/{id}/restore", rules::restore)
        .get("/api/v1/rules/{id}/hits", arming::hits)
        .post("/api/v1/rules/{id}/arm", arming::arm)
        .get("/api/v1/guards", guards::list)
        .get("/api/v1/config", config::show)
        .get("/api/v1/storms", storms::list)
        .get("/api/v1/incidents", incidents::list)
        .get("/api/v1/incidents/{id}", incidents::one)
        .get("/api/v1/incidents/{id}/note.md", incidents::note_md)
        .get("/api/v1/incidents/{id}/note.txt", incidents::note_txt)
        .post("/api/v1/clusters/{c}/storm/close", storms::close)
        .get("/api/v1/cordons", cordons::list)
        .post("/api/v1/clusters/{c}/nodes/{n}/cordon", cordons::act)
        .get("/api/v1/devices", devices::list)
        .post("/api/v1/devices", devices::add)
        .post("/api/v1/devices/receipts", devices::receipt)
        .post("/api/v1/devices/seen", devices::seen)
        .open(Method::PUT, "/api/v1/devices/{id}", devices::change)
        .open(Method::DELETE, "/api/v1/devices/{id}", devices::remove)
        .post("/api/v1/devices/{id}/test", devices::test)
        .post("/api/v1/webhooks/{name}/test", devices::test_webhook);
    doors
        .get("/api/v1/chats", chats::list)
        .get("/api/v1/recoveries", recoveries::list)
        .get("/api/v1/recoveries/{id}", recoveries::one)
        .get("/api/v1/recoveries/{id}/report.md", reports::markdown)
        .get("/api/v1/recoveries/{id}/report.csv", reports::csv)
        .get("/api/v1/recoveries/{id}/report.json", reports::json)
        .get("/recoveries/{id}/report.md", reports::markdown)
        .get("/recoveries/{id}/report.csv", reports::csv)
        .get("/recoveries/{id}/report.json", reports::json)
        .post("/api/v1/recoveries/{id}/events/{n}", story::mark)
        .post("/api/v1/recoveries/{id}/approve", recoveries::approve)
        .post("/api/v1/recoveries/{id}/stop", recoveries::stop)
        .post("/api/v1/recoveries/{id}/retry", recoveries::retry)
        .post(
            "/api/v1/recoveries/{id}/acknowledge",
            recoveries::acknowledge,
        )
        .post("/api/v1/recoveries/{id}/note", recoveries::note)
        .get("/api/v1/clusters", clusters::list)
        .get("/api/v1/clusters/{c}/health", clusters::health)
        .get("/api/v1/clusters/{c}/checks", checks::list)
        .get("/api/v1/clusters/{c}/nodes", clusters::nodes)
        .get("/api/v1/clusters/{c}/nodes/{n}", node::one)
        .get("/api/v1/preferences", preferences::show)
        .open(Method::PUT, "/api/v1/preferences", preferences::set)
        .post("/api/v1/clusters/{c}/nodes/{n}/start", clusters::start)
        .post("/api/v1/commands", commands::run)
        .get("/api/v1/switch", switch::show)
        .open(Method::PUT, "/api/v1/switch", switch::set)
}

/// The description of `/api/v1`.
#[derive(OpenApi)]
#[openapi(
    info(title = "Uncordon", description = "Alarms, rules, recoveries and the switch.", version = "1"),
    modifiers(&Bearer),
    security(("bearer" = [])),
    components(schemas(Problem, FieldError)),
    paths(
        alarms::list, alarms::one, alarms::acknowledge,
        rules::list, rules::one, rules::add, rules::change, rules::remove, rules::versions, rules::restore,
        tries::try_rule, arming::hits, arming::arm, guards::list, config::show, storms::list, storms::close,
        incidents::list, incidents::one, incidents::note_md, incidents::note_txt,
        cordons::list, cordons::act,
        devices::list, devices::add, devices::change, devices::remove, devices::test, devices::test_webhook,
        devices::receipt, devices::seen, chats::list,
        recoveries::list, recoveries::one, reports::markdown, reports::csv, reports::json, story::mark, recoveries::approve, recoveries::stop,
        recoveries::retry, recoveries::acknowledge, recoveries::note,
        checks::list, clusters::list, clusters::health, clusters::nodes, clusters::start, node::one,
        preferences::show, preferences::set,
        commands::run, switch::show, switch::set, events::stream,
    )
)]
pub struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        api.components
            .get_or_insert_default()
            .add_security_scheme("bearer", bearer);
    }
}

async fn description() -> Json<utoipa::openapi::OpenApi> {
    Json(Description::openapi())
}
