//! The health of the stories' world, judged and in words.

use crate::script::zero;
use crate::world::{World, seconds};
use domain::baseline::Baseline;
use domain::health::{Verdict, verdict, words};
use domain::id::RecoveryId;
use domain::world::{ClusterFacts, Cordon, OwnerMark, Sight};
use std::sync::Arc;

fn world() -> World {
    let mut world = World::new(zero() - seconds(600));
    world.advance(zero() - seconds(300));
    world
}

fn said(facts: &ClusterFacts, baseline: Option<&Baseline>) -> (Verdict, String) {
    let now = facts.seen_at + seconds(4);
    let health = verdict(facts, baseline, now);
    (
        health.verdict,
        format!("{}\n{}", health.sentence, words(&health, now)),
    )
}

#[test]
fn a_world_without_trouble_is_healthy() {
    let (verdict, text) = said(&world().facts(), None);
    assert_eq!(verdict, Verdict::Healthy);
    assert_eq!(
        text,
        "All 12 nodes Ready, 31 of 31 pods running.\nprod healthy, seen 4 s ago\nnodes 12/12\npods 31/31"
    );
}

#[test]
fn a_pod_broken_for_weeks_is_listed_and_spoils_nothing() {
    let mut world = world();
    world.add_broken(zero() - seconds(20 * 86_400));
    let (verdict, text) = said(&world.facts(), None);
    assert_eq!(verdict, Verdict::Healthy, "{text}");
    assert!(
        text.contains("pods 31/32\nreport-1: CrashLoopBackOff, 19 d, known before"),
        "{text}"
    );
    assert!(text.contains("1 pod broken for long."), "{text}");
}

#[test]
fn a_pod_that_broke_just_now_makes_it_degraded() {
    let mut world = world();
    world.add_broken(world.now);
    let (verdict, text) = said(&world.facts(), None);
    assert_eq!(verdict, Verdict::Degraded);
    assert!(text.starts_with("1 pod not well.\nprod degraded"), "{text}");
}

#[test]
fn a_summary_of_minutes_ago_does_not_make_news_old() {
    let mut world = world();
    world.add_broken(world.now - seconds(300));
    let baseline = Baseline::of(&world.facts());
    assert_eq!(said(&world.facts(), Some(&baseline)).0, Verdict::Degraded);
    let mut later = world.facts();
    later.seen_at += seconds(7200);
    assert_eq!(said(&later, Some(&baseline)).0, Verdict::Healthy);
}

#[test]
fn a_node_that_is_down_is_named_with_what_waits_for_it() {
    let mut world = world();
    let off = world.now;
    world.node("node-12").power_off(off);
    world.advance(off + seconds(40));
    world.advance(off + seconds(40 + 240));
    world.evict("mysql-0");
    let (verdict, text) = said(&world.facts(), None);
    assert_eq!(verdict, Verdict::Degraded);
    assert!(
        text.contains("\nnodes 11/12 (node-12 down 4 min)\npods 27/31\n"),
        "{text}"
    );
    assert!(
        text.contains("mysql-0 waits for node-12 (node affinity)"),
        "{text}"
    );
    assert!(text.contains("web-2: node-12 is down, 4 min"), "{text}");
}

#[test]
fn our_cordon_makes_it_degraded_and_says_whose_it_is() {
    let mut world = world();
    let mark = OwnerMark {
        recovery: RecoveryId(12),
        at: world.now,
    };
    world.node("node-12").facts.cordon = Cordon::Ours(mark);
    let (verdict, text) = said(&world.facts(), None);
    assert_eq!(verdict, Verdict::Degraded);
    assert!(
        text.contains("nodes 12/12 (node-12 cordoned by recovery #12)"),
        "{text}"
    );
}

#[test]
fn a_cluster_that_cannot_be_read_is_blind_with_the_age_of_what_is_shown() {
    let mut facts = world().facts();
    facts.sight = Sight::Blind {
        since: zero(),
        why: "connection refused".to_owned(),
    };
    let (verdict, text) = said(&facts, None);
    assert_eq!(verdict, Verdict::Blind);
    assert!(text.starts_with("Cannot be read since 09:40 (connection refused); what is shown was seen 4 s ago.\nprod blind"), "{text}");
}

#[test]
fn of_many_broken_pods_ten_are_named() {
    let mut world = world();
    for n in 0..17 {
        world.add_broken(world.now - seconds(n));
        world.pods.last_mut().unwrap().facts.name = format!("report-{n}");
    }
    let (_, text) = said(&world.facts(), None);
    assert_eq!(text.matches("CrashLoopBackOff").count(), 10, "{text}");
    assert!(text.contains("\nand 7 more: /clusters/prod"), "{text}");
}

#[test]
fn a_cluster_is_down_when_most_of_its_nodes_are() {
    let whole = world().facts();
    let total = whole.nodes.len();
    for silent in 1..=total {
        let mut facts = whole.clone();
        for node in Arc::make_mut(&mut facts.nodes).iter_mut().take(silent) {
            node.ready = domain::world::Ready::Unknown;
        }
        let expected = if silent * 2 > total {
            Verdict::Down
        } else {
            Verdict::Degraded
        };
        let verdict = said(&facts, None).0;
        assert_eq!(verdict, expected, "{silent} of {total} nodes are silent");
    }
}
