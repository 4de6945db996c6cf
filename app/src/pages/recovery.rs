//! One recovery, live and past: what happened, what is happening, what may be done.

mod export;
mod view;

use super::visit::{Content, Visit, show};
use crate::door::FlashKind;
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::form::{Weight, action, hidden, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::list::go;
use crate::parts::raw::{Area, area};
use crate::parts::recovery::{cause, outcome_word};
use crate::parts::status::of_state;
use crate::parts::steps::steps;
use crate::parts::time::{ago, moment};
use crate::parts::{actions, events, evidence, milestones, now, receipt};
use domain::id::RecoveryId;
use domain::recovery::{Outcome, State};
use domain::timeline::{Can, Timeline, Usual, figure};
use domain::trigger::Trigger;
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Timeline, "Recovery", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let id = RecoveryId(visit.number("Recovery")?);
    let of = visit.desk.recovery(&visit.who, id).await?;
    let usual = visit.desk.usual(&visit.who, &of.cluster).await;
    // What is usual is a help, not a condition: without it the page is as true as before.
    let usual = usual.unwrap_or_default();
    let incident = visit.desk.incident_of(&visit.who, of.id).await?;
    let (seen, now) = (visit.seen(), visit.now);
    let live = of.ended_at.is_none();
    let body = view! {
        {now::spoken(&of)}
        {incident.map(|id| view! {
            <p class="card" id="incident">
                <a class="tap" href=links::incident(id)>{format!("Part of incident {id}: its host took several nodes down")}</a>
            </p>
        })}
        <div id="summary" data-live-part="">{summary(&of, &usual, &visit)}</div>
        <div id="unread" data-live-part="">{events::unread(of.unread)}</div>
        <div id="receipt-part" data-live-part="">
            {of.receipt.as_ref().map(|proof| receipt::card(proof, now))}
        </div>
        <section id="steps" data-live-part="">{all_steps(&of, &usual, live, &visit)}</section>
        <section id="milestones" data-live-part="">
            <h2>"Milestones"</h2>
            {milestones::milestones(&of.milestones, now)}
        </section>
        {view::views(&of, &visit)}
        <section id="kept" data-live-part="">
            {of.snapshot.as_ref().map(|kept| evidence::evidence(kept, now))}
        </section>
        {seen.may.then(|| note(of.id))}
        {export::export(of.id)}
        <section id="stop" data-live-part="">{actions::stop(&of, seen)}</section>
    };
    Ok(Content {
        title: Some(title(&of)),
        live: Live::All,
        body: body.into_any(),
    })
}

/// True before and after the end: news change the page, but not what the tab of the browser says.
fn title(of: &Timeline) -> String {
    format!("{} in {}, recovery {}", of.node, of.cluster, of.id)
}

/// While it goes on the steps stand open; afterwards the waterfall tells them, and they are folded.
fn all_steps(of: &Timeline, usual: &Usual, live: bool, visit: &Visit) -> AnyView {
    let list = steps(of.id, &of.steps, usual, visit.now);
    if live {
        return view! { <h2>"Steps"</h2> {list} }.into_any();
    }
    view! {
        <details class="fold" id="all-steps">
            <summary>{format!("Steps and what was seen ({})", of.steps.len())}</summary>
            <div class="inside">{list}</div>
        </details>
    }
    .into_any()
}

fn summary(of: &Timeline, usual: &Usual, visit: &Visit) -> AnyView {
    let now = visit.now;
    let live = of.ended_at.is_none();
    let text = match &of.trigger {
        Trigger::Alarm { text, .. } => Some(text.clone()),
        Trigger::Person { reason, .. } => reason.clone(),
    };
    let typed = matches!(
        &visit.flash,
        Some(FlashKind::Refused(AppError::ConfirmNeeded { .. }))
    );
    let progress = live.then(|| now::progress(&of.steps, now)).flatten();
    view! {
        <section class="card" data-recovery=of.id.0.to_string() data-state=of.state.word()>
            <div class="between">
                {of_state(of.state, of.asked_until.or(of.veto_until).is_some())}
                <span class="meta">{ago(of.started_at, now)}</span>
            </div>
            {if live { under_way(of) } else { ended(of, usual) }}
            {progress}
            <p class="meta">
                <a class="tap" href=links::node(&of.cluster, &of.node)>{of.node.to_string()}</a>
                {format!(" · {} · {}", of.cluster, cause(&of.trigger))}
            </p>
            {text.map(|text| view! { <p class="mono text">{text}</p> })}
            {of.asked_until
                .filter(|_| of.can.contains(&Can::Approve))
                .map(|until| view! { <p class="meta">"Asked until " {moment(until, now)} "."</p> })}
            {actions::main(of, visit.seen())}
            {actions::after(of, visit.seen(), typed)}
            {live.then(leave)}
            {(!live).then(|| onward(of))}
        </section>
    }
    .into_any()
}

