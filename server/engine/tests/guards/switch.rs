//! The switch: thrown at every state of every plan, it lets nothing new through but what its receipt names.

use super::{House, loose, pass, person};
use domain::guard::Switch;
use domain::recovery::State;
use domain::rule::{Mode, Silence, shipped};
use engine::fakes::{Entry, Fleet, Hang};
use engine::orders::Start;
use engine::ports::SwitchRow;

fn row(house: &House, mode: Switch) -> SwitchRow {
    SwitchRow {
        cluster: None,
        mode,
        set_by: person().name,
        set_at: house.engine.now(),
        reason: Some("a test".to_owned()),
        in_flight: None,
    }
}

/// The kinds of plan: armed, armed with a window, asking, and a person's own.
async fn house(plan: usize) -> House {
    let mut draft = shipped(if plan == 2 { Mode::Ask } else { Mode::Auto });
    if plan == 1 {
        (draft.veto_s, draft.silence) = (20, Silence::Act);
    }
    House::new(Fleet::new(5, 1), loose(), draft).await
}

/// Node 2 loses power, and what the plan begins with happens.
async fn set_off(house: &House, plan: usize) {
    if plan < 3 {
        return house.down(2).await;
    }
    house.fleet.fail(2);
    let start = Start {
        target: house.fleet.target(2),
        confirmed: false,
        reason: None,
        retry_of: None,
    };
    house.engine.order_start(&person(), start).await.unwrap();
}

/// Lets a fresh recovery come to its n-th event, saying yes where one is asked for; false if it ends before.
async fn reach(house: &House, n: u32) -> bool {
    loop {
        if let Some(recovery) = house.of(2) {
            if recovery.n >= n {
                return true;
            }
            if !recovery.holds_slot() {
                return false;
            }
            if recovery.asked_until.is_some() && !recovery.consented() {
                let who = person();
                let order = house.engine.order_approve(&who, recovery.id, false);
                order.await.unwrap();
                continue;
            }
        }
        house.store.committed().await;
    }
}

#[tokio::test(start_paused = true)]
async fn thrown_at_every_event_of_every_plan_it_lets_nothing_new_through() {
    let mut thrown = 0;
    for plan in 0..4 {
        for mode in [Switch::Pause, Switch::Freeze] {
            for n in 1.. {
                let house = house(plan).await;
                set_off(&house, plan).await;
                if !reach(&house, n).await {
                    break;
                }
                let receipts = house.engine.throw_switch(row(&house, mode)).await.unwrap();
                let before = house.fleet.ledger().len();
                pass(120).await;
                let after: Vec<Entry> = house.fleet.ledger().split_off(before);
                let flying = receipts
                    .iter()
                    .map(|one| one.in_flight.len())
                    .sum::<usize>();
                let of = house.of(2).unwrap();
                let approved = of.approved() || !of.plan.trigger.automatic();
                let forbidden = after.iter().filter(|entry| match mode {
                    Switch::Freeze => true,
                    // Undo, checks and the close go on; a person's yes stays a yes.
                    Switch::Pause => matches!(entry.what, "cordon" | "start") && !approved,
                    Switch::Run => false,
                });
                assert!(
                    forbidden.count() <= flying,
                    "plan {plan}, {mode:?} after event {n}: {after:?}, receipts {receipts:?}"
                );
                thrown += 1;
                house.restart_frozen(mode).await;
                house
                    .engine
                    .throw_switch(row(&house, Switch::Run))
                    .await
                    .unwrap();
                pass(1200).await;
                let ended = house.of(2).unwrap();
                let waits = ended.holds_slot() && ended.state() != State::NeedsHuman;
                assert!(
                    !waits || ended.asked_until.is_some(),
                    "plan {plan}, {mode:?} after event {n}: {:?}",
                    ended.hold
                );
                assert!(house.starts().len() <= 1, "plan {plan}, {mode:?}, {n}");
            }
        }
    }
    assert!(thrown >= 100, "only {thrown} throws: are the plans whole?");
}

#[tokio::test(start_paused = true)]
async fn of_two_taps_at_once_the_stricter_stands_and_what_is_in_force_is_what_is_stored() {
    for modes in [
        [Switch::Freeze, Switch::Pause],
        [Switch::Pause, Switch::Freeze],
    ] {
        let house = house(0).await;
        let throws = modes.map(|mode| {
            let wordless = SwitchRow {
                reason: None,
                ..row(&house, mode)
            };
            let engine = house.engine.clone();
            tokio::spawn(async move { engine.throw_switch(wordless).await })
        });
        for throw in throws {
            // The milder one is told that it would be a lift, if it comes second.
            let _ = throw.await.unwrap();
        }
        let cluster = house.fleet.target(2).cluster;
        assert_eq!(house.engine.switch(&cluster), Switch::Freeze, "{modes:?}");
        house.restart_frozen(Switch::Freeze).await;
        let wordless = SwitchRow {
            reason: None,
            ..row(&house, Switch::Run)
        };
        assert!(house.engine.throw_switch(wordless).await.is_err());
        assert_eq!(house.engine.switch(&cluster), Switch::Freeze);
    }
}

impl House {
    /// A thrown switch is still thrown in the next process.
    async fn restart_frozen(&self, mode: Switch) {
        let next = self.store.reborn(None);
        let ports = engine::fakes::fleet_ports(&self.fleet, &next, self.guards.clone());
        let engine = engine::Engine::start(ports).await.unwrap();
        let cluster = self.fleet.target(2).cluster;
        assert_eq!(engine.switch(&cluster), mode);
        next.kill();
    }
}

#[tokio::test(start_paused = true)]
async fn the_receipt_names_the_call_that_was_in_flight_and_the_stricter_switch_wins() {
    let house = house(0).await;
    house.fleet.hang(Some(Hang::Start));
    house.down(2).await;
    pass(5).await;
    let receipts = house
        .engine
        .throw_switch(row(&house, Switch::Freeze))
        .await
        .unwrap();
    assert_eq!(receipts.len(), 1);
    let flights: Vec<_> = receipts[0].in_flight.iter().collect();
    assert_eq!(flights.len(), 1);
    assert_eq!(flights[0].step, domain::step::StepKind::StartMachine);
    assert_eq!(flights[0].node.as_str(), "node-2");
    let milder = SwitchRow {
        cluster: Some(house.fleet.target(2).cluster),
        ..row(&house, Switch::Pause)
    };
    let receipts = house.engine.throw_switch(milder).await.unwrap();
    assert_eq!(receipts[0].mode, Switch::Freeze);
}
