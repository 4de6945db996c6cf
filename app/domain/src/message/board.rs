//! A recovery as one message that is kept up to date in its place: what is known, every step, the way in.

use crate::moment::precise;
use crate::timeline::{Look, StepLine, Timeline, took};
use jiff::Timestamp;

/// The whole text; `link` leads to the recovery's page.
pub fn board(told: &Timeline, link: &str, now: Timestamp) -> String {
    let mut lines = vec![
        format!("Recovery {} of {} in {}", told.id, told.node, told.cluster),
        told.headline.clone(),
    ];
    if let Some(waits) = &told.waits_for {
        lines.push(format!("Waits for: {waits}"));
    }
    lines.push(String::new());
    lines.extend(told.steps.iter().map(step));
    lines.push(String::new());
    let passed = took(told.started_at, told.ended_at.unwrap_or(now));
    lines.push(match told.ended_at {
        Some(at) => format!("Ended at {}, after {passed}. {}", precise(at), told.summary),
        None => format!("Began at {}.", precise(told.started_at)),
    });
    lines.push(link.to_owned());
    lines.join("\n")
}

fn step(of: &StepLine) -> String {
    let word = match of.look {
        Look::Pending => "to do",
        Look::Active => "now",
        Look::Waiting => "waits",
        Look::Done => "done",
        Look::Skipped => "not needed",
        Look::Failed => "failed",
        Look::Note => "note",
    };
    let took = match (of.started_at, of.ended_at) {
        (Some(from), Some(to)) => format!(", {}", took(from, to)),
        _ => String::new(),
    };
    let why = match of.look {
        Look::Failed | Look::Waiting if !of.text.is_empty() => format!(": {}", of.text),
        _ => String::new(),
    };
    format!("[{word}] {}{took}{why}", of.step.title())
}
