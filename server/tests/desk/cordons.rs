//! The cordon ledger: what is kept here, and what a person may do with it.

use crate::{alarm, person, place, until};
use app::desk::Desk;
use app::desk::views::CordonOrder;
use app::error::AppError;
use domain::access::Role;
use domain::guard::Switch;
use domain::ledger::{CordonVerb, Owner};
use domain::rule::Mode;
use domain::world::Cordon;

#[tokio::test]
async fn a_kept_cordon_is_an_open_item_until_a_person_lifts_it_even_while_frozen() {
    let place = place(Mode::Ask).await;
    let who = person(Role::Responder);
    let desk = &place.desk;
    place.world.power_off();
    alarm(&place, "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod").await;
    until(|| matches!(place.world.cordon_now(), Cordon::Ours(_))).await;
    let id = place.store.recoveries_now()[0].id;
    assert_eq!(desk.now(&who).await.unwrap().cordoned, []);
    desk.stop(&who, id, None).await.unwrap();
    until(|| !place.store.recoveries_now()[0].holds_slot()).await;
    let open = desk.now(&who).await.unwrap().cordoned;
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].owner, Owner::Recovery { recovery: id });
    assert_eq!(
        open[0].reason.as_deref(),
        Some("HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod")
    );
    desk.set_switch(&who, None, Switch::Freeze, None)
        .await
        .unwrap();
    let act = |verb| CordonOrder {
        cluster: open[0].cluster.clone(),
        node: open[0].node.clone(),
        verb,
        reason: Some("it is well".to_owned()),
    };
    let frozen = desk.do_cordon(&who, &act(CordonVerb::HandBack)).await;
    assert!(matches!(frozen, Err(AppError::Held { .. })), "{frozen:?}");
    let lifted = desk.do_cordon(&who, &act(CordonVerb::Lift)).await.unwrap();
    assert_eq!(lifted, "node-12 takes pods again");
    assert_eq!(place.world.cordon_now(), Cordon::Open);
    assert_eq!(desk.now(&who).await.unwrap().cordoned, []);
    let acts = desk.cordons(&who).await.unwrap().acts;
    assert_eq!(acts[0].outcome.as_deref(), Some("node-12 takes pods again"));
    assert_eq!(acts[0].reason.as_deref(), Some("it is well"));
}

#[tokio::test]
async fn somebody_elses_cordon_is_taken_over_before_it_is_lifted() {
    let place = place(Mode::Ask).await;
    let who = person(Role::Responder);
    let desk = &place.desk;
    place.world.cordon_by_hand();
    let of = |verb| CordonOrder {
        cluster: place.world.target().cluster,
        node: place.world.target().node,
        verb,
        reason: None,
    };
    let theirs = desk.do_cordon(&who, &of(CordonVerb::Lift)).await;
    assert!(
        matches!(theirs, Err(AppError::Conflict { .. })),
        "{theirs:?}"
    );
    assert!(matches!(place.world.cordon_now(), Cordon::Foreign(_)));
    desk.do_cordon(&who, &of(CordonVerb::TakeOver))
        .await
        .unwrap();
    assert!(matches!(place.world.cordon_now(), Cordon::Held(mark) if mark.person == who.name));
    assert_eq!(desk.now(&who).await.unwrap().cordoned.len(), 1);
    desk.do_cordon(&who, &of(CordonVerb::HandBack))
        .await
        .unwrap();
    assert!(matches!(place.world.cordon_now(), Cordon::Foreign(_)));
    assert_eq!(desk.now(&who).await.unwrap().cordoned, []);
}
