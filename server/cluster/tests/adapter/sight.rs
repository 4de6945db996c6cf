//! "I cannot see" is never "it is dead": blindness, and how sight comes back by itself.

use crate::house::{House, clock, settings};
use cluster::Kube;
use domain::id::RecoveryId;
use domain::step::Answer;
use domain::world::{ClusterFacts, Cordon, OwnerMark, Reading, Sight};
use engine::ports::Cluster;
use jiff::Timestamp;
use serde_json::json;

#[tokio::test]
async fn a_silent_api_makes_the_view_blind_and_it_heals_by_itself() {
    let house = House::open(20.0).await;
    let target = house.target("node-12");
    house
        .faults(json!([{"match": "* *", "do": "refuse"}, {"match": "GET *", "do": "cut_watch"}]))
        .await;
    let facts = house
        .until("blind", |facts| matches!(facts.sight, Sight::Blind { .. }))
        .await;
    assert_eq!(facts.nodes.len(), 12, "what was seen last is still shown");
    match &facts.sight {
        Sight::Blind { since, why } => {
            assert!(*since <= house.world.now(), "{since}");
            assert!(why.contains("Kubernetes API"), "{why}");
        }
        Sight::Live => unreachable!("the view was blind"),
    }
    let kept = house.kube.baselines().len();
    house.kube.take_baseline();
    assert_eq!(
        house.kube.baselines().len(),
        kept,
        "a blind view is no baseline"
    );
    assert!(matches!(
        house.kube.read_node(&target).await,
        Reading::Unreadable(_)
    ));
    assert!(matches!(
        house.kube.read_all().await,
        Reading::Unreadable(_)
    ));
    house.faults(json!([])).await;
    let healed = house
        .until("live again", |facts| facts.sight == Sight::Live)
        .await;
    assert!(healed.seen_at > facts.seen_at);
}

#[tokio::test]
async fn watches_that_are_cut_again_and_again_still_bring_every_change() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    house
        .faults(json!([{"match": "GET *", "do": "cut_watch", "delay_ms": 50}]))
        .await;
    house.cordon(&target).await;
    let ours =
        |facts: &ClusterFacts| matches!(facts.node(&target.node).unwrap().cordon, Cordon::Ours(_));
    house.until("the cordon between cuts", ours).await;
    house.uncordon(&target).await;
    house
        .until("the uncordon between cuts", |facts| !ours(facts))
        .await;
}

#[tokio::test]
async fn a_decision_is_read_past_a_frozen_cache() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    house.faults(json!([{"match": "GET /api/v1/nodes", "do": "hang"}, {"match": "GET *", "do": "cut_watch"}])).await;
    house
        .patch("node-12", &json!({"spec": {"unschedulable": true}}))
        .await;
    let cordon = house.read(&target).await.cordon;
    assert!(matches!(cordon, Cordon::Foreign(_)), "{cordon:?}");
    assert_eq!(
        house.kube.facts().node(&target.node).unwrap().cordon,
        Cordon::Open,
        "the cache stands still"
    );
}

#[tokio::test]
async fn an_expired_version_or_a_broken_server_only_costs_a_new_list() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    let down = json!([{"match": "GET /api/v1/nodes", "do": "500", "times": 3}, {"match": "GET *", "do": "cut_watch"}]);
    house.faults(down).await;
    house.cordon(&target).await;
    house.compact().await;
    house.faults(json!([])).await;
    house
        .until("the cordon after 410", |facts| {
            matches!(facts.node(&target.node).unwrap().cordon, Cordon::Ours(_))
        })
        .await;
    house
        .until("live", |facts| facts.sight == Sight::Live)
        .await;
}

#[tokio::test]
async fn an_api_that_is_not_there_is_no_reason_to_fail_at_the_start() {
    let house = House::open(1.0).await;
    let kubeconfig = house.world.kubeconfig();
    house.world.stop().await;
    let kube = Kube::connect(settings(Some(kubeconfig)), clock(1.0))
        .await
        .unwrap();
    let mut changes = kube.changes();
    changes.changed().await.unwrap();
    let facts = kube.facts();
    assert!(
        matches!(&facts.sight, Sight::Blind { why, .. } if why.contains("cannot be reached")),
        "{:?}",
        facts.sight
    );
    assert!(facts.nodes.is_empty());
}

#[tokio::test]
async fn a_user_without_rights_is_told_which_are_missing() {
    let house = House::open(1.0).await;
    let kubeconfig = house.world.kubeconfig().replace(
        &house.world.kubernetes_token(),
        &house.world.limited_token(),
    );
    let kube = Kube::connect(settings(Some(kubeconfig)), clock(1.0))
        .await
        .unwrap();
    let mut changes = kube.changes();
    let told = loop {
        changes.changed().await.unwrap();
        if let Sight::Blind { why, .. } = kube.facts().sight
            && why.contains("403")
        {
            break why;
        }
    };
    assert!(
        told.contains("give our user the rights get, list and watch on"),
        "{told}"
    );
    let target = house.target("node-12");
    let mark = OwnerMark {
        recovery: RecoveryId(1),
        at: Timestamp::UNIX_EPOCH,
    };
    assert!(matches!(
        kube.cordon(&target, "1", mark).await,
        Answer::Denied(_)
    ));
}
