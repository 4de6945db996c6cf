//! The steps of a recovery as a list: shape and word, how long, what was seen.

use super::status::of_look;
use super::time::took;
use domain::id::RecoveryId;
use domain::step::{Finding, Mark};
use domain::timeline::{Look, StepLine, Usual};
use jiff::Timestamp;
use leptos::prelude::*;

/// The list; beside each step stands what it usually takes.
pub fn steps(id: RecoveryId, steps: &[StepLine], usual: &Usual, now: Timestamp) -> AnyView {
    let rows = steps
        .iter()
        .map(|one| row(id, one, usual.words(one.step), now))
        .collect_view();
    view! { <ol class="steps">{rows}</ol> }.into_any()
}

fn row(id: RecoveryId, of: &StepLine, usual: Option<String>, now: Timestamp) -> AnyView {
    let took = of
        .started_at
        .map(|from| took(from, of.ended_at.unwrap_or(now)));
    let attempts = (of.attempts > 1).then(|| format!("{} attempts", of.attempts));
    let told: Vec<String> = attempts.into_iter().chain(usual).collect();
    view! {
        <li
            class=if of.look == Look::Pending { "step dim" } else { "step" }
            data-step=of.step.word().into_owned()
            aria-current=(of.look == Look::Active).then_some("step")
        >
            <span class="step-title">{of.step.title().into_owned()}</span>
            <span class="step-look">{of_look(of.look)}</span>
            <span class="step-took">{took}</span>
            {(!told.is_empty()).then(|| view! { <p class="meta">{told.join(" · ")}</p> })}
            {(!of.text.is_empty()).then(|| view! { <p>{of.text.clone()}</p> })}
            {findings(id, of)}
            {output(id, of)}
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

/// What a check of the team wrote: text of others, shown as it is.
fn output(id: RecoveryId, of: &StepLine) -> AnyView {
    let Some(text) = of.output.clone() else {
        return ().into_any();
    };
    let key = format!("r{}-{}-o", id.0, of.step.word());
    let label = format!("Output of {}", of.step.title());
    view! {
        <details id=key.clone()>
            <summary id=format!("{key}-s")>"Output"</summary>
            <pre class="mono text console" tabindex="0" aria-label=label>{text}</pre>
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
