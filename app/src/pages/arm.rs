//! Arming a rule: what it would have done with past alarms, then a reason.

use super::visit::{Content, Visit, show};
use crate::desk::views::{AlarmView, ArmView, TriedText};
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::form::{Line, Weight, action, choice, hidden, line, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::status::{Shape, tag};
use crate::parts::time::ago;
use domain::access::Role;
use domain::id::RuleId;
use domain::rule::{Mode, Silence};
use jiff::Timestamp;
use leptos::prelude::*;

/// The time machine of a rule.
pub fn page() -> AnyView {
    show(Tab::Rules, "Arm a rule", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let id = RuleId(visit.number("Rule")?);
    let view = visit.desk.rule_hits(&visit.who, id).await?;
    let armed = view.rule.draft.mode == Mode::Auto;
    let may = visit.who.may(Role::Admin);
    let order = if armed {
        view! { <p>{tag(Shape::Ready, "This rule is armed already.")}</p> }.into_any()
    } else if !view.seen_to_work() {
        view! {
            <p>
                {tag(Shape::Unknown, "Nobody has seen it work.")}
                " Pin the text of an alarm that it must match on the rule's page, then arm it."
            </p>
        }
        .into_any()
    } else if may {
        form(&view)
    } else {
        view! { <p class="hint">"Only an admin may arm a rule."</p> }.into_any()
    };
    let body = view! {
        <p class="meta">
            {format!(
                "Version {}: of the last {} alarms it matches {}.",
                view.rule.version,
                view.looked_at,
                view.matched
            )}
        </p>
        {left_alone(&view)}
        {hits(&view, visit.now)}
        {order}
        <div class="row">{link(links::rule(id), "Back to the rule", Weight::Plain)}</div>
    };
    Ok(Content {
        title: Some(format!("Arm {}", view.rule.draft.name)),
        live: Live::No,
        body: body.into_any(),
    })
}

/// What it will not touch, armed or not.
fn left_alone(of: &ArmView) -> Option<AnyView> {
    let rows: Vec<AnyView> = of
        .left_alone
        .iter()
        .map(|one| {
            view! {
                <li class="item">
                    <a class="tap" href=links::node(&one.cluster, &one.node)>{format!("{} in {}", one.node, one.cluster)}</a>
                    <span>{one.why.clone()}</span>
                    <span class="meta">{one.way_out.clone()}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section id="left-alone">
                <h2>"What it leaves alone"</h2>
                <ul class="list">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn hits(of: &ArmView, now: Timestamp) -> AnyView {
    if of.hits.is_empty() {
        let proofs = of.proofs().map(
            |pin| view! { <li class="item"><span class="mono text">{pin.text.clone()}</span></li> },
        );
        let proofs = proofs.collect_view();
        return view! {
            <p class="empty">"It has never matched an alarm."</p>
            {of.seen_to_work().then(|| view! {
                <section><h2>"Pinned: it matches these texts"</h2> <ul class="list">{proofs}</ul></section>
            })}
        }
        .into_any();
    }
    let rows = of.hits.iter().map(|one| hit(one, now)).collect_view();
    view! { <section><h2>"What it would have done"</h2> <ul class="list">{rows}</ul></section> }
        .into_any()
}

fn hit((alarm, tried): &(AlarmView, TriedText), now: Timestamp) -> AnyView {
    let would = match (&tried.node, &tried.problem) {
        (Some(node), _) => tag(Shape::Recovering, format!("Would act on {node}")),
        (None, Some(why)) => tag(Shape::Unknown, format!("Would touch nothing: {why}")),
        (None, None) => tag(Shape::Unknown, "Would touch nothing"),
    };
    let became = alarm
        .note
        .clone()
        .unwrap_or_else(|| alarm.disposition.clone());
    view! {
        <li class="item">
            <span class="mono text">{alarm.text.clone()}</span>
            {would}
            <span class="meta">{format!("alarm {}: {became}, {}", alarm.id, alarm.status)}</span>
            <span class="meta">{ago(alarm.received_at, now)}</span>
        </li>
    }
    .into_any()
}

fn form(of: &ArmView) -> AnyView {
    let fields = vec![
        ("id", of.rule.id.0.to_string()),
        ("version", of.rule.version.to_string()),
        ("look", of.look.clone()),
    ];
    view! {
        <form method="post" action=action(acts::ARM_RULE) class="stack card">
            <h2>"Let it act alone"</h2>
            {hidden(fields)}
            {line(Line {
                name: "reason",
                label: "Why may it act alone?".to_owned(),
                hint: "Stands on the rule's page, with your name.",
                required: true,
                ..Line::default()
            })}
            {veto(&of.rule.draft.veto_s.to_string(), of.rule.draft.silence.word())}
            <button class="button main">"Arm this rule"</button>
        </form>
    }
    .into_any()
}

/// The fields of the veto window.
pub fn veto(seconds: &str, silence: &str) -> AnyView {
    let silences = Silence::ALL
        .into_iter()
        .map(|one| {
            let shown = match one {
                Silence::Act => "act: it is started",
                Silence::Ask => "ask: it waits for a yes",
            };
            (one.word().to_owned(), shown.to_owned())
        })
        .collect();
    view! {
        {line(Line {
            name: "veto_s",
            label: "Seconds in which it can be stopped (veto)".to_owned(),
            hint: "0 for none. The node is cordoned at once; power waits.",
            value: seconds.to_owned(),
            code: true,
            ..Line::default()
        })}
        {choice("silence", "If nobody answers", silences, silence)}
    }
    .into_any()
}
