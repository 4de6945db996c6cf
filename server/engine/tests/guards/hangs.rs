//! Whatever hangs for ever or dies every time: every recovery ends by its deadline, and the others go on.

use super::{House, loose, pass, person};
use domain::alarm::Disposition;
use domain::recovery::{Outcome, State};
use domain::rule::Mode;
use engine::fakes::{Death, Hang};
use engine::ports::{AlarmFilter, Store};

#[tokio::test(start_paused = true)]
async fn an_outside_that_never_answers_ends_with_a_person_by_the_deadline() {
    let hangs = [
        Hang::ReadNode,
        Hang::ReadAll,
        Hang::ReadMachine,
        Hang::Patch,
        Hang::Start,
        Hang::Close,
        Hang::Record,
    ];
    for hang in hangs {
        // It hangs from the beginning, or from so many seconds after the alarm on.
        for after in [0, 1, 22, 35] {
            let house = House::auto(5, 1, loose()).await;
            house.fleet.fail(2);
            if after == 0 {
                house.fleet.hang(Some(hang));
            }
            house.alarm(2).await;
            pass(after).await;
            house.fleet.hang(Some(hang));
            house.settle(2).await;
            let recovery = house.of(2).unwrap();
            let ended = recovery.state() == State::NeedsHuman || !recovery.holds_slot();
            assert!(ended, "{hang:?} after {after} s: {:?}", recovery.steps);
            if hang == Hang::Record {
                assert_eq!(
                    recovery.outcome(),
                    Some(Outcome::Recovered),
                    "nothing waits for it"
                );
            }
            let age = recovery
                .last_at
                .duration_since(recovery.started_at)
                .as_secs();
            let limits = &recovery.plan.steps;
            let whole: u32 = limits.iter().map(|step| step.limit_s).sum();
            assert!(
                age <= i64::from(whole) + 60,
                "{hang:?} after {after} s took {age} s"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_in_which_the_process_dies_every_time_is_parked_and_the_others_go_on() {
    // The commit before which it dies: the outcomes of cordon, start and the waiting in between.
    for fatal in [2, 4, 7, 9] {
        let mut house = House::auto(
            12,
            1,
            domain::guard::Guards {
                acting_per_cluster: 3,
                acting_total: 3,
                ..loose()
            },
        )
        .await;
        house.restart(Some(Death::Before(fatal))).await;
        house.down(2).await;
        pass(60).await;
        for _ in 0..8 {
            // Each process dies at its first commit after the adoption.
            house.restart(Some(Death::Before(2))).await;
            pass(5).await;
        }
        let poison = house.of(2).unwrap();
        assert_eq!(poison.state(), State::NeedsHuman, "death {fatal}");
        house.restart(None).await;
        house.down(3).await;
        pass(5).await;
        let other = house.of(3).unwrap();
        if !other.consented() {
            // What was parked in the verification has set the rule back to ask.
            let (engine, who) = (&house.engine, person());
            engine.order_approve(&who, other.id, false).await.unwrap();
        }
        house.settle(1).await;
        assert_eq!(
            house.of(3).unwrap().outcome(),
            Some(Outcome::Recovered),
            "death {fatal}"
        );
        let poison = house.of(2).unwrap();
        let over = poison.state() == State::NeedsHuman || !poison.holds_slot();
        assert!(over, "death {fatal}: {:?}", poison.steps);
        assert!(house.starts().iter().filter(|node| **node == 2).count() <= 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_verification_sets_an_armed_rule_back_to_ask_with_the_reason() {
    for crash in [false, true] {
        let mut house = House::auto(5, 1, loose()).await;
        house.fleet.change(2, |node| node.broken = true);
        house.down(2).await;
        pass(120).await;
        if crash {
            // The next outcome is lost; only the rule may already have been set back.
            house.restart(Some(Death::Before(2))).await;
            pass(900).await;
            house.restart(None).await;
        }
        house.settle(1).await;
        assert_eq!(house.of(2).unwrap().state(), State::NeedsHuman);
        let rules = house.engine.rules();
        assert_eq!(rules[0].rule.draft.mode, Mode::Ask, "crash {crash}");
        let versions = house
            .engine
            .store()
            .rule_versions(rules[0].rule.id)
            .await
            .unwrap();
        assert_eq!(versions.len(), 1, "once");
        assert_eq!(versions[0].author.as_str(), "uncordon");
        let reason = versions[0].reason.clone().unwrap();
        assert!(reason.contains("Wait until Ready"), "{reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_verification_in_which_the_process_dies_every_time_sets_the_rule_back_too() {
    let mut house = House::auto(5, 1, loose()).await;
    house.down(2).await;
    pass(26).await;
    for _ in 0..5 {
        house.restart(Some(Death::Before(2))).await;
        pass(5).await;
    }
    house.restart(None).await;
    house.settle(1).await;
    let poison = house.of(2).unwrap();
    assert_eq!(poison.state(), State::NeedsHuman, "{:?}", poison.steps);
    let rules = house.engine.rules();
    assert_eq!(rules[0].rule.draft.mode, Mode::Ask);
    let versions = house.store.rule_versions(rules[0].rule.id).await.unwrap();
    let reason = versions[0].reason.clone().unwrap();
    assert!(reason.contains("lost 3 times"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_failed_verification_of_a_persons_start_leaves_the_rule_as_it_is() {
    let house = House::auto(5, 1, loose()).await;
    house.fleet.change(2, |node| node.broken = true);
    house.fleet.fail(2);
    let order = engine::orders::Start {
        target: house.fleet.target(2),
        confirmed: false,
        reason: None,
        retry_of: None,
    };
    house.engine.order_start(&person(), order).await.unwrap();
    house.settle(1).await;
    assert_eq!(house.of(2).unwrap().state(), State::NeedsHuman);
    assert_eq!(house.engine.rules()[0].rule.draft.mode, Mode::Auto);
}

#[tokio::test(start_paused = true)]
async fn an_alarm_that_breaks_whoever_works_on_it_is_parked_and_holds_up_nobody() {
    let house = House::auto(5, 1, loose()).await;
    house.fleet.set_poison(2);
    house.down(2).await;
    house.down(3).await;
    house.settle(1).await;
    assert_eq!(house.starts(), [3], "the others go on");
    let page = engine::ports::Page {
        after: None,
        limit: 9,
    };
    let rows = house.store.alarms(&AlarmFilter::default(), page).await;
    let rows = rows.unwrap();
    let words: Vec<_> = rows.iter().map(|row| row.verdict.disposition).collect();
    assert_eq!(words, [Disposition::Matched, Disposition::Poison]);
    // It was taken up five times and given up at the sixth; this look counts as well.
    assert_eq!(house.store.tried(rows[1].alarm.id).await.unwrap(), 7);
}
