//! Who may name whom.

/// Our crates, where they live, which of ours they may name, and what from outside never.
pub const CRATES: &[(&str, &[&str], &[&str])] = &[
    (
        "app/domain",
        &[],
        &[
            "tokio",
            "async-trait",
            "tracing",
            "rand",
            "reqwest",
            "sqlx",
            "axum",
            "leptos",
            "time",
        ],
    ),
    (
        "app",
        &["domain"],
        &["sqlx", "kube", "axum", "tokio", "reqwest", "regex", "sha2"],
    ),
    ("app/hydrate", &["app"], &["domain", "serde", "jiff"]),
    (
        "server/engine",
        &["domain"],
        &["sqlx", "kube", "reqwest", "axum", "leptos"],
    ),
    (
        "server/store",
        &["domain", "engine"],
        &["kube", "reqwest", "axum", "leptos"],
    ),
    (
        "server/cluster",
        &["domain", "engine"],
        &["sqlx", "axum", "leptos"],
    ),
    (
        "server/cloud",
        &["domain", "engine"],
        &["sqlx", "axum", "leptos", "kube"],
    ),
    (
        "server/alarms",
        &["domain", "engine"],
        &["sqlx", "axum", "leptos", "kube"],
    ),
    (
        "server/checks",
        &["domain", "engine", "cloud"],
        &["sqlx", "axum", "leptos", "kube"],
    ),
    (
        "server/notify",
        &["domain", "engine"],
        &["sqlx", "axum", "leptos", "kube", "store"],
    ),
    (
        "server/chat",
        &["engine"],
        &["sqlx", "leptos", "kube", "store"],
    ),
    ("server/sandbox", &["domain"], &["sqlx", "leptos", "kube"]),
    (
        "server",
        &[
            "app", "domain", "engine", "store", "cluster", "cloud", "alarms", "checks", "notify",
            "chat", "sandbox",
        ],
        &["sqlx", "kube"],
    ),
];

/// Which rooms of `domain` each one may name: leftwards only, but for the knot plan - step - event - recovery, which is one
/// thing told in five files.
pub const DOMAIN: &[(&str, &[&str])] = &[
    ("id", &[]),
    ("moment", &[]),
    ("incident", &["id", "moment"]),
    ("ledger", &["id", "world"]),
    ("alarm", &["id"]),
    ("world", &["id"]),
    ("rule", &["id", "alarm"]),
    ("access", &["id"]),
    ("watch", &["id", "alarm", "world"]),
    ("target", &["id", "rule", "world"]),
    ("baseline", &["id", "world"]),
    ("check", &["id", "target"]),
    ("trigger", &["id", "access", "rule"]),
    (
        "guard",
        &["id", "moment", "world", "trigger", "step", "recovery"],
    ),
    (
        "plan",
        &[
            "id", "moment", "world", "rule", "target", "baseline", "check", "trigger", "guard",
            "step", "recovery",
        ],
    ),
    (
        "step",
        &[
            "id", "moment", "world", "target", "baseline", "check", "trigger", "plan", "event",
            "recovery",
        ],
    ),
    (
        "event",
        &[
            "id", "world", "rule", "trigger", "guard", "plan", "step", "receipt", "recovery",
        ],
    ),
    (
        "recovery",
        &[
            "id", "rule", "trigger", "guard", "plan", "step", "event", "receipt",
        ],
    ),
    ("impact", &["event", "recovery", "trigger"]),
    ("facts", &["guard", "recovery", "world"]),
    ("receipt", &["moment", "plan", "step", "recovery"]),
    ("health", &["id", "moment", "world", "baseline", "plan"]),
    ("command", &["id", "guard"]),
    (
        "timeline",
        &[
            "id", "moment", "access", "world", "rule", "trigger", "guard", "plan", "step", "event",
            "receipt", "recovery", "facts", "impact",
        ],
    ),
    (
        "report",
        &["id", "moment", "trigger", "recovery", "impact", "timeline"],
    ),
    (
        "message",
        &[
            "id", "moment", "alarm", "rule", "trigger", "guard", "plan", "event", "incident",
            "recovery", "timeline",
        ],
    ),
];

/// Rooms of `app` and those they never name.
pub const APP: &[(&str, &[&str])] = &[
    (
        "desk",
        &["calls", "pages", "parts", "routes", "shell", "islands"],
    ),
    ("calls", &["pages", "parts", "routes", "shell"]),
    ("parts", &["pages", "calls", "routes", "shell"]),
    ("islands", &["pages", "routes", "shell"]),
    ("pages", &["routes", "shell"]),
];
