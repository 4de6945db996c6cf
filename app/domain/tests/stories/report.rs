//! The postmortem draft of a played story, and what hostile text becomes in it.

use crate::{drive, script};
use domain::report::{Format, Options, write, zone};
use domain::timeline::Timeline;
use jiff::Timestamp;

const TAP: &str = "A tap after a question.\n-0:45 node-12 loses power\n0:00 rule ask\n0:00 guard soak_s 10\n0:00 alarm\n1:00 mara approves\n1:10 mara notes the rack was rebooted by mistake\n";

fn told(script: &str) -> (Timeline, Timestamp) {
    let stage = drive::play(&script::read(script), None);
    let told = domain::timeline::of(&stage.runs[0].events, stage.now()).unwrap();
    (told, stage.now())
}

fn draft(script: &str) -> String {
    let (told, now) = told(script);
    write(&told, now, Format::Markdown, Options::default())
}

fn golden(name: &str, told: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/stories")
        .join(name);
    if std::env::var_os("UPDATE_STORIES").is_some() {
        std::fs::write(&file, told).unwrap();
    }
    assert_eq!(told, std::fs::read_to_string(&file).unwrap(), "{name}");
}

#[test]
fn what_is_handed_out_of_a_recovery_is_as_it_is_written() {
    let (told, now) = told(TAP);
    let options = Options::default();
    for (name, format) in [
        ("report.md", Format::Markdown),
        ("report.csv", Format::Csv),
        ("report.json", Format::Json),
    ] {
        golden(name, &write(&told, now, format, options));
    }
}

#[test]
fn the_story_is_shorter_and_the_zone_moves_the_clock_and_not_the_offsets() {
    let (told, now) = told(TAP);
    let rows = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("| 2026"))
            .count()
    };
    let whole = write(&told, now, Format::Markdown, Options::default());
    let options = Options {
        story: true,
        zone: zone(" 05:30").unwrap(),
        names: true,
    };
    let story = write(&told, now, Format::Markdown, options);
    assert!(rows(&story) > 5 && rows(&story) < rows(&whole), "{story}");
    assert!(story.contains("## Timeline (UTC+05:30)"), "{story}");
    assert!(
        story.contains("| 2026-11-01 15:11:00 | +1:05 | Approved | mara | person |"),
        "{story}"
    );
    assert!(story.contains("the rack was rebooted by mistake"));
}

#[test]
fn zones_are_fixed_offsets() {
    for (text, seconds) in [
        ("", 0),
        ("utc", 0),
        ("Z", 0),
        ("+02:00", 7200),
        (" 2", 7200),
        ("-0330", -12_600),
        ("+14", 50_400),
    ] {
        assert_eq!(
            zone(text).map(|zone| zone.seconds()),
            Some(seconds),
            "{text:?}"
        );
    }
    for text in ["CET", "Europe/Berlin", "+", "+25", "+1:75", "+99999", "é"] {
        assert_eq!(zone(text), None, "{text:?}");
    }
}

#[test]
fn without_names_nobody_is_named_anywhere() {
    let (told, now) = told(TAP);
    let options = Options {
        names: false,
        ..Options::default()
    };
    for format in [Format::Markdown, Format::Csv, Format::Json] {
        let text = write(&told, now, format, options);
        assert!(
            !text.contains("mara") && text.contains("person 1"),
            "{text}"
        );
    }
}

#[test]
fn hostile_text_makes_no_markup_and_no_cell() {
    let told = draft(
        "Hostile text.\n-0:45 node-12 loses power\n0:00 alarm HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod <script>alert(1)</script> | `x` | [a](javascript:b)\n0:10 mara notes | </td> ## head\n",
    );
    assert!(
        !told.contains("<script>") && !told.contains("</td>"),
        "{told}"
    );
    assert!(
        told.contains(r"&lt;script&gt;alert(1)&lt;/script&gt; \| \`x\` \| \[a\](javascript:b)"),
        "{told}"
    );
    for row in told.lines().filter(|line| line.starts_with("| 2026")) {
        let cells = row.replace(r"\|", "").matches('|').count();
        assert_eq!(cells, 6, "{row}");
    }
}