/// What is known and what comes next; after a failure also one safe thing to do.
fn under_way(of: &Timeline) -> AnyView {
    let human = of
        .human
        .clone()
        .filter(|text| !of.headline.contains(text.as_str()));
    let safe = (of.state == State::NeedsHuman).then(|| {
        view! {
            <p class="meta">"A safe next step: look at the node and its machine; looking changes nothing."</p>
            {link(links::node(&of.cluster, &of.node), format!("Check {}", of.node), Weight::Plain)}
        }
    });
    view! {
        <p class="lead">{of.headline.clone()}</p>
        {of.waits_for.clone().map(|what| view! { <p id="waits">"Waits for: " {what} "."</p> })}
        {human.map(|text| view! { <p>{text}</p> })}
        {safe}
    }
    .into_any()
}

/// `node-7 is Ready. Took 2:41, usually 2:20.`, then the sentence that a review begins with.
fn ended(of: &Timeline, usual: &Usual) -> AnyView {
    let took = of
        .ended_at
        .map(|end| end.duration_since(of.started_at).as_secs().max(0))
        .map(|seconds| figure(u32::try_from(seconds).unwrap_or(u32::MAX)));
    let compared = usual
        .whole
        .filter(|whole| whole.of >= 2)
        .map(|whole| format!(", {}", whole.words()))
        .unwrap_or_default();
    let lead = match (of.outcome, took) {
        (Some(Outcome::Recovered), Some(took)) => {
            format!("{} is Ready. Took {took}{compared}.", of.node)
        }
        _ => of.headline.clone(),
    };
    let also = (of.outcome == Some(Outcome::Recovered)).then(|| of.headline.clone());
    let outcome = of.outcome.and_then(outcome_word);
    view! {
        <p class="lead">{lead}</p>
        <p>{of.summary.clone()}</p>
        {also.map(|text| view! { <p class="meta">{text}</p> })}
        {outcome.map(|word| view! { <p>{format!("Outcome: {word}.")}</p> })}
    }
    .into_any()
}

/// Leaving is safe, and a page that no longer hears says so.
fn leave() -> AnyView {
    view! {
        <p class="meta">
            <span class="on-lost">"Live updates stopped. The recovery goes on without your phone. "</span>
            "You can close the app; the recovery does not need it."
        </p>
    }
    .into_any()
}

fn onward(of: &Timeline) -> AnyView {
    let again = of
        .lines
        .iter()
        .rev()
        .find(|line| line.kind == "retried")
        .and_then(|line| line.text.rsplit_once('#'))
        .and_then(|(_, number)| number.parse().ok());
    view! {
        {again.map(|number| go(links::recovery(RecoveryId(number)), format!("Go on to recovery #{number}")))}
        {go(links::view(of.id, "story"), "View the story")}
        {go(links::NOW, "Back to Now")}
    }
    .into_any()
}

fn note(id: RecoveryId) -> AnyView {
    view! {
        <section class="card">
            <h2>"Add a note"</h2>
            <form method="post" action=action(acts::ADD_NOTE) class="stack" data-queue="note">
                {hidden(vec![("id", id.0.to_string())])}
                <div class="field">
                    <label for="text">"Note"</label>
                    {area(&Area {
                        name: "text",
                        text: String::new(),
                        rows: 3,
                        code: false,
                        described_by: "note-hint",
                        wrong: false,
                    })}
                    <p class="hint" id="note-hint">"What you saw or did; it stays in the timeline under your name."</p>
                </div>
                <div class="field">
                    <label for="happened_at">"When it happened, in UTC (may stay empty)"</label>
                    <input type="datetime-local" id="happened_at" name="happened_at" step="1"/>
                </div>
                <button class="button">"Add note"</button>
            </form>
        </section>
    }
    .into_any()
}
