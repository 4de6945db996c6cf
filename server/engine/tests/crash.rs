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

#[tokio::test(start_paused = true)]
async fn two_deaths_at_any_two_commits_change_nothing_about_the_end() {
    for plan in PLANS {
        let commits = commits_of(plan).await;
        for first in deaths(commits) {
            for second in deaths(commits) {
                let run = live(plan, &[first, second], |_| {}).await;
                ended_well(&run, plan, &format!("{plan:?} {first:?} {second:?}"));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_every_time_hands_over_to_a_person() {
    // The start is sent and never written down, again and again, and never shows.
    let run = live(Shipped::Auto, &[], |world| {
        for _ in 0..4 {
            world.answer_next(domain::step::Answer::Done("cordoned".to_owned()), true);
        }
    })
    .await;
    ended_well(&run, Shipped::Auto, "answers in order");
}
