//! Rules with their versions, and the switch.

use crate::make::{at, cluster, person, place};
use domain::guard::Switch;
use domain::id::{PersonName, RuleId, RuleName};
use domain::rule::{Draft, Mode, Rule, shipped};
use engine::ports::{RuleRow, Signed, Store, StoreError, SwitchRow};

fn draft(name: &str, position: u32) -> Draft {
    Draft {
        name: RuleName::parse(name).unwrap(),
        position,
        ..shipped(Mode::Ask)
    }
}

fn signed(who: &PersonName, when: i64) -> Signed {
    Signed {
        who: who.clone(),
        at: at(when),
        reason: Some("because".to_owned()),
    }
}

#[tokio::test]
async fn rules_stand_by_position_and_every_version_is_kept() {
    let place = place().await;
    let ada = person("ada");
    let late = place
        .store
        .add_rule(&draft("late", 2), &ada, at(0))
        .await
        .unwrap();
    let early = place
        .store
        .add_rule(&draft("early", 1), &ada, at(0))
        .await
        .unwrap();
    assert_eq!(
        place.store.rules().await.unwrap(),
        [early.clone(), late.clone()]
    );
    let bob = person("bob");
    let changed = place
        .store
        .change_rule(late.id, 1, &draft("later", 0), &signed(&bob, 5))
        .await
        .unwrap();
    assert_eq!(changed.version, 2);
    assert_eq!(place.store.rule(late.id).await, Ok(Some(changed.clone())));
    assert_eq!(place.store.rules().await.unwrap()[0], changed);
    let version = |rule: &Rule, author: &PersonName, when: i64, reason: Option<&str>| RuleRow {
        rule: rule.clone(),
        author: author.clone(),
        at: at(when),
        reason: reason.map(str::to_owned),
    };
    let versions = [
        version(&changed, &bob, 5, Some("because")),
        version(&late, &ada, 0, None),
    ];
    assert_eq!(place.store.rule_versions(late.id).await.unwrap(), versions);
    place.store.remove_rule(late.id).await.unwrap();
    assert_eq!(place.store.rules().await.unwrap(), [early]);
    assert_eq!(place.store.rule(late.id).await, Ok(None));
    assert_eq!(place.store.rule_versions(late.id).await.unwrap(), versions);
    let changed_text = place.tamper("update rule_version set draft = '{}'").await;
    assert!(changed_text.contains("rule_version is append-only"));
}

#[tokio::test]
async fn old_versions_taken_names_and_absent_rules_are_refused_by_name() {
    let place = place().await;
    let ada = person("ada");
    let one = place
        .store
        .add_rule(&draft("one", 1), &ada, at(0))
        .await
        .unwrap();
    let two = place
        .store
        .add_rule(&draft("two", 2), &ada, at(0))
        .await
        .unwrap();
    let taken = StoreError::Taken("the rule name \"one\"".to_owned());
    let again = place.store.add_rule(&draft("one", 3), &ada, at(1)).await;
    assert_eq!(again, Err(taken.clone()));
    let rename = place
        .store
        .change_rule(two.id, 1, &draft("one", 2), &signed(&ada, 1))
        .await;
    assert_eq!(rename, Err(taken));
    place
        .store
        .change_rule(one.id, 1, &draft("one", 9), &signed(&ada, 1))
        .await
        .unwrap();
    let old = place
        .store
        .change_rule(one.id, 1, &draft("one", 8), &signed(&ada, 2))
        .await;
    assert_eq!(
        old,
        Err(StoreError::OldVersion {
            given: 1,
            newest: 2
        })
    );
    let absent = StoreError::Absent("rule #9".to_owned());
    let nobody = RuleId(9);
    assert_eq!(place.store.remove_rule(nobody).await, Err(absent.clone()));
    let change = place
        .store
        .change_rule(nobody, 1, &draft("x", 1), &signed(&ada, 2))
        .await;
    assert_eq!(change, Err(absent));
    // a removed rule's name is free again.
    place.store.remove_rule(one.id).await.unwrap();
    assert!(
        place
            .store
            .add_rule(&draft("one", 1), &ada, at(3))
            .await
            .is_ok()
    );
    assert!(place.store.remove_rule(one.id).await.is_err());
}

#[tokio::test]
async fn switches_stand_where_they_were_put_also_after_a_restart() {
    let place = place().await;
    assert_eq!(place.store.switches().await, Ok(Vec::new()));
    let global = SwitchRow {
        cluster: None,
        mode: Switch::Freeze,
        set_by: person("ada"),
        set_at: at(1),
        reason: None,
        in_flight: Some(1),
    };
    let one = SwitchRow {
        cluster: Some(cluster()),
        mode: Switch::Pause,
        reason: Some("storm".to_owned()),
        ..global.clone()
    };
    for row in [&global, &one] {
        place.store.set_switch(row).await.unwrap();
    }
    let lifted = SwitchRow {
        mode: Switch::Run,
        set_at: at(2),
        ..global
    };
    place.store.set_switch(&lifted).await.unwrap();
    let place = place.reopened().await;
    assert_eq!(place.store.switches().await.unwrap(), [lifted, one]);
}
