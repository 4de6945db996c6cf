//! The events of a recovery for tables and programs.

use super::escape::cell;
use super::{Options, chosen};
use crate::impact::Sample;
use crate::timeline::{Line, Timeline};
use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Serialize;

/// Columns of the table, and names in the JSON.
const COLUMNS: [&str; 10] = [
    "n",
    "recorded_at",
    "happened_at",
    "offset_s",
    "kind",
    "who",
    "source",
    "title",
    "text",
    "story",
];

/// One event, as it is handed out.
#[derive(Serialize)]
struct Row<'a> {
    n: u32,
    recorded_at: String,
    happened_at: String,
    offset_s: i64,
    kind: &'a str,
    who: String,
    source: &'a str,
    title: &'a str,
    text: &'a str,
    story: bool,
}

/// What people felt at one moment.
#[derive(Serialize)]
struct Felt<'a> {
    n: u32,
    at: String,
    of: &'a str,
    what: &'a str,
    value: Option<f64>,
    why: Option<&'a str>,
}

#[derive(Serialize)]
struct Whole<'a> {
    recovery: u64,
    cluster: &'a str,
    node: &'a str,
    state: &'a str,
    outcome: Option<&'a str>,
    summary: &'a str,
    down_since: String,
    up_again: Option<String>,
    unread: u32,
    impact: Vec<Felt<'a>>,
    events: Vec<Row<'a>>,
}

/// A table with a heading, lines ended as RFC 4180 has it.
pub fn csv(told: &Timeline, options: Options) -> String {
    let mut out = format!("{}\r\n", COLUMNS.join(","));
    for line in chosen(told, options) {
        let row = row(told, &line, options.zone);
        let cells = [
            row.n.to_string(),
            row.recorded_at,
            row.happened_at,
            row.offset_s.to_string(),
            cell(row.kind),
            cell(&row.who),
            cell(row.source),
            cell(row.title),
            cell(row.text),
            row.story.to_string(),
        ];
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// One object.
pub fn json(told: &Timeline, options: Options) -> String {
    let lines = chosen(told, options);
    let whole = Whole {
        recovery: told.id.0,
        cluster: told.cluster.as_str(),
        node: told.node.as_str(),
        state: told.state.word(),
        outcome: told.outcome.map(crate::recovery::Outcome::word),
        summary: &told.summary,
        down_since: written(told.down.from, options.zone),
        up_again: told.down.to.map(|at| written(at, options.zone)),
        unread: told.unread,
        impact: told
            .impact
            .iter()
            .map(|one| felt(one, options.zone))
            .collect(),
        events: lines
            .iter()
            .map(|line| row(told, line, options.zone))
            .collect(),
    };
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

fn row<'a>(told: &Timeline, line: &'a Line, zone: Offset) -> Row<'a> {
    Row {
        n: line.n,
        recorded_at: written(line.at, zone),
        happened_at: written(line.happened(), zone),
        offset_s: line
            .happened()
            .duration_since(told.waterfall.begin)
            .as_secs(),
        kind: &line.kind,
        who: line.actor.to_string(),
        source: line.source(),
        title: &line.title,
        text: &line.text,
        story: line.starred,
    }
}

fn felt(sample: &Sample, zone: Offset) -> Felt<'_> {
    Felt {
        n: sample.moment.n,
        at: written(sample.moment.at, zone),
        of: &sample.moment.of,
        what: &sample.what,
        value: sample.value,
        why: sample.why.as_deref(),
    }
}

/// RFC 3339 with milliseconds, in a zone.
fn written(at: Timestamp, zone: Offset) -> String {
    if zone == Offset::UTC {
        format!("{at:.3}")
    } else {
        at.display_with_offset(zone).to_string()
    }
}
