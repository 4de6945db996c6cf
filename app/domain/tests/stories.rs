//! Golden stories: an alarm, a world and what happens in it, played through the domain's functions alone.
//!
//! A story is a text file: a sentence, then lines `mm:ss what happens` (0:00 is 09:40:00), then `---`, then what people
//! read afterwards. `UPDATE_STORIES=1` writes the last part anew; read it before you keep it: it is the specification.

#![expect(
    clippy::unwrap_used,
    reason = "a story that cannot be played must fail"
)]

#[path = "stories/again.rs"]
mod again;
#[path = "stories/bars.rs"]
mod bars;
#[path = "stories/begin.rs"]
mod begin;
#[path = "stories/drive.rs"]
mod drive;
#[path = "stories/health.rs"]
mod health;
#[path = "stories/limits.rs"]
mod limits;
#[path = "stories/pods.rs"]
mod pods;
#[path = "stories/random.rs"]
mod random;
#[path = "stories/report.rs"]
mod report;
#[path = "stories/script.rs"]
mod script;
#[path = "stories/sound.rs"]
mod sound;
#[path = "stories/sweep.rs"]
mod sweep;
#[path = "stories/table.rs"]
mod table;
#[path = "stories/team.rs"]
mod team;
#[path = "stories/tell.rs"]
mod tell;
#[path = "stories/world.rs"]
mod world;

use std::path::{Path, PathBuf};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of the stories is there")
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    files.sort();
    files
}

fn play(script: &str) -> String {
    let story = script::read(script);
    match &story.sweep {
        Some(sweep) => sweep::table(&story, sweep),
        None => tell::all(&drive::play(&story, None)),
    }
}

#[test]
fn every_story_is_told_as_it_is_written() {
    let update = std::env::var_os("UPDATE_STORIES").is_some();
    let mut wrong = Vec::new();
    for path in files() {
        let name = path
            .file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&path).expect("a story can be read");
        let (script, expected) = text.split_once("---\n").unwrap_or((&text, ""));
        let told = play(script);
        if update {
            std::fs::write(&path, format!("{script}---\n{told}")).expect("a story can be written");
        } else if told != expected {
            wrong.push(format!("== {name}\n{}", difference(expected, &told)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_stories_that_must_be_told_are_there() {
    let names: Vec<String> = files()
        .iter()
        .map(|path| {
            path.file_stem()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let must = [
        "recovered",
        "ask-then-tap",
        "person-starts",
        "startup-when-healthy",
        "target-unknown",
        "two-nodes-match",
        "name-without-cluster",
        "duplicate",
        "false-alarm",
        "on-but-not-ready",
        "start-refused",
        "capacity",
        "ready-flaps",
        "foreign-cordon",
        "human-uncordons",
        "stop-while-not-ready",
        "stop-while-ready",
        "resolves-before-start",
        "resolves-after-start",
        "fires-again",
        "no-baseline",
        "waits-for-our-cordon",
        "broken-for-weeks",
        "host-down",
        "switch-at-each-step",
        "api-unreadable",
        "restart-at-each-step",
        "grace-cancelled",
        "approval-expires",
        "control-plane-asks",
    ];
    let missing: Vec<&str> = must
        .into_iter()
        .filter(|one| !names.iter().any(|name| name == one))
        .collect();
    assert!(missing.is_empty(), "no story tells {missing:?}");
}

fn difference(expected: &str, told: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), told.lines().collect());
    let at = old
        .iter()
        .zip(&new)
        .take_while(|(one, other)| one == other)
        .count();
    let part = |lines: &[&str], sign: &str| {
        let some = lines.iter().skip(at).take(6);
        some.map(|line| format!("{sign} {line}\n"))
            .collect::<String>()
    };
    format!(
        "line {} after ---\n{}{}",
        at + 1,
        part(&old, "-"),
        part(&new, "+")
    )
}
