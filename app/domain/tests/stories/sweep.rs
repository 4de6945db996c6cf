//! Plays a story once for every point in it, interrupted there: by iterating, not by choosing.

use crate::drive::{Cut, How, Stage, play};
use crate::script::Story;
use domain::guard::Switch;

/// One line per point: where, how it ended, and the calls that had an effect.
pub fn table(story: &Story, sweep: &str) -> String {
    let how = match sweep {
        "restart" => How::Restart,
        "pause" => How::Throw(Switch::Pause),
        "freeze" => How::Throw(Switch::Freeze),
        other => panic!("no such sweep: {other}"),
    };
    let points = play(story, None).points;
    (1..=points)
        .map(|point| {
            let stage = play(story, Some(Cut { point, how }));
            let starts = stage
                .world
                .ledger
                .iter()
                .filter(|call| call.contains("start"))
                .count();
            assert!(starts <= 1, "point {point}: {starts} starts were accepted");
            line(point, &stage)
        })
        .collect()
}

fn line(point: usize, stage: &Stage) -> String {
    let run = stage.runs.first().expect("the story has a recovery");
    let recovery = run.recovery();
    let calls: Vec<&str> = stage
        .world
        .ledger
        .iter()
        .filter_map(|call| call.split(' ').nth(1))
        .collect();
    let kinds: Vec<&str> = run
        .events
        .iter()
        .map(|event| event.what.kind())
        .filter(|kind| {
            matches!(
                *kind,
                "step_in_doubt" | "blocked" | "queued" | "needs_human"
            )
        })
        .collect();
    let between = if kinds.is_empty() {
        String::new()
    } else {
        format!(" ({})", kinds.join(", "))
    };
    // A restart must not run the same attempt twice.
    let mut runs = stage.world.team.runs.clone();
    let all = runs.len();
    runs.iter_mut().for_each(|run| *run = run[9..].to_owned());
    runs.sort();
    runs.dedup();
    let job = run.events.first().is_some_and(|event| {
        let plan = serde_json::to_string(event).expect("events can be written");
        plan.contains("\"check_job:")
    });
    assert!(
        !job || runs.len() == all,
        "point {point}: {:?}",
        stage.world.team.runs
    );
    let between = match (all, job) {
        (0, _) => between,
        (1, _) => format!("{between}, 1 run"),
        (many, _) => format!("{between}, {many} runs"),
    };
    format!(
        "{point:2} after {}: {}{between}; {}\n",
        stage.cut_at.as_deref().unwrap_or("nothing"),
        recovery.state().word(),
        calls.join(" ")
    )
}
