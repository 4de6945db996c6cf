//! The rights we ask for: the manifest grants them, the README explains them, the doctor finds each that is missing.

use crate::healers::{CAPI, KARPENTER, MEDIK8S, OPENSHIFT};
use crate::house::{House, settings};
use crate::job::{ask, ended, smoke};
use crate::manifest::{Grant, RBAC, grants, listed, rules, used};
use cluster::rights::{Need, OPTIONAL, RIGHTS};
use cluster::{Finding, Settings, examine};
use domain::check::Tried;
use domain::world::Sight;
use engine::ports::Check;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is needed only where it is used.
const OPTIONAL_RBAC: &str = include_str!("../../../deploy/rbac-optional.yaml");
const TOKEN: &str = "token-of-the-service-account";

fn guest(rules: &[Value]) -> Value {
    json!([{"token": TOKEN, "name": "system:serviceaccount:uncordon:uncordon", "rules": rules}])
}

fn as_guest(house: &House) -> Settings {
    let own = house.world.kubernetes_token();
    settings(Some(house.world.kubeconfig().replace(&own, TOKEN)))
}

#[test]
fn the_manifest_grants_exactly_what_the_code_uses() {
    assert_eq!(grants(RBAC), listed(RIGHTS));
    assert_eq!(grants(OPTIONAL_RBAC), listed(OPTIONAL));
}

#[test]
fn the_readme_explains_every_right() {
    let readme = include_str!("../../../../README.md");
    for right in RIGHTS {
        let row = format!(
            "| {} | {} | {} |\n",
            right.verbs.join(", "),
            right.text(),
            right.why
        );
        assert!(readme.contains(&row), "the README has no row\n{row}");
    }
    let table = readme
        .split("| Verbs | Resource | Why |\n|---|---|---|\n")
        .nth(1)
        .unwrap();
    let rows = table
        .lines()
        .take_while(|line| line.starts_with('|'))
        .count();
    assert_eq!(rows, RIGHTS.len(), "a row for a right that nobody uses");
}

#[tokio::test]
async fn with_the_manifest_and_nothing_else_all_is_seen_and_the_doctor_has_nothing_to_say() {
    let house = House::open(1.0).await;
    house.callers(&guest(&rules(RBAC))).await;
    let (findings, facts) = examine(&as_guest(&house)).await;
    for finding in &findings {
        assert!(matches!(finding, Finding::Well(_)), "{findings:?}");
    }
    assert_eq!(facts.unwrap().nodes.len(), 12);
    let kube = cluster::Kube::connect(as_guest(&house), crate::house::clock(1.0))
        .await
        .unwrap();
    let mut changes = kube.changes();
    while engine::ports::Cluster::sight(&kube) != Sight::Live {
        changes.changed().await.unwrap();
    }
    let seen = used(
        &house.callers_now().await,
        "system:serviceaccount:uncordon:uncordon",
    );
    let beyond: Vec<_> = seen.difference(&listed(RIGHTS)).cloned().collect();
    assert!(beyond.is_empty(), "{beyond:?}");
}

#[tokio::test]
async fn with_the_optional_manifest_healers_are_seen_and_jobs_run_and_without_it_both_are_said_to_be_missing()
 {
    let house = House::open(20.0).await;
    for kinds in [&CAPI[..], &OPENSHIFT, &MEDIK8S, &KARPENTER] {
        house.serve(kinds).await;
    }
    let mut both = [rules(RBAC), rules(OPTIONAL_RBAC)].concat();
    // The template of this check lives in another namespace than the one of the manifest.
    for rule in &mut both {
        if rule["namespace"] == "uncordon" {
            rule["namespace"] = json!("default");
        }
    }
    house.callers(&guest(&both)).await;
    let kube = cluster::Kube::connect(as_guest(&house), crate::house::clock(20.0))
        .await
        .unwrap();
    let healers = kube.check_healers(&[]).await;
    assert_eq!(healers.unseen, []);
    let job = smoke(&kube);
    assert_eq!(job.ready().await, Ok(()));
    let tried = ended(&job, &ask(&house, 1)).await;
    assert!(
        matches!(&tried, Tried::Passed(seen) if seen.output().is_some_and(|log| log.contains("exit code 0"))),
        "{tried:?}"
    );
    let seen = used(
        &house.callers_now().await,
        "system:serviceaccount:uncordon:uncordon",
    );
    let may = &listed(RIGHTS) | &listed(OPTIONAL);
    let granted = |(group, resource, namespace, verb): &Grant| {
        let namespaces = [
            "",
            if namespace == "default" {
                "uncordon"
            } else {
                namespace
            },
        ];
        namespaces.into_iter().any(|one| {
            may.contains(&(
                group.clone(),
                resource.clone(),
                one.to_owned(),
                verb.clone(),
            ))
        })
    };
    let beyond: Vec<_> = seen.iter().filter(|one| !granted(one)).collect();
    assert!(beyond.is_empty(), "{beyond:?}");

    house.callers(&guest(&rules(RBAC))).await;
    let healers = kube.check_healers(&[]).await;
    assert!(healers.unseen.iter().all(|one| one.denied), "{healers:?}");
    let hidden: BTreeSet<_> = healers.unseen.iter().flat_map(|one| &one.of).collect();
    assert_eq!(hidden.len(), 3, "{healers:?}");
    let why = job.ready().await.unwrap_err();
    assert!(
        why.contains("may not get, create jobs.batch in default")
            && why.contains("rbac-optional.yaml"),
        "{why}"
    );
}

/// The rules without one verb on one resource.
fn without(resource: &str, verb: &str) -> Vec<Value> {
    let mut kept = Vec::new();
    for (group, name, namespace, granted) in grants(RBAC) {
        if (name.as_str(), granted.as_str()) != (resource, verb) {
            let mut rule = json!({"apiGroups": [group], "resources": [name], "verbs": [granted]});
            if !namespace.is_empty() {
                rule["namespace"] = json!(namespace);
            }
            kept.push(rule);
        }
    }
    kept
}

#[tokio::test]
async fn each_right_that_is_denied_is_found_by_name_with_the_way_out() {
    let house = House::open(1.0).await;
    let mut tried = BTreeSet::new();
    for right in RIGHTS {
        for verb in right.verbs {
            assert!(tried.insert((right.resource, *verb)), "listed twice");
            house.callers(&guest(&without(right.resource, verb))).await;
            let (findings, _) = examine(&as_guest(&house)).await;
            let wrong: Vec<_> = findings
                .iter()
                .filter(|one| !matches!(one, Finding::Well(_)))
                .collect();
            assert_eq!(wrong.len(), 1, "{verb} {}: {findings:?}", right.resource);
            let (text, expected) = match wrong[0] {
                Finding::Failed(text) => (text, right.need == Need::Must),
                Finding::Lacking(text) => (text, right.need != Need::Must),
                Finding::Well(_) => unreachable!("filtered"),
            };
            assert!(expected, "{wrong:?}");
            let named = format!("our account may not {verb} {}", right.text());
            assert!(
                text.contains(&named) && text.contains("server/deploy/rbac.yaml"),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn an_account_that_may_do_too_much_is_warned_about() {
    let house = House::open(1.0).await;
    let (findings, _) = examine(&settings(Some(house.world.kubeconfig()))).await;
    let warned = findings.iter().any(|one| {
        matches!(one, Finding::Lacking(text) if text.contains("list secrets") && text.contains("delete nodes"))
    });
    assert!(warned, "{findings:?}");
}
