//! The steps of a recovery as a list: shape and word, how long, what was seen.

use super::status::of_look;
use super::time::span;
use domain::id::RecoveryId;
use domain::step::{Finding, Mark};
use domain::timeline::{Look, StepLine};
use jiff::Timestamp;
use leptos::prelude::*;

/// How much of the steps is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Name, look and time.
    Brief,
    /// And what was looked at.
    Full,
}

/// The list; brief lists name what is still to come in one line.
pub fn steps(id: RecoveryId, steps: &[StepLine], now: Timestamp, depth: Depth) -> AnyView {
    let begun = |one: &&StepLine| depth == Depth::Full || one.look != Look::Pending;
    let rows = steps
        .iter()
        .filter(begun)
        .map(|one| row(id, one, now, depth))
        .collect_view();
    let next: Vec<&str> = steps
        .iter()
        .filter(|one| !begun(one))
        .map(|one| one.step.title())
        .collect();
    let next = (!next.is_empty()).then(|| {
        view! { <li class="step meta">{format!("Then: {}", next.join(", "))}</li> }
    });
    view! { <ol class="steps">{rows} {next}</ol> }.into_any()
}

fn row(id: RecoveryId, of: &StepLine, now: Timestamp, depth: Depth) -> AnyView {
    let took = of
        .started_at
        .map(|from| span(from, of.ended_at.unwrap_or(now)));
    let attempts = (of.attempts > 1).then(|| format!("{} attempts", of.attempts));
    let told = match depth {
        Depth::Full => true,
        Depth::Brief => matches!(of.look, Look::Active | Look::Waiting | Look::Failed),
    };
    view! {
        <li
            class=if of.look == Look::Pending { "step dim" } else { "step" }
            data-step=of.step.word()
            aria-current=(of.look == Look::Active).then_some("step")
        >
            <span class="step-title">{of.step.title()}</span>
            <span class="step-look">{of_look(of.look)}</span>
            <span class="step-took">{took}</span>
            {attempts.map(|text| view! { <p class="meta">{text}</p> })}
            {(told && !of.text.is_empty()).then(|| view! { <p>{of.text.clone()}</p> })}
            {(depth == Depth::Full).then(|| findings(id, of))}
        </li>
    }
    .into_any()
}

fn findings(id: RecoveryId, of: &StepLine) -> AnyView {
    if of.findings.is_empty() {
        return ().into_any();
    }
    let key = format!("r{}-{}", id.0, of.step.word());
    view! {
        <details id=key.clone()>
            <summary id=format!("{key}-s")>{format!("Evidence ({})", of.findings.len())}</summary>
            {list(&of.findings)}
        </details>
    }
    .into_any()
}

/// Findings, each with a word for how it is.
pub fn list(findings: &[Finding]) -> AnyView {
    let rows = findings
        .iter()
        .map(|one| {
            view! { <li><span class="meta">{word(one.mark)}</span> " " {one.text.clone()}</li> }
        })
        .collect_view();
    view! { <ul class="findings">{rows}</ul> }.into_any()
}

const fn word(mark: Mark) -> &'static str {
    match mark {
        Mark::Good => "Good:",
        Mark::Bad => "Bad:",
        Mark::Ignored => "Left aside:",
    }
}
