//! Checks of the team as Jobs: made once, told what they are about, watched to their end, with the log of their pod.

use crate::house::House;
use cluster::Kube;
use cluster::job::{Job, Template};
use domain::check::{Ask, CheckName, Tried};
use domain::id::RecoveryId;
use engine::ports::Check;
use serde_json::Value;
use std::time::Duration;

/// What a team would write.
const TEMPLATE: &str = "
apiVersion: batch/v1
kind: Job
metadata:
  name: this name is not used
  namespace: default
spec:
  backoffLimit: 6
  template:
    metadata:
      annotations: {ANNOTATION: 'VALUE'}
    spec:
      containers:
      - name: smoke
        image: registry.example/smoke:1
        env: [{name: UNCORDON_NODE, value: somebody-else}, {name: DEPTH, value: '3'}]
";

fn template(annotation: &str, value: &str) -> Template {
    let text = TEMPLATE
        .replace("ANNOTATION", annotation)
        .replace("VALUE", value);
    Template::read(&text, true).unwrap()
}

fn job(house: &House, template: Template, timeout: u64) -> Job {
    let limit = Duration::from_secs(600);
    house
        .kube
        .job(template, limit, Duration::from_secs(timeout))
}

/// One that passes, of whoever is connected.
pub fn smoke(kube: &Kube) -> Job {
    let (limit, timeout) = (Duration::from_secs(600), Duration::from_secs(300));
    kube.job(template("a", "b"), limit, timeout)
}

pub fn ask(house: &House, attempt: u32) -> Ask {
    Ask {
        check: CheckName::parse("smoke").unwrap(),
        target: house.target("node-12"),
        recovery: RecoveryId(42),
        attempt,
        key: format!("{attempt:032x}").chars().rev().collect(),
        begin: true,
    }
}

