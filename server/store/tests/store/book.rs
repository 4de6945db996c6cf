//! The guards' book: what is counted, and what a restart must not lose.

use crate::make::{at, cluster, first, new_recovery, node, person, place, started};
use domain::event::{Event, What};
use domain::guard::Breaker;
use domain::guard::storm::Trouble;
use domain::id::{ClusterName, RecoveryId};
use domain::incident::{Incident, Member, RefusedStart};
use domain::ledger::CordonVerb;
use domain::recovery::Outcome;
use domain::step::StepKind;
use domain::world::{Cordon, HolderMark};
use engine::ports::{Book, Closing, ClusterSeen, CordonAct, Store, StoreError};

fn start(when: i64) -> Event {
    Event {
        what: What::StepStarted {
            step: StepKind::StartMachine,
            attempt: 1,
            key: "k".to_owned(),
        },
        ..started(when)
    }
}

#[tokio::test]
async fn starts_are_counted_by_their_intents_within_the_time_asked_for() {
    let place = place().await;
    let id = place
        .store
        .create(&new_recovery(12), first(12, 0))
        .await
        .unwrap();
    place.store.append(id, 2, &[started(1)]).await.unwrap();
    assert_eq!(place.store.starts(at(0)).await, Ok(Vec::new()));
    place.store.append(id, 3, &[start(5)]).await.unwrap();
    let place = place.reopened().await;
    assert_eq!(place.store.starts(at(4)).await, Ok(vec![(cluster(), 1)]));
    assert_eq!(place.store.starts(at(5)).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_recovery_that_came_to_nothing_is_neither_recent_nor_to_be_cooled_down_from() {
    let place = place().await;
    let id = place
        .store
        .create(&new_recovery(12), first(12, 1))
        .await
        .unwrap();
    let store = &place.store;
    assert_eq!(store.recent(&cluster(), &node(12), at(0)).await, Ok(1));
    assert_eq!(store.recent(&cluster(), &node(12), at(1)).await, Ok(0));
    assert_eq!(store.recent(&cluster(), &node(13), at(0)).await, Ok(0));
    let expired = Event {
        what: What::Finished {
            outcome: Outcome::Expired,
            receipt: None,
        },
        ..started(3)
    };
    store.append(id, 2, &[expired]).await.unwrap();
    assert_eq!(store.recent(&cluster(), &node(12), at(0)).await, Ok(0));
    assert_eq!(store.last_ended(&cluster(), &node(12)).await, Ok(None));
}

#[tokio::test]
async fn a_trouble_is_counted_once_however_often_it_is_seen() {
    let place = place().await;
    let trouble = |number, when| Trouble {
        node: node(number),
        at: at(when),
    };
    let seen = [trouble(12, 1), trouble(13, 2)];
    for _ in 0..2 {
        place.store.add_troubles(&cluster(), &seen).await.unwrap();
    }
    let place = place.reopened().await;
    let known = place.store.troubles(at(0)).await.unwrap();
    assert_eq!(known, seen.map(|one| (cluster(), one)));
    let young = place.store.troubles(at(1)).await.unwrap();
    assert_eq!(young, [(cluster(), trouble(13, 2))]);
}

fn breaker(name: ClusterName) -> Breaker {
    Breaker {
        id: 0,
        cluster: name,
        tripped_at: at(1),
        why: "3 nodes became unhealthy within 10 min".to_owned(),
        nodes: vec![node(12), node(13)],
        calm_since: None,
    }
}

#[tokio::test]
async fn a_cluster_has_one_open_breaker_and_it_is_still_open_after_a_restart() {
    let place = place().await;
    let id = place.store.trip(&breaker(cluster())).await.unwrap();
    assert!(matches!(
        place.store.trip(&breaker(cluster())).await,
        Err(StoreError::Failed(_))
    ));
    place.store.set_calm(id, Some(at(9))).await.unwrap();
    let place = place.reopened().await;
    let rows = place.store.breakers(10).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].closed, None);
    let expected = Breaker {
        id,
        calm_since: Some(at(9)),
        ..breaker(cluster())
    };
    assert_eq!(rows[0].breaker, expected);
    let closing = Closing {
        at: at(20),
        by: person("ada"),
        reason: Some("the switch is back".to_owned()),
    };
    place.store.close_breaker(id, &closing).await.unwrap();
    assert!(matches!(
        place.store.close_breaker(id, &closing).await,
        Err(StoreError::Absent(_))
    ));
    let rows = place.store.breakers(10).await.unwrap();
    assert_eq!(rows[0].closed, Some(closing));
    // the next storm has a breaker of its own.
    assert!(place.store.trip(&breaker(cluster())).await.unwrap() > id);
}

