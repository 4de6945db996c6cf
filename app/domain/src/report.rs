//! The postmortem draft of a recovery, as Markdown.

use crate::event::{Event, What};
use crate::recovery::{IllegalEvent, Outcome, Recovery, Status, replay};
use crate::timeline::{self, Line, Timeline, took};
use crate::trigger::{Actor, Trigger};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Writes the draft; times are UTC, texts from outside are escaped.
pub fn markdown(events: &[Event], now: Timestamp) -> Result<String, IllegalEvent> {
    let recovery = replay(events)?;
    let told = timeline::of(events, now)?;
    let end = told.ended_at.unwrap_or(now);
    let mut out = head(&told, end);
    out.push_str(&format!(
        "## Trigger\n{}\n## Resolution\n{}",
        trigger(&told.trigger),
        resolution(&recovery)
    ));
    out.push_str(&format!("## Detection\n{}\n", detection(&told)));
    out.push_str("## Action Items\n| Action | Type | Owner | Link |\n| --- | --- | --- | --- |\n|  |  |  |  |\n");
    out.push_str("## Lessons Learned\n### What went well\n\n### What went wrong\n\n### Where we got lucky\n\n");
    out.push_str("## Timeline (UTC)\n| Time | +offset | Event | Who | Source |\n| --- | --- | --- | --- | --- |\n");
    for line in in_order(&told.lines) {
        out.push_str(&row(line, told.started_at));
    }
    out.push_str("## Waterfall\n| Step | Start | Took | Result |\n| --- | --- | --- | --- |\n");
    out.push_str(&waterfall(&told, end));
    out.push_str(&supporting(&told, events));
    Ok(out)
}

fn head(told: &Timeline, end: Timestamp) -> String {
    let affected = told
        .receipt
        .as_ref()
        .and_then(|receipt| receipt.pods_before)
        .map_or_else(|| "not known".to_owned(), |count| count.to_string());
    format!(
        "# {} down in {} (recovery {})\n**Date** {} to {}   **Authors** {}   **Status** Draft\n## Summary\n{}\n## Impact\n{}\n## Root Causes\n\n",
        told.node,
        told.cluster,
        told.id,
        moment(told.started_at),
        moment(end),
        text(&authors(told)),
        text(&told.headline),
        impact(told, end, &affected),
    )
}

fn impact(told: &Timeline, end: Timestamp, pods: &str) -> String {
    let lasted = took(told.started_at, end);
    match told.outcome {
        Some(Outcome::FalseAlarm) => "None: a false alarm.".to_owned(),
        Some(_) => format!("Down {lasted}. Pods affected: {pods}."),
        None => format!("Down {lasted} so far. Pods affected: {pods}."),
    }
}

fn authors(told: &Timeline) -> String {
    let names: BTreeSet<String> = told
        .lines
        .iter()
        .filter_map(|line| match &line.actor {
            Actor::Person(name) => Some(name.to_string()),
            Actor::Uncordon | Actor::Rule(_) | Actor::Source(_) => None,
        })
        .collect();
    if names.is_empty() {
        "uncordon".to_owned()
    } else {
        names.into_iter().collect::<Vec<_>>().join(", ")
    }
}

fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Alarm {
            alarm,
            source,
            text: said,
            rule,
            version,
            mode,
            ..
        } => format!(
            "Alarm {alarm} from {}: {}\nRule {rule}, version {version}, mode {}.",
            text(source.as_str()),
            text(said),
            mode.word()
        ),
        Trigger::Person { name, reason, .. } => format!(
            "{} asked for a start.{}",
            text(name.as_str()),
            reason
                .as_ref()
                .map(|reason| format!(" {}", text(reason)))
                .unwrap_or_default()
        ),
    }
}

fn resolution(recovery: &Recovery) -> String {
    let done: String = recovery
        .plan
        .steps
        .iter()
        .map(|planned| (planned.step, recovery.step(planned.step)))
        .filter(|(_, progress)| progress.status == Status::Succeeded)
        .map(|(step, progress)| format!("- {}: {}\n", step.title(), text(&progress.evidence.text)))
        .collect();
    if done.is_empty() {
        "No step succeeded.\n".to_owned()
    } else {
        done
    }
}

fn detection(told: &Timeline) -> String {
    match &told.trigger {
        Trigger::Alarm {
            source, starts_at, ..
        } => format!(
            "{}, {} from the first signal to the first look.",
            text(source.as_str()),
            took(*starts_at, told.started_at)
        ),
        Trigger::Person { name, .. } => format!("By {}.", text(name.as_str())),
    }
}

/// By the time something happened, which for a note may be earlier than when it was written.
fn in_order(lines: &[Line]) -> Vec<&Line> {
    let mut sorted: Vec<&Line> = lines.iter().collect();
    sorted.sort_by_key(|line| (line.happened_at.unwrap_or(line.at), line.n));
    sorted
}

fn row(line: &Line, start: Timestamp) -> String {
    let at = line.happened_at.unwrap_or(line.at);
    let event = if line.text.is_empty() {
        line.title.clone()
    } else {
        format!("{}: {}", line.title, line.text)
    };
    let source = match &line.actor {
        Actor::Uncordon => "machine",
        Actor::Rule(_) => "rule",
        Actor::Source(_) => "alarm source",
        Actor::Person(_) => "person",
    };
    let sign = if at < start { "-" } else { "+" };
    let offset = took(start.min(at), start.max(at));
    format!(
        "| {} | {sign}{offset} | {} | {} | {source} |\n",
        moment(at),
        text(&event),
        text(&line.actor.to_string())
    )
}

fn waterfall(told: &Timeline, end: Timestamp) -> String {
    told.steps
        .iter()
        .map(|step| {
            let began = step.started_at.map_or_else(
                || "-".to_owned(),
                |at| format!("+{}", took(told.started_at, at)),
            );
            let lasted = step.started_at.map_or_else(
                || "-".to_owned(),
                |at| took(at, step.ended_at.unwrap_or(end)),
            );
            let look = format!("{:?}", step.look).to_lowercase();
            let said = if step.text.is_empty() {
                look
            } else {
                format!("{look}: {}", step.text)
            };
            format!(
                "| {} | {began} | {lasted} | {} |\n",
                step.step.title(),
                text(&said)
            )
        })
        .collect()
}

fn supporting(told: &Timeline, events: &[Event]) -> String {
    let findings: String = told
        .receipt
        .iter()
        .flat_map(|receipt| &receipt.findings)
        .map(|finding| format!("- {:?}: {}\n", finding.mark, text(&finding.text)))
        .collect();
    let plan = events.iter().find_map(|event| match &event.what {
        What::Planned { plan, .. } => Some(plan),
        _ => None,
    });
    let boot = plan.map(|plan| text(&plan.boot_id)).unwrap_or_default();
    format!(
        "## Supporting information\n- Recovery: /recoveries/{}\n- Raw: /api/v1/recoveries/{}\n- Boot ID before: {boot}\n{findings}",
        told.id.0, told.id.0
    )
}

/// `2026-11-01 09:41:07`, UTC.
fn moment(at: Timestamp) -> String {
    at.to_string()
        .get(..19)
        .unwrap_or_default()
        .replace('T', " ")
}

/// One line of text that Markdown and HTML leave alone.
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '#' | '!' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