/// Looks again and again until it no longer runs.
pub async fn ended(job: &Job, ask: &Ask) -> Tried {
    let mut beat = tokio::time::interval(Duration::from_millis(50));
    let waiting = async {
        loop {
            beat.tick().await;
            match job.try_once(ask).await {
                Tried::Running(_) => {}
                tried => return tried,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .expect("the job ends")
}

async fn jobs(house: &House) -> Vec<Value> {
    let list = house.get("/apis/batch/v1/namespaces/default/jobs").await;
    list["items"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_job_runs_once_on_the_node_and_is_told_what_it_is_about() {
    let house = House::open(20.0).await;
    let (first, again) = (
        job(&house, template("a", "b"), 300),
        job(&house, template("a", "b"), 300),
    );
    let ask = ask(&house, 1);
    assert!(matches!(first.try_once(&ask).await, Tried::Running(_)));
    // Another process with the same attempt: the same job.
    let Tried::Passed(seen) = ended(&again, &ask).await else {
        panic!("it passes")
    };
    assert!(
        seen.text()
            .contains("uncordon-smoke-100000000000 has succeeded"),
        "{}",
        seen.text()
    );
    let log = seen.output().unwrap();
    for line in [
        "smoke: UNCORDON_NODE=node-12",
        "smoke: UNCORDON_RECOVERY=42",
        "smoke: DEPTH=3",
        "smoke: exit code 0",
    ] {
        assert!(log.lines().any(|one| one == line), "{line}: {log}");
    }
    assert!(!log.contains("somebody-else"), "{log}");
    let all = jobs(&house).await;
    assert_eq!(all.len(), 1, "{all:?}");
    let spec = &all[0]["spec"];
    assert_eq!(spec["backoffLimit"], 0);
    assert_eq!(spec["activeDeadlineSeconds"], 300);
    assert_eq!(spec["template"]["spec"]["nodeName"], "node-12");
    assert_eq!(spec["template"]["spec"]["restartPolicy"], "Never");
}

#[tokio::test]
async fn a_job_that_fails_says_how_and_the_next_attempt_is_another_job() {
    let house = House::open(20.0).await;
    let job = job(&house, template("sandbox.uncordon.dev/exit-code", "3"), 300);
    let Tried::NotYet(seen) = ended(&job, &ask(&house, 1)).await else {
        panic!("it fails")
    };
    assert!(
        seen.text()
            .contains("has failed: Job has reached the specified backoff limit"),
        "{}",
        seen.text()
    );
    assert!(seen.output().unwrap().contains("smoke: exit code 3"));
    assert!(matches!(
        ended(&job, &ask(&house, 2)).await,
        Tried::NotYet(_)
    ));
    assert_eq!(jobs(&house).await.len(), 2);
}

#[tokio::test]
async fn a_job_that_does_not_end_is_ended_by_kubernetes_itself() {
    let house = House::open(20.0).await;
    let job = job(
        &house,
        template("sandbox.uncordon.dev/takes-s", "86400"),
        10,
    );
    let Tried::NotYet(seen) = ended(&job, &ask(&house, 1)).await else {
        panic!("it fails")
    };
    assert!(
        seen.text().contains("longer than specified deadline"),
        "{}",
        seen.text()
    );
}

#[tokio::test]
async fn beyond_its_time_no_job_is_made() {
    let house = House::open(20.0).await;
    let job = job(&house, template("a", "b"), 300);
    let mut late = ask(&house, 1);
    late.begin = false;
    let tried = job.try_once(&late).await;
    assert!(matches!(tried, Tried::NotYet(_)), "{tried:?}");
    assert!(jobs(&house).await.is_empty());
}

#[tokio::test]
async fn a_job_of_somebody_else_is_not_taken_for_ours() {
    let house = House::open(20.0).await;
    let job = job(&house, template("a", "b"), 300);
    let mine = ask(&house, 1);
    ended(&job, &mine).await;
    // The name holds a part of the key only.
    let mut other = mine.clone();
    other.key = format!("{}-of-somebody-else", &mine.key[..12]);
    let tried = job.try_once(&other).await;
    assert!(
        matches!(&tried, Tried::Refused(why) if why.contains("not ours")),
        "{tried:?}"
    );
}

#[tokio::test]
async fn an_api_server_that_refuses_or_breaks_down_is_told_apart() {
    let house = House::open(20.0).await;
    let job = job(&house, template("a", "b"), 300);
    let ask = ask(&house, 1);
    house.fault("POST /apis/batch/v1/*", "403").await;
    let tried = job.try_once(&ask).await;
    assert!(
        matches!(&tried, Tried::Refused(why) if why.contains("get and create on jobs.batch")),
        "{tried:?}"
    );
    house.fault("POST /apis/batch/v1/*", "422").await;
    assert!(matches!(job.try_once(&ask).await, Tried::Refused(_)));
    house
        .fault("POST /apis/batch/v1/*", "drop_after_accept")
        .await;
    assert!(matches!(job.try_once(&ask).await, Tried::Running(_)));
    // It happened although no answer came: it is found, not repeated.
    house.fault("* /nothing", "500").await;
    assert!(matches!(ended(&job, &ask).await, Tried::Passed(_)));
    assert_eq!(jobs(&house).await.len(), 1);
    house.fault("GET */log", "403").await;
    let Tried::Passed(seen) = job.try_once(&ask).await else {
        panic!("a log that cannot be read changes nothing")
    };
    assert!(
        seen.text().contains("the right to get pods/log"),
        "{}",
        seen.text()
    );
}

#[test]
fn a_text_that_is_no_job_is_no_template() {
    for (text, why) in [
        ("kind: Pod", "expected apiVersion: batch/v1 and kind: Job"),
        ("apiVersion: batch/v1\nkind: Job", "expected containers"),
        (
            "apiVersion: batch/v1\nkind: Job\nmetadata: {namespace: '../x'}\nspec: {template: {spec: {containers: [{name: a}]}}}",
            "metadata.namespace",
        ),
        ("{", "is no template of a Job"),
    ] {
        let error = Template::read(text, false).expect_err(text).to_string();
        assert!(error.contains(why), "{error}");
    }
}
