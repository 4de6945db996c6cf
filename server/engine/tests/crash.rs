//! The process dies before and after every commit of every shipped plan, then at all pairs of them.

use super::{PLANS, Shipped, ended_well, live};
use engine::fakes::Death;

async fn commits_of(plan: Shipped) -> u32 {
    let run = live(plan, &[], |_| {}).await;
    ended_well(&run, plan, "without a death");
    run.commits
}

fn deaths(commits: u32) -> impl Iterator<Item = Death> + Clone {
    (1..=commits).flat_map(|n| [Death::Before(n), Death::After(n)])
}

#[tokio::test(start_paused = true)]
async fn a_death_at_any_commit_changes_nothing_about_the_end() {
    for plan in PLANS {
        let commits = commits_of(plan).await;
        assert!(
            commits >= 15,
            "{plan:?} has only {commits} commits: is the plan whole?"
        );
        for death in deaths(commits) {
            let run = live(plan, &[death], |_| {}).await;
            ended_well(&run, plan, &format!("{plan:?} {death:?}"));
        }
    }
}

/// A runtime for each first death: what a dead process leaves behind ends with it.
fn alone(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.expect("a runtime can be built").block_on(test);
}

#[test]
fn two_deaths_at_any_two_commits_change_nothing_about_the_end() {
    for plan in PLANS {
        let mut commits = 0;
        alone(async { commits = commits_of(plan).await });
        for first in deaths(commits) {
            alone(async {
                for second in deaths(commits) {
                    let run = live(plan, &[first, second], |_| {}).await;
                    ended_well(&run, plan, &format!("{plan:?} {first:?} {second:?}"));
                }
            });
        }
    }
}
