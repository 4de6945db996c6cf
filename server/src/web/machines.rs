//! What machines ask: is it alive, is it ready, and a few numbers.

use crate::web::AppState;
use crate::web::guard::Signed;
use crate::web::problem::Problem;
use crate::web::routes::Doors;
use app::error::AppError;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use domain::guard::Switch;
use domain::health::Verdict;
use std::fmt::Write as _;

/// Opens them.
pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/healthz", healthz)
        .get("/readyz", readyz)
        .get("/metrics", metrics)
}

async fn healthz() -> &'static str {
    "ok\n"
}

async fn readyz(State(state): State<AppState>) -> Result<&'static str, Problem> {
    match state.accounts.ready().await {
        Ok(()) => Ok("ready\n"),
        Err(error) => {
            tracing::error!("Not ready: {error}");
            Err(AppError::Unavailable {
                text: "The store does not answer.".to_owned(),
            }
            .into())
        }
    }
}

async fn metrics(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<impl IntoResponse, Problem> {
    let now = state.desk.now(&signed.person).await?;
    let mut text = String::new();
    gauge(
        &mut text,
        "uncordon_recoveries_running",
        "Recoveries under way.",
        now.running.len(),
    );
    gauge(
        &mut text,
        "uncordon_recoveries_need_human",
        "Recoveries that wait for a person.",
        now.needs_you.len(),
    );
    gauge(
        &mut text,
        "uncordon_alarms_unclear",
        "Alarms that name no node or several.",
        now.unclear.len(),
    );
    gauge(
        &mut text,
        "uncordon_streams",
        "Open live streams.",
        state.live.listeners(),
    );
    let switch = match now.switch.map_or(Switch::Run, |switch| switch.mode) {
        Switch::Run => 0,
        Switch::Pause => 1,
        Switch::Freeze => 2,
    };
    gauge(
        &mut text,
        "uncordon_switch",
        "The stricter switch: 0 run, 1 pause, 2 freeze.",
        switch,
    );
    let _ = writeln!(
        text,
        "# HELP uncordon_cluster_verdict 0 healthy, 1 degraded, 2 down, 3 blind."
    );
    let _ = writeln!(text, "# TYPE uncordon_cluster_verdict gauge");
    for card in now.clusters {
        let verdict = match card.health.verdict {
            Verdict::Healthy => 0,
            Verdict::Degraded => 1,
            Verdict::Down => 2,
            Verdict::Blind => 3,
        };
        let _ = writeln!(
            text,
            "uncordon_cluster_verdict{{cluster=\"{}\"}} {verdict}",
            card.name
        );
    }
    Ok((
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    ))
}

fn gauge(text: &mut String, name: &str, help: &str, value: usize) {
    let _ = write!(
        text,
        "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"
    );
}
