//! Where the time of a played story went: bars, waits and gaps that together are the whole of it.

use crate::{drive, script};
use domain::timeline::waterfall::{Kind, Of, Scale, Waterfall, waterfall};

/// Nothing lies outside of the drawing, nothing is counted twice, and nothing is left out.
pub fn sound(of: &Waterfall) {
    let mut parts: Vec<_> = of.bars.iter().flat_map(|bar| bar.parts.clone()).collect();
    parts.sort_by_key(|part| (part.from, part.to));
    let mut cursor = of.begin;
    for part in &parts {
        assert!(part.from <= part.to, "{part:?} ends before it begins");
        assert_eq!(part.from, cursor, "a hole or an overlap: {:#?}", of.bars);
        cursor = part.to;
    }
    assert_eq!(cursor, of.end, "the end is not covered: {:#?}", of.bars);
    for scale in [Scale::Whole, Scale::Recovery] {
        for (_, bar) in of.rows(scale) {
            assert!(of.first(scale) <= bar.from && bar.to <= of.end, "{bar:?}");
            for part in &bar.parts {
                let (left, right) = (of.place(scale, part.from), of.place(scale, part.to));
                assert!((0.0..=1000.0).contains(&left) && left <= right, "{part:?}");
                assert!(right <= 1000.0, "{part:?}");
            }
        }
    }
}

fn drawn(text: &str) -> Waterfall {
    let stage = drive::play(&script::read(text), None);
    let told = waterfall(&stage.runs[0].events, stage.now()).unwrap();
    sound(&told);
    told
}

/// `Start the machine, try 1 failed 0:30 failed+waiting`, one line a bar.
fn lines(of: &Waterfall) -> Vec<String> {
    let kind = |kind: Kind| match kind {
        Kind::Waiting => "waiting",
        Kind::Queued => "queued",
        Kind::Running => "running",
        Kind::Failed => "failed",
        Kind::Gap => "gap",
    };
    let bars = of.bars.iter().filter(|bar| bar.from < bar.to);
    bars.map(|bar| {
        let parts: Vec<String> = bar
            .parts
            .iter()
            .filter(|part| part.from < part.to)
            .map(|part| {
                let seconds = part.to.duration_since(part.from).as_secs();
                format!("{} {seconds}", kind(part.kind))
            })
            .collect();
        format!("{}: {}", bar.title, parts.join(", "))
    })
    .collect()
}

#[test]
fn every_try_is_a_bar_of_its_own_with_the_wait_in_front_of_it() {
    let told = drawn(
        "A story.\n-0:45 node-12 loses power\n0:00 guard soak_s 10\n0:00 next start throttled 30\n0:00 next start retryable 500\n0:00 alarm\n",
    );
    let expected = [
        "Start the machine, try 2 failed: waiting 30",
        "Start the machine, try 3: waiting 4, running 20",
        "Wait until Ready: running 16",
    ];
    let lines = lines(&told);
    let found: Vec<&str> = lines
        .iter()
        .map(String::as_str)
        .filter(|line| !line.contains("first look"))
        .collect();
    assert_eq!(found, expected);
    assert!(
        told.bars
            .iter()
            .any(|bar| bar.title == "Start the machine, try 1 failed")
    );
}

#[test]
fn the_time_from_the_first_signal_to_the_first_look_is_a_bar() {
    let told = drawn("A story.\n-2:00 node-12 loses power\n0:00 alarm\n");
    assert_eq!(told.bars[0].of, Of::Before);
    assert!(
        told.begin < told.looked_at,
        "counted from the Ready transition"
    );
    assert_eq!(told.bars[0].to, told.looked_at);
    assert!(
        told.rows(Scale::Recovery)
            .all(|(_, bar)| bar.of != Of::Before)
    );
}

#[test]
fn a_question_is_a_wait_and_a_person_who_is_needed_too() {
    let told = drawn(
        "A story.\n-0:45 node-12 loses power\n0:00 rule ask\n0:00 guard soak_s 10\n0:00 alarm\n1:00 mara approves\n",
    );
    assert!(
        lines(&told)
            .iter()
            .any(|line| line.starts_with("Start the machine: waiting 6")),
        "{:?}",
        lines(&told)
    );
    let told = drawn(
        "A story.\n-0:45 node-12 loses power\n0:00 boots never\n0:00 alarm\n60:00 mara acknowledges\n",
    );
    let last = told.bars.last().unwrap();
    assert_eq!(
        (last.of, last.title.as_str()),
        (Of::Wait, "A person is needed")
    );
}

#[test]
fn time_that_nothing_explains_is_a_gap_and_not_part_of_a_step() {
    let stage = drive::play(
        &script::read("A story.\n-0:45 node-12 loses power\n0:00 guard soak_s 10\n0:00 alarm\n"),
        None,
    );
    let mut events = stage.runs[0].events.clone();
    let at = events
        .iter()
        .position(|event| {
            event.what.kind() == "step_started"
                && event
                    .what
                    .step()
                    .is_some_and(|step| step.word() == "uncordon")
        })
        .unwrap();
    let late = jiff::SignedDuration::from_secs(90);
    events[at..].iter_mut().for_each(|event| event.at += late);
    let told = waterfall(&events, stage.now() + late).unwrap();
    sound(&told);
    assert_eq!(lines(&told).last().unwrap(), "Unaccounted: gap 90");
}
