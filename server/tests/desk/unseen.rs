//! A cluster that cannot be seen after a restart: blind since it was last seen, and what is kept there is not forgotten.

use crate::{alarm, person, place, place_over, until};
use app::desk::Desk;
use app::desk::views::CordonOrder;
use domain::access::Role;
use domain::health::Verdict;
use domain::ledger::{CordonVerb, Owner};
use domain::rule::Mode;
use domain::world::Cordon;
use engine::ports::Book;

#[tokio::test]
async fn a_cordon_kept_here_stays_on_now_while_its_cluster_cannot_be_seen_after_a_restart() {
    let before = place(Mode::Ask).await;
    let who = person(Role::Responder);
    before.world.power_off();
    alarm(&before, "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod").await;
    until(|| matches!(before.world.cordon_now(), Cordon::Ours(_))).await;
    let id = before.store.recoveries_now()[0].id;
    before.desk.stop(&who, id, None).await.unwrap();
    until(|| !before.store.recoveries_now()[0].holds_slot()).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let kept = before.desk.now(&who).await.unwrap().cordoned;
    assert_eq!((kept[0].ready, kept[0].unseen_since), (Some(false), None));

    before.world.set_unseen(true);
    // A database is not opened on virtual time.
    tokio::time::resume();
    let after = place_over(before.world.clone(), before.store.reborn(None)).await;
    let view = after.desk.now(&who).await.unwrap();
    assert_eq!(view.clusters[0].health.verdict, Verdict::Blind);
    assert_eq!(view.cordoned.len(), 1, "{:?}", view.cordoned);
    let one = &view.cordoned[0];
    assert_eq!(one.owner, Owner::Recovery { recovery: id });
    assert_eq!(one.node, kept[0].node);
    assert_eq!(one.reason, kept[0].reason);
    assert_eq!(one.ready, None, "nobody knows whether it is Ready");
    assert!(one.unseen_since.is_some());
    assert!(
        one.may.is_empty(),
        "nothing can be done to what is not seen"
    );
    assert_eq!(after.desk.cordons(&who).await.unwrap().items, view.cordoned);

    // What the cluster says wins as soon as it is heard.
    after.world.set_unseen(false);
    let seen = after.desk.now(&who).await.unwrap().cordoned;
    assert_eq!(seen, kept);
}

#[tokio::test]
async fn a_cordon_that_was_lifted_is_not_remembered() {
    let place = place(Mode::Ask).await;
    let who = person(Role::Responder);
    place.world.power_off();
    alarm(&place, "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod").await;
    until(|| matches!(place.world.cordon_now(), Cordon::Ours(_))).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let remembered = place.store.seen().await.unwrap();
    assert_eq!(remembered[0].cordons.len(), 1);
    let id = place.store.recoveries_now()[0].id;
    place.desk.stop(&who, id, None).await.unwrap();
    until(|| !place.store.recoveries_now()[0].holds_slot()).await;
    let kept = place.desk.now(&who).await.unwrap().cordoned;
    let lift = CordonOrder {
        cluster: kept[0].cluster.clone(),
        node: kept[0].node.clone(),
        verb: CordonVerb::Lift,
        reason: None,
    };
    place.desk.do_cordon(&who, &lift).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert!(place.store.seen().await.unwrap()[0].cordons.is_empty());
    place.world.set_unseen(true);
    assert!(place.desk.now(&who).await.unwrap().cordoned.is_empty());
}
