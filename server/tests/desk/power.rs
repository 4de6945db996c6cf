//! Power acts on the real desk: what they rest on, who comes second, and what the sheet says.

use crate::{Place, alarm, in_real_time, person, place, until};
use app::desk::Desk;
use app::desk::views::{Basis, NodeState, Offer, StartOrder};
use app::error::AppError;
use domain::access::Role;
use domain::rule::Mode;
use domain::world::{Claim, Healer, Healers};

fn order(place: &Place, facts: Option<&str>) -> StartOrder {
    let target = place.world.target();
    StartOrder {
        cluster: target.cluster,
        node: target.node,
        confirm: None,
        reason: None,
        basis: Basis {
            facts: facts.map(str::to_owned),
            not_after: None,
        },
    }
}

async fn node(place: &Place) -> NodeState {
    let target = place.world.target();
    let who = person(Role::Viewer);
    let node = place.desk.node(&who, &target.cluster, &target.node).await;
    node.unwrap()
}

#[tokio::test]
async fn a_start_rests_on_what_was_seen_and_the_second_one_joins() {
    let place = place(Mode::Observe).await;
    let who = person(Role::Responder);
    place.world.power_off();
    let seen = node(&place).await;
    assert_eq!(seen.offer, Offer::Start);
    place.world.cordon_by_hand();
    let late = place
        .desk
        .start(&who, &order(&place, Some(&seen.facts)))
        .await;
    let Err(AppError::Stale { text }) = late else {
        panic!("{late:?}");
    };
    assert!(
        text.contains("It was open for pods, it is cordoned by somebody else now."),
        "{text}"
    );
    let strange = place.desk.start(&who, &order(&place, Some("v9"))).await;
    assert!(
        matches!(strange, Err(AppError::Stale { .. })),
        "{strange:?}"
    );
    assert_eq!(place.store.recoveries_now(), []);
    let fresh = node(&place).await.facts;
    let id = place.desk.start(&who, &order(&place, Some(&fresh))).await;
    let id = id.unwrap();
    let second = place.desk.start(&who, &order(&place, Some(&fresh))).await;
    let Err(AppError::AlreadyRecovering { recovery, by }) = second else {
        panic!("{second:?}");
    };
    assert_eq!(recovery, id);
    let by = by.unwrap();
    assert!(by.starts_with("Already requested by Kato "), "{by}");
    assert!(matches!(node(&place).await.offer, Offer::Watch { text, .. } if text == by));
}

#[tokio::test]
async fn a_yes_rests_on_what_its_card_said_and_is_given_once() {
    let place = place(Mode::Ask).await;
    let who = person(Role::Responder);
    place.world.power_off();
    alarm(&place, "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod").await;
    until(|| {
        place
            .engine
            .running()
            .iter()
            .any(domain::recovery::Recovery::takes_yes)
    })
    .await;
    let id = place.store.recoveries_now()[0].id;
    let card = in_real_time(place.desk.recovery(&who, id))
        .await
        .unwrap()
        .facts;
    let page = node(&place).await;
    assert!(matches!(page.offer, Offer::Approve { recovery, .. } if recovery == id));
    let on = |facts: &str| Basis {
        facts: Some(facts.to_owned()),
        not_after: None,
    };
    let other = card.replace("asks", "running");
    let stale = place.desk.approve(&who, id, None, &on(&other)).await;
    assert!(
        matches!(&stale, Err(AppError::Stale { text }) if text.contains("asks for a yes now")),
        "{stale:?}"
    );
    place
        .desk
        .approve(&who, id, None, &on(&card))
        .await
        .unwrap();
    let again = place.desk.approve(&who, id, None, &on(&card)).await;
    assert!(
        matches!(&again, Err(AppError::AlreadyRecovering { by: Some(by), .. }) if by.starts_with("Already requested by Kato ")),
        "{again:?}"
    );
}

#[tokio::test]
async fn the_sheet_tells_cause_steps_guards_and_who_waits() {
    let place = place(Mode::Ask).await;
    let who = person(Role::Viewer);
    let target = place.world.target();
    let sheet = || place.desk.sheet(&who, &target.cluster, &target.node);
    let quiet = sheet().await.unwrap();
    assert_eq!((quiet.cause, quiet.acting.len()), (None, 0));
    assert!(quiet.steps.iter().all(|step| step.usual.is_none()));
    place.world.power_off();
    alarm(&place, "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod").await;
    let told = sheet().await.unwrap();
    assert!(told.cause.unwrap().0.starts_with("HOST 10.0.0.12 down"));
    assert_eq!(told.steps.len(), 8, "an alarm is closed at the end");
}

#[tokio::test]
async fn a_node_that_somebody_else_heals_is_shown_as_theirs_with_what_its_owner_can_do() {
    let place = place(Mode::Auto).await;
    place.world.set_healers(Healers {
        claims: vec![Claim {
            healer: Healer::Gke,
            evidence: "its label says so".to_owned(),
        }],
        unseen: Vec::new(),
    });
    assert!(matches!(node(&place).await.offer, Offer::Nothing { .. }));
    place.world.power_off();
    let Offer::Blocked { text, way_out } = node(&place).await.offer else {
        panic!("it is offered")
    };
    assert!(
        text.starts_with("GKE looks after this node: its label says so."),
        "{text}"
    );
    assert!(way_out.contains(r#"own_recovery = ["gke"]"#), "{way_out}");
    let (who, start) = (person(Role::Responder), order(&place, None));
    let refused = place.desk.start(&who, &start).await.unwrap_err();
    assert!(
        matches!(&refused, AppError::Held { text: told } if told.starts_with(&text) && told.contains(&way_out)),
        "{refused:?}"
    );
    alarm(&place, "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod").await;
    let hits = place
        .desk
        .rule_hits(&person(Role::Admin), crate::RULE)
        .await;
    let left = hits.unwrap().left_alone;
    assert_eq!((left.len(), &left[0].why), (1, &text));
    assert!(place.world.ledger().is_empty());
}
