//! `promql` against Debian's real Prometheus.

use super::{ask, said, way};
use checks::prometheus::{NoSamples, Prometheus};
use checks::promql::Promql;
use engine::ports::Check;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The real program on a free port; `None` when it is not installed.
fn start(folder: &Path) -> Option<(Child, Prometheus)> {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = folder.join("prometheus.yml");
    let text = format!(
        "global: {{scrape_interval: 1s}}\nscrape_configs: [{{job_name: self, static_configs: [{{targets: ['{free}']}}]}}]\n"
    );
    std::fs::write(&config, text).unwrap();
    let child = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!(
            "--storage.tsdb.path={}",
            folder.join("data").display()
        ))
        .arg(format!("--web.listen-address={free}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let prometheus = Prometheus {
        url: format!("http://{free}").parse().unwrap(),
        way: way(),
    };
    Some((child, prometheus))
}

/// Asks until the query is answered with something.
async fn answered(prometheus: &Prometheus, query: &str) -> f64 {
    let mut beat = tokio::time::interval(Duration::from_millis(100));
    let waiting = async {
        loop {
            beat.tick().await;
            if let Ok(samples) = prometheus.ask(query, None).await
                && let Some(one) = samples.first()
            {
                return one.value;
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("Prometheus has an answer")
}

#[tokio::test]
async fn it_is_asked_and_understood() {
    let folder = tempfile::tempdir().unwrap();
    let Some((child, prometheus)) = start(folder.path()) else {
        println!("NOT RUN: promql against a real Prometheus: prometheus is not installed");
        return;
    };
    // Scraped from itself, so that a real series is there too.
    assert!((answered(&prometheus, "up{job='self'}").await - 1.0).abs() < f64::EPSILON);
    let check = |query: &str, min, max| Promql {
        prometheus: prometheus.clone(),
        query: query.to_owned(),
        min,
        max,
    };
    for (query, min, max, expected) in [
        (
            "vector(0.5)",
            Some(0.4),
            None,
            "passed: vector(0.5): 0.5, expected at least 0.4",
        ),
        (
            "vector(0.5)",
            Some(0.6),
            None,
            "not yet: vector(0.5): 0.5, expected at least 0.6",
        ),
        (
            "scalar(vector(2))",
            None,
            Some(2.0),
            "passed: scalar(vector(2)): 2, expected at most 2",
        ),
        (
            "up{job=\"self\"} == 0",
            None,
            None,
            "not yet: up{job=\"self\"} == 0: nothing, expected something",
        ),
        (
            "up{job=\"self\"} == 1",
            None,
            None,
            "passed: up{job=\"self\"} == 1: 1, expected something",
        ),
        (
            "vector(0) / vector(0)",
            None,
            Some(9.0),
            "not yet: vector(0) / vector(0): NaN, expected at most 9",
        ),
        (
            "vector(1) / vector(0)",
            Some(9.0),
            None,
            "passed: vector(1) / vector(0): inf, expected at least 9",
        ),
    ] {
        assert_eq!(
            said(&check(query, min, max).try_once(&ask()).await),
            expected
        );
    }
    for never in ["up{", "up[5m]", "\"text\""] {
        let text = said(&check(never, None, None).try_once(&ask()).await);
        assert!(text.starts_with("refused: "), "{never}: {text}");
    }
    // A moment in the past is evaluated as it was then.
    let then = "2026-01-01T00:00:00Z".parse().unwrap();
    let at = prometheus.ask("time()", Some(then)).await.unwrap();
    assert!((at[0].value - then.as_second() as f64).abs() < 0.001);
    drop(child);
    let gone = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Err(NoSamples::Unanswered(why)) = prometheus.ask("up", None).await {
                return why;
            }
            tokio::task::yield_now().await;
        }
    });
    let why = gone.await.expect("it is gone");
    assert!(!why.is_empty());
}