#[tokio::test]
async fn an_act_on_a_cordon_is_known_before_its_outcome_is() {
    let place = place().await;
    let act = CordonAct {
        id: 0,
        cluster: cluster(),
        node: node(12),
        verb: CordonVerb::HandBack,
        by: person("ada"),
        at: at(1),
        reason: Some("mine".to_owned()),
        outcome: None,
    };
    let id = place.store.add_cordon_act(&act).await.unwrap();
    let place = place.reopened().await;
    let known = place.store.cordon_acts(10).await.unwrap();
    assert_eq!(known, [CordonAct { id, ..act.clone() }]);
    place.store.end_cordon_act(id, "done").await.unwrap();
    let known = place.store.cordon_acts(10).await.unwrap();
    assert_eq!(known[0].outcome.as_deref(), Some("done"));
}

#[tokio::test]
async fn a_host_has_one_open_incident_and_what_became_of_it_is_kept() {
    let place = place().await;
    let mut incident = Incident {
        id: 0,
        place: "region-one".to_owned(),
        host: "host-2".to_owned(),
        opened_at: at(100),
        closed_at: None,
        members: vec![Member {
            cluster: cluster(),
            node: node(12),
            machine: None,
            address: Some("10.0.0.12".to_owned()),
            down_at: at(90),
            up_at: None,
            recoveries: vec![RecoveryId(7)],
        }],
        refused: None,
    };
    incident.id = place.store.open_incident(&incident).await.unwrap();
    assert!(matches!(
        place.store.open_incident(&incident).await,
        Err(StoreError::Taken(_) | StoreError::Failed(_))
    ));
    incident.refused = Some(RefusedStart {
        cluster: cluster(),
        node: node(12),
        at: at(150),
        why: "no".to_owned(),
    });
    place.store.put_incident(&incident).await.unwrap();
    assert_eq!(place.store.incidents(10).await.unwrap(), [incident.clone()]);
    (incident.closed_at, incident.members[0].up_at) = (Some(at(300)), Some(at(290)));
    place.store.put_incident(&incident).await.unwrap();
    let kept = place.store.incident(incident.id).await.unwrap();
    assert_eq!(kept, Some(incident.clone()));
    let late = place.store.put_incident(&incident).await;
    assert!(matches!(late, Err(StoreError::Absent(_))), "{late:?}");
    assert_ne!(
        place.store.open_incident(&incident).await.unwrap(),
        incident.id
    );
}

#[tokio::test]
async fn what_was_last_seen_of_a_cluster_outlives_the_process_and_is_one_row() {
    let place = place().await;
    assert_eq!(place.store.seen().await, Ok(Vec::new()));
    let held = Cordon::Held(HolderMark {
        person: person("Kato"),
        at: at(3),
    });
    let seen = |when, cordons| ClusterSeen {
        cluster: cluster(),
        seen_at: at(when),
        cordons,
    };
    for one in [seen(4, Vec::new()), seen(5, vec![(node(12), held)])] {
        place.store.set_seen(&one).await.unwrap();
        let kept = place.store.seen().await;
        assert_eq!(kept, Ok(vec![one]));
    }
    let before = place.store.seen().await;
    let place = place.reopened().await;
    assert_eq!(place.store.seen().await, before);
}
