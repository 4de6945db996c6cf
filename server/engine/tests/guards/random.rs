//! Whatever happens in whatever order in a cluster of whatever size: nothing that must never happen happens.

mod judge;
mod play;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// What happens next; a node is a number that is taken modulo what the cluster has.
#[derive(Debug, Clone, Copy)]
enum Op {
    /// A node loses power, and its alarm comes in.
    Incident(usize),
    /// A node loses power, and nobody says so.
    Fail(usize),
    /// So many nodes lose power at once.
    Storm(usize),
    /// An alarm comes in, rightly or not.
    Alarm(usize),
    /// It resolves.
    Resolve(usize),
    /// A node comes back without us.
    Heal(usize),
    /// All of them do.
    HealAll,
    /// From now on a node never becomes Ready.
    Break(usize),
    /// From now on the cloud takes starts of it and does nothing.
    Deafen(usize),
    /// It carries the taint of a machine stopped on purpose from now on.
    Taint(usize),
    /// It carries the exclusion label from now on.
    Exclude(usize),
    /// It is another machine with another Node object under the same name from now on.
    Replace(usize),
    /// Somebody else cordons it.
    Cordon(usize),
    /// Somebody uncordons it.
    Uncordon(usize),
    /// A person starts it.
    Start(usize),
    /// A person says yes.
    Approve(usize),
    /// A person stops it.
    Stop(usize),
    /// A person has seen that it needs help.
    Acknowledge(usize),
    /// The switch is thrown: run, pause, freeze.
    Switch(usize),
    /// A person closes the breaker.
    Close,
    /// Fresh reads fail, or no longer do.
    Unreadable(bool),
    /// The process dies now and another one begins, with other limits in its configuration.
    Restart(usize),
    /// The process dies now; the next one dies at that commit, before or after it.
    Die(u32, bool),
}

fn op() -> impl Strategy<Value = Op> {
    let node = 0_usize..5;
    prop_oneof![
        8 => node.clone().prop_map(Op::Incident),
        2 => node.clone().prop_map(Op::Fail),
        1 => (1_usize..6).prop_map(Op::Storm),
        4 => node.clone().prop_map(Op::Alarm),
        2 => node.clone().prop_map(Op::Resolve),
        3 => node.clone().prop_map(Op::Heal),
        2 => Just(Op::HealAll),
        1 => node.clone().prop_map(Op::Break),
        1 => node.clone().prop_map(Op::Deafen),
        1 => node.clone().prop_map(Op::Taint),
        1 => node.clone().prop_map(Op::Exclude),
        1 => node.clone().prop_map(Op::Replace),
        2 => node.clone().prop_map(Op::Cordon),
        1 => node.clone().prop_map(Op::Uncordon),
        2 => node.clone().prop_map(Op::Start),
        2 => node.clone().prop_map(Op::Approve),
        2 => node.clone().prop_map(Op::Stop),
        2 => node.prop_map(Op::Acknowledge),
        3 => (0_usize..6).prop_map(|n| Op::Switch(n.saturating_sub(3))),
        2 => Just(Op::Close),
        2 => (0_u32..4).prop_map(|n| Op::Unreadable(n == 0)),
        3 => (0_usize..3).prop_map(Op::Restart),
        3 => (1_u32..12, any::<bool>()).prop_map(|(n, before)| Op::Die(n, before)),
    ]
}

/// A run: how large the cluster is, in how many zones, what the rule says, and what happens after how many seconds each.
#[derive(Debug, Clone)]
struct Run {
    nodes: usize,
    zones: usize,
    rule: usize,
    guards: usize,
    ops: Vec<(u64, Op)>,
}

fn run() -> impl Strategy<Value = Run> {
    let nodes = prop_oneof![
        20 => Just(1_usize), 20 => Just(2), 40 => Just(3), 50 => Just(5), 50 => Just(10), 6 => Just(100), 1 => Just(1000),
    ];
    // Most things happen close together; some wait until a soak, a limit or a question is over.
    let pause = prop_oneof![4 => 0_u64..8, 4 => 8_u64..60, 1 => 60_u64..900];
    let ops = prop::collection::vec((pause, op()), 1..30);
    (nodes, 1_usize..4, 0_usize..4, 0_usize..3, ops).prop_map(
        |(nodes, zones, rule, guards, ops)| Run {
            nodes,
            zones,
            rule,
            guards,
            ops,
        },
    )
}

/// A number from the environment: how many runs, or which ones.
pub(super) fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn no_run_breaks_what_must_hold() {
    let cases = u32::try_from(number("ENGINE_RUNS", 150)).unwrap();
    let seed = number("GUARD_SEED", 1);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let sums = std::sync::Mutex::new(judge::Sums::default());
    let result = runner.run(&run(), |one| {
        let seen = play::play(&one);
        let judged = judge::judge(&seen).map_err(TestCaseError::fail)?;
        sums.lock().unwrap().add(&judged);
        Ok(())
    });
    if let Err(error) = result {
        panic!("seed {seed}: {error}");
    }
    let sums = sums.into_inner().unwrap();
    println!("{cases} runs with seed {seed}: {sums:?}");
    // Runs in which nothing is ever done prove nothing.
    assert!(sums.starts as u64 >= u64::from(cases) / 4, "{sums:?}");
    assert!(sums.by_rule as u64 >= u64::from(cases) / 10, "{sums:?}");
}
