//! The cards of Now: what is known, how old it is, what happens next, one main action, and the way to the rest.

use super::actions::{self, Seen};
use super::list::go;
use super::recovery::cause;
use super::status::{Shape, of_state, tag};
use super::time::{ago, span, took};
use crate::desk::views::{ClusterCard, RecoveryItem};
use crate::links;
use domain::id::{ClusterName, NodeName};
use domain::recovery::{Outcome, State};
use domain::timeline::{Look, StepLine, Timeline};
use jiff::Timestamp;
use leptos::prelude::*;

/// What a node takes down with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blast {
    /// Pods of it that are not well.
    pods: usize,
    /// Pods that can run nowhere else.
    only_here: Vec<String>,
}

impl Blast {
    /// As the health of its cluster tells it.
    pub fn of(clusters: &[ClusterCard], cluster: &ClusterName, node: &NodeName) -> Self {
        let Some(card) = clusters.iter().find(|one| one.name == *cluster) else {
            return Self::default();
        };
        let health = &card.health;
        let broken = health.pods.broken.iter().filter(|one| !one.before);
        let pinned = health.pinned.iter().filter(|one| one.node == *node);
        Self {
            pods: broken.filter(|one| one.node.as_ref() == Some(node)).count(),
            only_here: pinned.map(|one| one.pod.clone()).collect(),
        }
    }

    /// In a sentence, if there is anything to tell.
    fn sentence(&self) -> Option<String> {
        let pods = match self.pods {
            0 => None,
            1 => Some("1 pod is not well".to_owned()),
            more => Some(format!("{more} pods are not well")),
        };
        let only = (!self.only_here.is_empty())
            .then(|| format!("{} can run nowhere else", self.only_here.join(", ")));
        let all: Vec<String> = pods.into_iter().chain(only).collect();
        (!all.is_empty()).then(|| format!("Affected: {}.", all.join("; ")))
    }
}

/// Greater impact first, then the older one: the same order until something happens.
pub fn sort(all: &mut [&Timeline], clusters: &[ClusterCard]) {
    all.sort_by_cached_key(|one| {
        let blast = Blast::of(clusters, &one.cluster, &one.node);
        (
            std::cmp::Reverse((one.warnings.len(), blast.only_here.len(), blast.pods)),
            one.started_at,
            one.id.0,
        )
    });
}

/// A recovery under way or in need of somebody.
pub fn card(of: &Timeline, clusters: &[ClusterCard], seen: Seen) -> AnyView {
    let href = links::recovery(of.id);
    let human = of
        .human
        .clone()
        .filter(|text| !of.headline.contains(text.as_str()));
    let blast = Blast::of(clusters, &of.cluster, &of.node).sentence();
    view! {
        <article class="card" tabindex="-1" id=format!("card-{}", of.id.0) data-recovery=of.id.0.to_string() data-state=of.state.word()>
            <div class="between">
                {of_state(of.state, of.asked_until.or(of.veto_until).is_some())}
                <span class="meta">{of.cluster.to_string()} " · " {ago(of.started_at, seen.now)}</span>
            </div>
            <h3 class="name">
                <a href=links::node(&of.cluster, &of.node)>{of.node.to_string()}</a>
                <span class="ip">{of.ip.clone()}</span>
            </h3>
            <p>{of.headline.clone()}</p>
            {human.map(|text| view! { <p>{text}</p> })}
            {progress(&of.steps, seen.now)}
            <p class="meta">{blast.map(|text| format!("{text} "))} {capital(&cause(&of.trigger))} "."</p>
            {actions::main(of, seen)}
            {actions::acknowledge(of, seen)}
            {go(href, "Details")}
        </article>
    }
    .into_any()
}

