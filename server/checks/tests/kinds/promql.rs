//! `promql`: ranges, nothing, NaN, refusals and rubbish, by the wire as Prometheus writes it.

use super::{ask, output, said, serve, way};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::get;
use checks::prometheus::{NoSamples, Prometheus};
use checks::promql::Promql;
use engine::ports::Check;
use std::collections::BTreeMap;

/// Answers by the query.
async fn answer(Query(asked): Query<BTreeMap<String, String>>) -> (StatusCode, String) {
    let vector = |values: &[&str]| {
        let all: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(n, value)| format!(r#"{{"metric":{{"__name__":"up","pod":"web-{n}"}},"value":[1790000000.123,"{value}"]}}"#))
            .collect();
        format!(
            r#"{{"status":"success","data":{{"resultType":"vector","result":[{}]}}}}"#,
            all.join(",")
        )
    };
    let ok = |text: String| (StatusCode::OK, text);
    match asked["query"].as_str() {
        "one" => ok(vector(&["0.995"])),
        "several" => ok(vector(&["1", "0.2", "1"])),
        "nothing" => ok(vector(&[])),
        "nan" => ok(vector(&["NaN"])),
        "infinite" => ok(vector(&["+Inf"])),
        "scalar" => ok(r#"{"status":"success","data":{"resultType":"scalar","result":[1790000000,"7"]}}"#.to_owned()),
        "matrix" => ok(r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#.to_owned()),
        "of node-12 in prod at 127.0.0.1" => ok(vector(&["1"])),
        "bad(" => (StatusCode::BAD_REQUEST, r#"{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:4: parse error: unclosed left parenthesis"}"#.to_owned()),
        "slow" => (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}"#.to_owned()),
        "html" => (StatusCode::BAD_GATEWAY, "<html>502 Bad Gateway</html>".to_owned()),
        _ => ok("{}".to_owned()),
    }
}

async fn promql(query: &str, min: Option<f64>, max: Option<f64>) -> Promql {
    let url = serve(Router::new().route("/prom/api/v1/query", get(answer))).await;
    Promql {
        prometheus: Prometheus {
            url: format!("{url}/prom/").parse().unwrap(),
            way: way(),
        },
        query: query.to_owned(),
        min,
        max,
    }
}

#[tokio::test]
async fn every_value_must_lie_in_the_range() {
    for (query, min, max, expected) in [
        (
            "one",
            Some(0.99),
            None,
            "passed: one: 0.995, expected at least 0.99",
        ),
        (
            "one",
            Some(0.995),
            Some(0.995),
            "passed: one: 0.995, expected 0.995 to 0.995",
        ),
        (
            "one",
            Some(0.999),
            None,
            "not yet: one: 0.995, expected at least 0.999",
        ),
        (
            "one",
            None,
            Some(0.1),
            "not yet: one: 0.995, expected at most 0.1",
        ),
        (
            "several",
            Some(0.5),
            None,
            "not yet: several: 0.2 (3 series), expected at least 0.5",
        ),
        (
            "several",
            Some(0.1),
            None,
            "passed: several: 1 (3 series), expected at least 0.1",
        ),
        (
            "nothing",
            None,
            Some(0.0),
            "not yet: nothing: nothing, expected at most 0",
        ),
        (
            "nothing",
            None,
            None,
            "not yet: nothing: nothing, expected something",
        ),
        ("one", None, None, "passed: one: 0.995, expected something"),
        (
            "nan",
            None,
            Some(1.0),
            "not yet: nan: NaN, expected at most 1",
        ),
        (
            "infinite",
            Some(1.0),
            None,
            "passed: infinite: inf, expected at least 1",
        ),
        (
            "scalar",
            Some(7.0),
            None,
            "passed: scalar: 7, expected at least 7",
        ),
        (
            "of {node} in {cluster} at {ip}",
            Some(1.0),
            None,
            "passed: of node-12 in prod at 127.0.0.1: 1, expected at least 1",
        ),
        (
            "slow",
            Some(1.0),
            None,
            "not yet: Prometheus: 503: query timed out in expression evaluation",
        ),
        (
            "html",
            Some(1.0),
            None,
            "not yet: Prometheus: it answered 502",
        ),
    ] {
        let tried = promql(query, min, max).await.try_once(&ask()).await;
        assert_eq!(said(&tried), expected);
    }
    let tried = promql("several", Some(0.5), None)
        .await
        .try_once(&ask())
        .await;
    assert_eq!(
        output(&tried),
        "1 {pod=\"web-0\"}\n0.2 {pod=\"web-1\"}\n1 {pod=\"web-2\"}"
    );
}

#[tokio::test]
async fn a_query_that_can_never_be_answered_is_refused() {
    let text = said(&promql("bad(", None, None).await.try_once(&ask()).await);
    assert!(
        text.starts_with("refused: Prometheus refuses bad(: invalid parameter"),
        "{text}"
    );
    let text = said(&promql("matrix", None, None).await.try_once(&ask()).await);
    assert!(text.contains("answers a matrix"), "{text}");
}

#[tokio::test]
async fn an_answer_without_sense_is_no_answer() {
    let check = promql("odd", Some(0.0), None).await;
    let found = check.prometheus.ask("odd", None).await;
    assert!(matches!(found, Err(NoSamples::Unanswered(_))), "{found:?}");
}
