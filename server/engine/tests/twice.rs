//! Every call of every shipped plan may be answered by silence although it happened, or although it did not.

use super::{PLANS, ended_well, live};
use domain::step::Answer;

/// Calls of a run: cordon, start, uncordon, close.
const CALLS: usize = 4;

#[tokio::test(start_paused = true)]
async fn a_call_that_happened_without_an_answer_is_found_and_not_repeated() {
    for plan in PLANS {
        for at in 0..CALLS {
            let run = live(plan, &[], |world| {
                for _ in 0..at {
                    world.answer_next(Answer::Done("1".to_owned()), true);
                }
                world.answer_next(Answer::Unknown("no answer".to_owned()), true);
            })
            .await;
            ended_well(&run, plan, &format!("{plan:?} call {at} lost its answer"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_did_not_happen_is_made_again() {
    let answers = [
        Answer::Unknown("no answer".to_owned()),
        Answer::Retryable("refused for now".to_owned()),
        Answer::Throttled("slow down".to_owned(), Some(7)),
        Answer::Conflict("changed meanwhile".to_owned()),
    ];
    for plan in PLANS {
        for at in 0..CALLS {
            for answer in &answers {
                let run = live(plan, &[], |world| {
                    for _ in 0..at {
                        world.answer_next(Answer::Done("1".to_owned()), true);
                    }
                    world.answer_next(answer.clone(), false);
                })
                .await;
                ended_well(&run, plan, &format!("{plan:?} call {at} {answer:?}"));
            }
        }
    }
}