/// `Step 4 of 8: Wait until Ready, 38 s`, and the same as a track.
pub fn progress(steps: &[StepLine], now: Timestamp) -> Option<AnyView> {
    let begun = steps.iter().any(|one| one.look != Look::Pending);
    if !begun {
        return None;
    }
    let at = steps
        .iter()
        .position(|one| matches!(one.look, Look::Active | Look::Waiting | Look::Failed))
        .or_else(|| steps.iter().position(|one| one.look == Look::Pending));
    let text = match at.and_then(|at| Some((at, steps.get(at)?))) {
        Some((at, step)) => {
            let age = step
                .started_at
                .filter(|_| step.ended_at.is_none())
                .map(|from| format!(", {}", span(from, now)));
            format!(
                "Step {} of {}: {}{}",
                at + 1,
                steps.len(),
                step.step.title(),
                age.unwrap_or_default()
            )
        }
        None => format!("{} of {} steps done", steps.len(), steps.len()),
    };
    let parts = steps
        .iter()
        .enumerate()
        .map(|(n, one)| {
            let class = match one.look {
                Look::Done | Look::Skipped => "done",
                Look::Active => "at",
                Look::Waiting => "held",
                Look::Failed => "bad",
                Look::Pending | Look::Note => "",
            };
            view! { <rect class=class x=(n * 12).to_string() width="11" height="4"></rect> }
        })
        .collect_view();
    let room = format!("0 0 {} 4", (steps.len() * 12).saturating_sub(1));
    Some(
        view! {
            <div class="progress">
                <p class="small">{text}</p>
                <svg class="track" viewBox=room preserveAspectRatio="none" aria-hidden="true" focusable="false">{parts}</svg>
            </div>
        }
        .into_any(),
    )
}

/// What a screen reader is told, once a step and at the end; no clock runs in it.
pub fn spoken(of: &Timeline) -> AnyView {
    let at = of
        .steps
        .iter()
        .position(|one| matches!(one.look, Look::Active | Look::Waiting | Look::Failed));
    let text = match (of.state, at.and_then(|at| Some((at, of.steps.get(at)?)))) {
        (State::Running, Some((at, step))) => {
            let total = of.steps.len();
            format!("Step {} of {total}: {}.", at + 1, step.step.title())
        }
        (State::Running, None) => format!("{} is recovering.", of.node),
        (State::Waiting, _) => format!("{} is waiting.", of.node),
        (State::NeedsHuman, _) => format!("{} needs a person.", of.node),
        (State::Recovered, _) => format!("{} is recovered.", of.node),
        (State::Cancelled, _) => format!("The recovery of {} was stopped.", of.node),
        (State::Refused, _) => format!("The recovery of {} was refused.", of.node),
    };
    view! { <p id="spoken" class="hush" role="status" data-live-part="">{text}</p> }.into_any()
}

/// One that ended, as a row that leads to its timeline.
pub fn ended(of: &RecoveryItem, now: Timestamp) -> AnyView {
    let took = of
        .ended_at
        .filter(|_| of.state == State::Recovered && of.outcome != Some(Outcome::FalseAlarm))
        .map(|end| format!("Recovered in {}", took(of.started_at, end)));
    let text = took.unwrap_or_else(|| of.headline.clone());
    view! {
        <li class="item">
            <a class="item-link" href=links::recovery(of.id) data-ended=of.id.0.to_string()>
                <span class="between">
                    <strong>{format!("{}, {}", of.node, of.cluster)}</strong>
                    {of_state(of.state, false)}
                </span>
                <span>{text}</span>
                <span class="meta">{of.ended_at.map(|at| ago(at, now))}</span>
            </a>
        </li>
    }
    .into_any()
}

/// A cluster that cannot be read: said once, in words, with the time and what still holds.
pub fn blind(of: &ClusterCard, others: usize, now: Timestamp) -> AnyView {
    let rest = match others {
        0 => "What is shown of it is the last that was seen.".to_owned(),
        1 => "The other cluster is shown.".to_owned(),
        more => format!("The other {more} clusters are shown."),
    };
    view! {
        <article class="card unsure" data-blind=of.name.to_string()>
            <div class="between">
                {tag(Shape::Unknown, "Blind")}
                <span class="meta">{of.name.to_string()} " · " {ago(of.health.seen_at, now)}</span>
            </div>
            <p>{format!("Could not read {}. {rest}", of.name)}</p>
            <p class="meta">{of.health.sentence.clone()}</p>
            {go(links::cluster(&of.name), "Try again")}
        </article>
    }
    .into_any()
}

/// First letter upper case, unless the sentence begins with a name.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
