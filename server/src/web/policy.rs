//! Who may pass which door: one row for every route and server function; a path without a row is refused.

use axum::http::Method;
use domain::access::Role;

/// What a door asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: anybody may pass.
    Open,
    /// A signed-in browser with at least this role.
    SignedIn(Role),
    /// An API token or a signed-in browser with at least this role.
    Api(Role),
    /// An API token with at least this role; a cookie does not count.
    Token(Role),
    /// The secret of the alarm source, checked by the door itself.
    HookSecret,
}

/// One row of the table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Method; `HEAD` passes where `GET` does.
    pub method: Method,
    /// Path pattern; the names of its parameters do not matter.
    pub path: &'static str,
    /// What it asks for.
    pub need: Need,
}

/// What is known of a path and method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Its row.
    Need(Need),
    /// The path has rows, but not for this method.
    OtherMethod,
    /// The path has no row at all.
    Nothing,
}

use Need::{Api, HookSecret, Open, SignedIn, Token};
use Role::{Admin, Responder, Viewer};

const fn get(path: &'static str, need: Need) -> Row {
    Row {
        method: Method::GET,
        path,
        need,
    }
}

const fn post(path: &'static str, need: Need) -> Row {
    Row {
        method: Method::POST,
        path,
        need,
    }
}

/// The table.
pub static TABLE: &[Row] = &[
    // Pages.
    get("/", SignedIn(Viewer)),
    get("/clusters", SignedIn(Viewer)),
    get("/clusters/{c}", SignedIn(Viewer)),
    get("/clusters/{c}/nodes/{n}", SignedIn(Viewer)),
    get("/clusters/{c}/nodes/{n}/start", SignedIn(Viewer)),
    get("/command", SignedIn(Viewer)),
    get("/timeline", SignedIn(Viewer)),
    get("/recoveries/{id}", SignedIn(Viewer)),
    get("/rules", SignedIn(Viewer)),
    get("/rules/{id}", SignedIn(Viewer)),
    get("/rules/{id}/arm", SignedIn(Viewer)),
    get("/storms", SignedIn(Viewer)),
    get("/incidents/{id}", SignedIn(Viewer)),
    get("/cordons", SignedIn(Viewer)),
    get("/intents/{key}", SignedIn(Viewer)),
    get("/unconfirmed", Open),
    get("/settings", SignedIn(Viewer)),
    post("/settings/theme", SignedIn(Viewer)),
    get("/settings/devices", SignedIn(Viewer)),
    get("/settings/config", SignedIn(Viewer)),
    get("/live", SignedIn(Viewer)),
    get("/recoveries/{id}/report.md", Api(Viewer)),
    get("/recoveries/{id}/report.csv", Api(Viewer)),
    get("/recoveries/{id}/report.json", Api(Viewer)),
    // Acts and what islands read.
    post("/do/cluster_health", SignedIn(Viewer)),
    post("/do/check_state", SignedIn(Viewer)),
    post("/do/try_rule", SignedIn(Viewer)),
    post("/do/read_command", SignedIn(Viewer)),
    post("/do/run_command", SignedIn(Viewer)),
    post("/do/void_intent", SignedIn(Viewer)),
    post("/do/set_preference", SignedIn(Viewer)),
    post("/do/start_node", SignedIn(Responder)),
    post("/do/approve", SignedIn(Responder)),
    post("/do/cancel", SignedIn(Responder)),
    post("/do/stop", SignedIn(Responder)),
    post("/do/retry", SignedIn(Responder)),
    post("/do/acknowledge", SignedIn(Responder)),
    post("/do/add_note", SignedIn(Responder)),
    post("/do/star_event", SignedIn(Responder)),
    post("/do/move_note", SignedIn(Responder)),
    post("/do/acknowledge_alarm", SignedIn(Responder)),
    post("/do/throw_switch", SignedIn(Responder)),
    post("/do/break_node", SignedIn(Responder)),
    post("/do/do_cordon", SignedIn(Responder)),
    post("/do/close_storm", SignedIn(Responder)),
    post("/do/change_device", SignedIn(Viewer)),
    post("/do/remove_device", SignedIn(Viewer)),
    post("/do/test_device", SignedIn(Viewer)),
    post("/do/test_webhook", SignedIn(Responder)),
    post("/do/show_link_code", SignedIn(Viewer)),
    post("/do/unlink_chat", SignedIn(Viewer)),
    post("/do/arm_rule", SignedIn(Admin)),
    post("/do/save_rule", SignedIn(Admin)),
    post("/do/remove_rule", SignedIn(Admin)),
    post("/do/restore_rule", SignedIn(Admin)),
    // Kept by the worker; nothing of it is about anybody.
    get("/offline", Open),
    // Ways in and out.
    get("/sign-in", Open),
    post("/sign-in", Open),
    post("/sign-in/code", Open),
    get("/sign-in/new-code", SignedIn(Viewer)),
    post("/sign-in/new-code", SignedIn(Viewer)),
    post("/sign-out", Open),
    // Machines.
    get("/healthz", Open),
    get("/readyz", Open),
    get("/metrics", Token(Viewer)),
    post("/hooks/{source}", HookSecret),
    post("/hooks/chat/{chat}", HookSecret),
    // REST.
    get("/api/openapi.json", Open),
    get("/api/v1/alarms", Api(Viewer)),
    get("/api/v1/alarms/{id}", Api(Viewer)),
    post("/api/v1/alarms/{id}/acknowledge", Api(Responder)),
    get("/api/v1/rules", Api(Viewer)),
    post("/api/v1/rules", Api(Admin)),
    post("/api/v1/rules/try", Api(Viewer)),
    get("/api/v1/rules/{id}", Api(Viewer)),
    Row {
        method: Method::PUT,
        path: "/api/v1/rules/{id}",
        need: Api(Admin),
    },
    Row {
        method: Method::DELETE,
        path: "/api/v1/rules/{id}",
        need: Api(Admin),
    },
    get("/api/v1/rules/{id}/versions", Api(Viewer)),
    post("/api/v1/rules/{id}/restore", Api(Admin)),
    get("/api/v1/rules/{id}/hits", Api(Viewer)),
    post("/api/v1/rules/{id}/arm", Api(Admin)),
    get("/api/v1/guards", Api(Viewer)),
    get("/api/v1/config", Api(Viewer)),
    get("/api/v1/storms", Api(Viewer)),
    get("/api/v1/incidents", Api(Viewer)),
    get("/api/v1/incidents/{id}", Api(Viewer)),
    get("/api/v1/incidents/{id}/note.md", Api(Viewer)),
    get("/api/v1/incidents/{id}/note.txt", Api(Viewer)),
    post("/api/v1/clusters/{c}/storm/close", Api(Responder)),
    get("/api/v1/cordons", Api(Viewer)),
    post("/api/v1/clusters/{c}/nodes/{n}/cordon", Api(Responder)),
    get("/api/v1/devices", Api(Viewer)),
    post("/api/v1/devices", Api(Viewer)),
    // The unguessable id of a message, or the push address of a device, is what these two ask for.
    post("/api/v1/devices/receipts", Open),
    post("/api/v1/devices/seen", Open),
    Row {
        method: Method::PUT,
        path: "/api/v1/devices/{id}",
        need: Api(Viewer),
    },
    Row {
        method: Method::DELETE,
        path: "/api/v1/devices/{id}",
        need: Api(Viewer),
    },
    post("/api/v1/devices/{id}/test", Api(Viewer)),
    post("/api/v1/webhooks/{name}/test", Api(Responder)),
    get("/api/v1/chats", Api(Viewer)),
    get("/api/v1/recoveries", Api(Viewer)),
    get("/api/v1/recoveries/{id}", Api(Viewer)),
    get("/api/v1/recoveries/{id}/report.md", Api(Viewer)),
    get("/api/v1/recoveries/{id}/report.csv", Api(Viewer)),
    get("/api/v1/recoveries/{id}/report.json", Api(Viewer)),
    post("/api/v1/recoveries/{id}/events/{n}", Api(Responder)),
    post("/api/v1/recoveries/{id}/approve", Api(Responder)),
    post("/api/v1/recoveries/{id}/stop", Api(Responder)),
    post("/api/v1/recoveries/{id}/retry", Api(Responder)),
    post("/api/v1/recoveries/{id}/acknowledge", Api(Responder)),
    post("/api/v1/recoveries/{id}/note", Api(Responder)),
    get("/api/v1/clusters", Api(Viewer)),
    get("/api/v1/clusters/{c}/health", Api(Viewer)),
    get("/api/v1/clusters/{c}/checks", Api(Viewer)),
    get("/api/v1/clusters/{c}/nodes", Api(Viewer)),
    get("/api/v1/clusters/{c}/nodes/{n}", Api(Viewer)),
    post("/api/v1/clusters/{c}/nodes/{n}/start", Api(Responder)),
    post("/api/v1/commands", Api(Viewer)),
    get("/api/v1/preferences", Api(Viewer)),
    Row {
        method: Method::PUT,
        path: "/api/v1/preferences",
        need: Api(Viewer),
    },
    get("/api/v1/switch", Api(Viewer)),
    Row {
        method: Method::PUT,
        path: "/api/v1/switch",
        need: Api(Responder),
    },
    get("/api/v1/events", Api(Viewer)),
];

/// What the table says of a path: a route's pattern, or the whole path of a server function.
#[must_use]
pub fn look(method: &Method, path: &str) -> Found {
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let mut found = Found::Nothing;
    for row in TABLE.iter().filter(|row| same_pattern(row.path, path)) {
        if row.method == *method {
            return Found::Need(row.need);
        }
        found = Found::OtherMethod;
    }
    found
}

/// The methods that the table has for a path, for `Allow`.
#[must_use]
pub fn methods(path: &str) -> String {
    let rows = TABLE.iter().filter(|row| same_pattern(row.path, path));
    rows.map(|row| row.method.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn same_pattern(one: &str, other: &str) -> bool {
    let hole = |part: &str| part.starts_with('{') && part.ends_with('}');
    let (mut one, mut other) = (one.split('/'), other.split('/'));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b || (hole(a) && hole(b)) => {}
            (Some(_) | None, Some(_) | None) => return false,
        }
    }
}
