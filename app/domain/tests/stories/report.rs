//! The postmortem draft of a played story, and what hostile text becomes in it.

use crate::{drive, script};

fn draft(script: &str) -> String {
    let stage = drive::play(&script::read(script), None);
    let events = &stage.runs[0].events;
    domain::report::markdown(events, stage.now()).unwrap()
}

#[test]
fn the_draft_of_a_recovery_is_as_it_is_written() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/report.md");
    let told = draft(
        "A tap after a question.\n-0:45 node-12 loses power\n0:00 rule ask\n0:00 guard soak_s 10\n0:00 alarm\n1:00 mara approves\n1:10 mara notes the rack was rebooted by mistake\n",
    );
    if std::env::var_os("UPDATE_STORIES").is_some() {
        std::fs::write(&file, &told).unwrap();
    }
    assert_eq!(told, std::fs::read_to_string(&file).unwrap());
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
