//! What is counted over zones, clusters and accounts, and the node we run on.

use super::{House, alarm, loose, pass, person};
use domain::guard::Guards;
use domain::id::NodeName;
use domain::recovery::State;
use domain::rule::{Mode, shipped};
use engine::Engine;
use engine::fakes::{Fleet, MemoryStore, fleet_ports};

/// Limits that let three start at a time, and nothing else hold them back.
fn three() -> Guards {
    Guards {
        acting_per_cluster: 3,
        acting_per_zone: 3,
        cordon_percent: 100,
        ..loose()
    }
}

#[tokio::test(start_paused = true)]
async fn two_nodes_of_one_zone_start_one_after_the_other_and_two_zones_at_a_time() {
    let guards = Guards {
        acting_per_zone: 1,
        ..three()
    };
    let house = House::auto(9, 3, guards).await;
    for number in [1, 4, 2] {
        house.down(number).await;
    }
    pass(15).await;
    let mut begun = house.starts();
    begun.sort_unstable();
    assert_eq!(begun, [1, 2], "1 and 4 are in one zone, 2 in another");
    let held = house.of(4).unwrap();
    let words = held.hold.as_ref().unwrap().words();
    assert!(
        words.contains("1 of 1 starts at a time in zone zone-1"),
        "{words}"
    );
    pass(600).await;
    assert_eq!(house.starts().len(), 3, "it only waited");
}

/// Two clusters, one process.
struct Two {
    fleets: [Fleet; 2],
    store: MemoryStore,
    engine: Engine,
}

impl Two {
    async fn new(guards: Guards, accounts: [&str; 2]) -> Self {
        let fleets = [Fleet::new(5, 1), Fleet::called("test", 5, 1)];
        let store = MemoryStore::new(vec![shipped(Mode::Auto)]);
        let mut ports = fleet_ports(&fleets[0], &store, guards.clone());
        ports
            .setup
            .sites
            .extend(fleet_ports(&fleets[1], &store, guards).setup.sites);
        for (site, account) in ports.setup.sites.iter_mut().zip(accounts) {
            site.account = Some(account.to_owned());
        }
        let engine = Engine::start(ports).await.unwrap();
        Self {
            fleets,
            store,
            engine,
        }
    }

    /// Node 1 of each cluster fails.
    async fn down(&self) {
        for (fleet, cluster) in self.fleets.iter().zip(["prod", "test"]) {
            fleet.fail(1);
            let text = Fleet::text(1).replace("prod", cluster);
            self.engine.accept(vec![alarm(&text)]).await.unwrap();
            pass(1).await;
        }
    }

    fn starts(&self) -> usize {
        self.fleets.iter().map(|one| one.done("start").len()).sum()
    }

    /// Why the one in `test` waits.
    fn words(&self) -> String {
        let all = self.store.recoveries_now();
        let of = all
            .iter()
            .find(|one| one.plan.target.cluster.as_str() == "test");
        of.unwrap().hold.as_ref().unwrap().words().to_owned()
    }
}

#[tokio::test(start_paused = true)]
async fn starts_at_a_time_are_counted_over_all_clusters() {
    let guards = Guards {
        acting_total: 1,
        ..three()
    };
    let two = Two::new(guards, ["one", "other"]).await;
    two.down().await;
    pass(15).await;
    assert_eq!(two.starts(), 1);
    let words = two.words();
    assert!(words.contains("1 of 1 starts at a time are"), "{words}");
    pass(600).await;
    assert_eq!(two.starts(), 2, "it only waited");
}

#[tokio::test(start_paused = true)]
async fn starts_of_an_hour_are_counted_over_the_clusters_of_one_account() {
    for (accounts, starts) in [(["one", "one"], 1), (["one", "other"], 2)] {
        let guards = Guards {
            starts_per_hour_account: 1,
            ..three()
        };
        let two = Two::new(guards, accounts).await;
        two.down().await;
        pass(120).await;
        assert_eq!(two.starts(), starts, "{accounts:?}");
        if starts == 1 {
            let words = two.words();
            let wanted = "1 of 1 starts an hour of this cloud account";
            assert!(words.contains(wanted), "{words}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_node_we_run_on_is_never_started_by_rule_alone() {
    let fleet = Fleet::new(5, 1);
    let store = MemoryStore::new(vec![shipped(Mode::Auto)]);
    let mut ports = fleet_ports(&fleet, &store, loose());
    ports.setup.sites[0].own_node = Some(NodeName::parse("node-2").unwrap());
    let engine = Engine::start(ports).await.unwrap();
    fleet.fail(2);
    engine.accept(vec![alarm(&Fleet::text(2))]).await.unwrap();
    pass(1200).await;
    assert_eq!(fleet.done("start"), [0; 0]);
    let waits = store.recoveries_now().remove(0);
    assert_eq!(waits.state(), State::Waiting);
    let unconfirmed = engine.order_approve(&person(), waits.id, false).await;
    let unconfirmed = unconfirmed.unwrap_err().to_string();
    assert!(unconfirmed.contains("Uncordon itself"), "{unconfirmed}");
    engine
        .order_approve(&person(), waits.id, true)
        .await
        .unwrap();
    pass(300).await;
    assert_eq!(fleet.done("start"), [2]);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_was_given_to_a_person_in_the_middle_counts_while_its_machine_may_boot() {
    let mut house = House::auto(10, 1, loose()).await;
    house.down(1).await;
    house.down(2).await;
    for _ in 0..60 {
        if house.starts() == [1] {
            break;
        }
        pass(1).await;
    }
    // Process after process dies while Ready is waited for.
    for _ in 0..4 {
        house.restart(None).await;
        pass(1).await;
    }
    assert_eq!(house.of(1).unwrap().state(), State::NeedsHuman);
    pass(120).await;
    assert_eq!(house.starts(), [1], "the first one may still boot");
    pass(300).await;
    assert_eq!(house.starts(), [1, 2]);
}
