//! Checks of the team in the engine: a death at every commit, a check that hangs, a switch that is thrown, a check that fails.

use super::{Shipped, broken, ended_well, live, person, set_off};
use domain::check::{CheckKind, Seen, Tried, When};
use domain::guard::Switch;
use domain::recovery::{Recovery, State, Status};
use domain::rule::Mode;
use domain::step::StepKind;
use domain::world::Cordon;
use engine::Engine;
use engine::fakes::{Death, FakeCheck, FakeWorld, MemoryStore, ports};
use engine::ports::SwitchRow;
use std::time::Duration;

fn not_yet(text: &str) -> Tried {
    Tried::NotYet(Seen::new(text))
}

/// A job before the uncordon, a question after it.
fn both(world: &FakeWorld) {
    let job = FakeCheck::new(CheckKind::Job, When::Node, "smoke");
    world.add_check(job.answers([Tried::Running("it runs".to_owned())]));
    let shop = FakeCheck::new(CheckKind::Http, When::Workload, "shop");
    world.add_check(shop.answers([not_yet("503")]));
}

fn runs(world: &FakeWorld) -> usize {
    let ledger = world.ledger();
    ledger.iter().filter(|line| *line == "run smoke").count()
}

fn check(recovery: &Recovery, name: &str) -> StepKind {
    let steps = recovery.plan.steps.iter().map(|planned| planned.step);
    let mut checks =
        steps.filter(|step| matches!(step, StepKind::Check(_, one) if one.as_str() == name));
    checks.next().expect("the plan has this check")
}

/// Lets time go on until nothing moves any more.
async fn settled(store: &MemoryStore) -> Recovery {
    for _ in 0..4000 {
        if let Some(recovery) = store.recoveries_now().into_iter().next()
            && (!recovery.holds_slot() || recovery.state() == State::NeedsHuman)
        {
            return recovery;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("it goes on for ever: {:?}", store.recoveries_now());
}

#[tokio::test(start_paused = true)]
async fn a_death_at_any_commit_runs_no_job_twice() {
    let whole = live(Shipped::Auto, &[], both).await;
    ended_well(&whole, Shipped::Auto, "without a death");
    assert_eq!(runs(&whole.world), 1);
    for n in 1..=whole.commits {
        for death in [Death::Before(n), Death::After(n)] {
            let run = live(Shipped::Auto, &[death], both).await;
            ended_well(&run, Shipped::Auto, &format!("{death:?}"));
            assert_eq!(runs(&run.world), 1, "{death:?}: {:?}", run.world.ledger());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn checks_run_in_their_half_and_the_receipt_holds_them() {
    let run = live(Shipped::Auto, &[], both).await;
    let ledger = run.world.ledger();
    let place = |line: &str| ledger.iter().position(|one| one == line);
    assert!(place("run smoke") < place("uncordon"), "{ledger:?}");
    let receipt = domain::receipt::of(&run.recovery, run.recovery.last_at);
    let said: Vec<&str> = receipt
        .findings
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    assert!(said.contains(&"Check smoke (job): all is well"), "{said:?}");
    assert!(said.contains(&"Check shop (http): all is well"), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a_check_that_never_answers_ends_with_a_person_and_the_cordon_kept() {
    for kind in CheckKind::ALL {
        let (world, store) = broken(Shipped::Auto).await;
        world.add_check(FakeCheck::new(kind, When::Node, "smoke").hangs());
        let engine = Engine::start(ports(&world, &store)).await.unwrap();
        set_off(&engine, &world, &store, Shipped::Auto).await;
        let recovery = settled(&store).await;
        let step = check(&recovery, "smoke");
        assert_eq!(recovery.state(), State::NeedsHuman, "{kind:?}");
        assert!(matches!(world.cordon_now(), Cordon::Ours(_)), "{kind:?}");
        let progress = recovery.step(step);
        let took = progress
            .ended_at
            .unwrap()
            .duration_since(progress.first_at.unwrap());
        // Its limit, and at most one more try that is cut off.
        assert!(took.as_secs() <= 60 + 15, "{kind:?}: {took:?}");
        let rule = engine.rules()[0].rule.draft.mode;
        assert_eq!(rule, Mode::Ask, "{kind:?}: the rule is set back");
        store.kill();
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_check_stops_before_the_uncordon_and_says_what_it_saw() {
    let (world, store) = broken(Shipped::Auto).await;
    let refused = Tried::Refused("/tmp/evil is not among the programs".to_owned());
    world.add_check(FakeCheck::new(CheckKind::Command, When::Node, "smoke").answers([refused]));
    let engine = Engine::start(ports(&world, &store)).await.unwrap();
    set_off(&engine, &world, &store, Shipped::Auto).await;
    let recovery = settled(&store).await;
    assert!(!world.ledger().contains(&"uncordon".to_owned()));
    let why = recovery.human.unwrap();
    assert!(why.contains("/tmp/evil"), "{why}");
    assert!(why.contains("stays cordoned"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn a_freeze_holds_a_command_and_lets_a_question_through() {
    let (world, store) = broken(Shipped::Auto).await;
    let wait = Tried::Running("it runs".to_owned());
    let job = FakeCheck::new(CheckKind::Job, When::Node, "smoke");
    world.add_check(
        FakeCheck::new(CheckKind::Tcp, When::Node, "port").answers([not_yet("refused")]),
    );
    world.add_check(job.answers([wait]));
    let engine = Engine::start(ports(&world, &store)).await.unwrap();
    set_off(&engine, &world, &store, Shipped::Auto).await;
    loop {
        let checked = |one: &Recovery| one.step(StepKind::CheckNode).status == Status::Succeeded;
        if store.recoveries_now().first().is_some_and(checked) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    engine
        .throw_switch(switch(&engine, Switch::Freeze))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(120)).await;
    let recovery = store.recoveries_now().remove(0);
    assert_eq!(
        recovery.step(check(&recovery, "port")).status,
        Status::Succeeded
    );
    assert_eq!(runs(&world), 0, "{:?}", world.ledger());
    assert_eq!(recovery.state(), State::Waiting);
    engine
        .throw_switch(switch(&engine, Switch::Run))
        .await
        .unwrap();
    let recovery = settled(&store).await;
    assert_eq!(recovery.state(), State::Recovered);
    assert_eq!(runs(&world), 1);
}

fn switch(engine: &Engine, mode: Switch) -> SwitchRow {
    SwitchRow {
        cluster: None,
        mode,
        set_by: person().name,
        set_at: engine.now(),
        reason: Some("a test".to_owned()),
        in_flight: None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_check_that_is_no_longer_configured_asks_a_person() {
    let (world, store) = broken(Shipped::Auto).await;
    both(&world);
    let engine = Engine::start(ports(&world, &store.reborn(None)))
        .await
        .unwrap();
    drop(engine);
    let first = store.reborn(Some(Death::After(6)));
    let engine = Engine::start(ports(&world, &first)).await.unwrap();
    set_off(&engine, &world, &first, Shipped::Auto).await;
    first.died().await;
    let last = first.reborn(None);
    let mut later = ports(&world, &last);
    later.setup.sites[0].checks.clear();
    let _engine = Engine::start(later).await.unwrap();
    let recovery = settled(&last).await;
    let why = recovery.human.unwrap();
    assert!(why.contains("smoke is no longer configured"), "{why}");
}
