//! Cordon, mark and uncordon, and every way they can fail.

use crate::house::House;
use domain::id::{NodeName, PersonName, RecoveryId};
use domain::step::Answer;
use domain::target::Target;
use domain::world::{Cordon, HolderMark, OwnerMark, Reading};
use engine::ports::{Cluster, Marking};
use jiff::Timestamp;
use serde_json::json;

/// Whether an answer is of the expected class.
type Judge = fn(&Answer) -> bool;

const MARK: OwnerMark = OwnerMark {
    recovery: RecoveryId(7),
    at: Timestamp::UNIX_EPOCH,
};

#[tokio::test]
async fn a_cordon_carries_our_name_and_comes_off_with_it() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    let mark = house.cordon(&target).await;
    let node = house.read(&target).await;
    assert_eq!(node.cordon, Cordon::Ours(mark));
    house
        .until("cordoned", |facts| {
            facts.node(&target.node).unwrap().cordon == Cordon::Ours(mark)
        })
        .await;
    house.uncordon(&target).await;
    assert_eq!(house.read(&target).await.cordon, Cordon::Open);
    house
        .until("uncordoned", |facts| {
            facts.node(&target.node).unwrap().cordon == Cordon::Open
        })
        .await;
}

#[tokio::test]
async fn an_old_version_is_a_conflict_and_changes_nothing() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    let old = house.read(&target).await.resource_version;
    house
        .patch(
            "node-12",
            &json!({"metadata": {"labels": {"somebody": "else"}}}),
        )
        .await;
    assert!(matches!(
        house.kube.cordon(&target, &old, MARK).await,
        Answer::Conflict(_)
    ));
    assert!(matches!(
        house.kube.uncordon(&target, &old).await,
        Answer::Conflict(_)
    ));
    for mark in [Marking::Recovery(MARK), Marking::Nobody] {
        let answer = house.kube.mark(&target, &old, &mark).await;
        assert!(matches!(answer, Answer::Conflict(_)), "{answer:?}");
    }
    assert_eq!(house.read(&target).await.cordon, Cordon::Open);
}

#[tokio::test]
async fn a_cordon_of_somebody_else_is_foreign() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    house
        .patch_as(
            "kubectl-cordon",
            "node-12",
            &json!({"spec": {"unschedulable": true}}),
        )
        .await;
    let cordon = house.read(&target).await.cordon;
    assert!(
        matches!(&cordon, Cordon::Foreign(mark) if mark.by.as_deref() == Some("kubectl-cordon") && mark.at.is_some()),
        "{cordon:?}"
    );
    house
        .until("foreign cordon", |facts| {
            facts.node(&target.node).unwrap().cordon == cordon
        })
        .await;
}

#[tokio::test]
async fn a_cordon_changes_hands_by_its_annotation_alone() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    let ours = house.cordon(&target).await;
    let held = HolderMark {
        person: PersonName::parse("Ada Lovelace").unwrap(),
        at: "2026-01-02T03:04:05Z".parse().unwrap(),
    };
    for (mark, expected) in [
        (Marking::Person(held.clone()), Cordon::Held(held.clone())),
        (Marking::Recovery(ours), Cordon::Ours(ours)),
        (Marking::Nobody, Cordon::FOREIGN),
        (Marking::Person(held.clone()), Cordon::Held(held)),
    ] {
        house.mark(&target, &mark).await;
        assert_eq!(house.read(&target).await.cordon, expected);
    }
    house.uncordon(&target).await;
    assert_eq!(house.read(&target).await.cordon, Cordon::Open);
    house.mark(&target, &Marking::Recovery(ours)).await;
    assert_eq!(
        house.read(&target).await.cordon,
        Cordon::Open,
        "a mark is no cordon"
    );
}

#[tokio::test]
async fn every_failure_of_a_patch_has_its_class() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    let gone = Target {
        node: NodeName::parse("node-99").unwrap(),
        ..target.clone()
    };
    assert!(matches!(
        house.kube.cordon(&gone, "1", MARK).await,
        Answer::NotFound(_)
    ));
    let cases: [(&str, Judge); 7] = [
        ("500", |answer| matches!(answer, Answer::Retryable(_))),
        ("503", |answer| matches!(answer, Answer::Retryable(_))),
        ("403", |answer| matches!(answer, Answer::Denied(_))),
        ("401", |answer| matches!(answer, Answer::Denied(_))),
        ("conflict", |answer| matches!(answer, Answer::Conflict(_))),
        ("429", |answer| {
            matches!(answer, Answer::Throttled(_, Some(17)))
        }),
        ("refuse", |answer| matches!(answer, Answer::Unknown(_))),
    ];
    for (fault, expected) in cases {
        house
            .faults(json!([{"match": "PATCH /api/v1/nodes/*", "do": fault, "retry_after": 17}]))
            .await;
        let version = house.read(&target).await.resource_version;
        let answer = house.kube.cordon(&target, &version, MARK).await;
        assert!(expected(&answer), "{fault}: {answer:?}");
        assert_eq!(house.read(&target).await.cordon, Cordon::Open, "{fault}");
    }
}

#[tokio::test]
async fn an_answer_lost_after_the_patch_was_taken_is_unknown_and_the_next_read_tells() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    house
        .faults(json!([{"match": "PATCH /api/v1/nodes/*", "do": "drop_after_accept"}]))
        .await;
    let version = house.read(&target).await.resource_version;
    assert!(matches!(
        house.kube.cordon(&target, &version, MARK).await,
        Answer::Unknown(_)
    ));
    assert_eq!(house.read(&target).await.cordon, Cordon::Ours(MARK));
}

#[tokio::test]
async fn silence_is_unreadable_and_an_unanswered_patch_is_unknown() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    let version = house.read(&target).await.resource_version;
    house.faults(json!([{"match": "* /api/v1/nodes/node-12", "do": "hang"}, {"match": "GET /api/v1/pods", "do": "hang"}])).await;
    let (node, all, answer) = tokio::join!(
        house.kube.read_node(&target),
        house.kube.read_all(),
        house.kube.cordon(&target, &version, MARK)
    );
    assert!(
        matches!(&node, Reading::Unreadable(why) if why.contains("8 s")),
        "{node:?}"
    );
    assert!(
        matches!(&all, Reading::Unreadable(why) if why.contains("8 s")),
        "{all:?}"
    );
    assert!(matches!(answer, Answer::Unknown(_)), "{answer:?}");
}

#[tokio::test]
async fn a_lease_that_cannot_be_read_makes_the_node_unreadable_and_a_missing_one_does_not() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    house
        .faults(json!([{"match": "GET /apis/coordination.k8s.io/*/node-12", "do": "500"}]))
        .await;
    assert!(
        matches!(house.kube.read_node(&target).await, Reading::Unreadable(why) if why.contains("leases"))
    );
}
