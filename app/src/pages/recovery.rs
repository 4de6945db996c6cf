//! One recovery, live and past: what happened, what is happening, what may be done.

use super::visit::{Content, Visit, show};
use crate::door::FlashKind;
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::form::{Weight, action, hidden, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::raw::{Area, area};
use crate::parts::recovery::{cause, outcome_word};
use crate::parts::status::of_state;
use crate::parts::steps::steps;
use crate::parts::time::{ago, moment, span};
use crate::parts::{actions, events, evidence, receipt, waterfall};
use domain::id::RecoveryId;
use domain::timeline::{Can, Timeline};
use domain::trigger::Trigger;
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Timeline, "Recovery", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let id = RecoveryId(visit.number("Recovery")?);
    let of = visit.desk.recovery(&visit.who, id).await?;
    let (seen, now) = (visit.seen(), visit.now);
    let body = view! {
        <div id="summary" data-live-part="">{summary(&of, &visit)}</div>
        <div id="receipt-part" data-live-part="">
            {of.receipt.as_ref().map(|proof| receipt::card(proof, now))}
        </div>
        <section id="steps" data-live-part="">
            <h2>"Steps"</h2>
            {steps(of.id, &of.steps, now)}
        </section>
        <section id="times" data-live-part="">
            <h2>"Times"</h2>
            {waterfall::waterfall(&of, now)}
        </section>
        <section id="kept" data-live-part="">
            {of.snapshot.as_ref().map(|kept| evidence::evidence(kept, now))}
        </section>
        <section id="story" data-live-part="">
            <h2>"Everything that happened"</h2>
            {events::events(&of.lines, now)}
        </section>
        {seen.may.then(|| note(of.id))}
        <section class="stack">
            {link(links::report(of.id), "Report (Markdown)", Weight::Plain)}
        </section>
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

fn summary(of: &Timeline, visit: &Visit) -> AnyView {
    let now = visit.now;
    let took = of.ended_at.map(|end| {
        view! { <p class="meta">"Ended " {moment(end, now)} {format!(", after {}", span(of.started_at, end))}</p> }
    });
    let text = match &of.trigger {
        Trigger::Alarm { text, .. } => Some(text.clone()),
        Trigger::Person { reason, .. } => reason.clone(),
    };
    let human = of
        .human
        .clone()
        .filter(|text| !of.headline.contains(text.as_str()));
    let outcome = of.outcome.and_then(outcome_word);
    let typed = matches!(
        &visit.flash,
        Some(FlashKind::Refused(AppError::ConfirmNeeded { .. }))
    );
    view! {
        <section class="card" data-recovery=of.id.0.to_string() data-state=of.state.word()>
            <div class="between">
                {of_state(of.state, of.can.contains(&Can::Approve))}
                <span class="meta">{ago(of.started_at, now)}</span>
            </div>
            <p class="lead">{of.headline.clone()}</p>
            {human.map(|text| view! { <p>{text}</p> })}
            {outcome.map(|word| view! { <p>{format!("Outcome: {word}.")}</p> })}
            <p class="meta">
                <a class="tap" href=links::node(&of.cluster, &of.node)>{of.node.to_string()}</a>
                {format!(" · {} · {}", of.cluster, cause(&of.trigger))}
            </p>
            {text.map(|text| view! { <p class="mono text">{text}</p> })}
            {took}
            {of.asked_until
                .filter(|_| of.can.contains(&Can::Approve))
                .map(|until| view! { <p class="meta">"Asked until " {moment(until, now)} "."</p> })}
            {actions::main(of, visit.seen())}
            {actions::after(of, visit.seen(), typed)}
        </section>
    }
    .into_any()
}

fn note(id: RecoveryId) -> AnyView {
    view! {
        <section class="card">
            <h2>"Add a note"</h2>
            <form method="post" action=action(acts::ADD_NOTE) class="stack">
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
