//! The rules in their order: the first that matches takes the alarm.

use super::visit::{Content, Visit, show};
use crate::desk::views::{AlarmView, Paging};
use crate::error::AppError;
use crate::links;
use crate::parts::error;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::status::{Shape, tag};
use crate::parts::time::ago;
use domain::access::Role;
use domain::alarm::Disposition;
use domain::rule::{Mode, Rule};
use leptos::prelude::*;

/// The list.
pub fn page() -> AnyView {
    show(Tab::Rules, "Rules", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let all = visit.desk.rules(&visit.who).await?;
    let may = visit.who.may(Role::Admin);
    let (list, alarms) = if all.is_empty() {
        let text =
            "No rules. No alarm starts anything until there is one. Start from a past alarm.";
        (
            view! { <p class="empty">{text}</p> }.into_any(),
            recent(&visit, may, "Past alarms").await,
        )
    } else {
        (
            view! { <ol class="list">{all.iter().map(row).collect_view()}</ol> }.into_any(),
            unmatched(&visit, may).await,
        )
    };
    let why = (!may).then(|| view! { <p class="meta">"Writing rules needs the role admin."</p> });
    let new = may.then(|| link(links::NEW_RULE, "New rule", Weight::Main));
    let body = view! {
        <p class="meta">"The first rule that matches takes the alarm."</p>
        {list}
        {why}
        {new}
        {alarms}
    };
    Ok(Content {
        title: None,
        live: Live::No,
        body: body.into_any(),
    })
}

/// Alarms that no rule took: each may be the beginning of one.
async fn unmatched(visit: &Visit, may: bool) -> AnyView {
    let only = |alarm: &AlarmView| alarm.disposition == Disposition::Unmatched.word();
    begin(visit, may, "Alarms that no rule took", only).await
}

/// The newest alarms, whatever became of them.
pub async fn recent(visit: &Visit, may: bool, title: &'static str) -> AnyView {
    begin(visit, may, title, |_| true).await
}

async fn begin(
    visit: &Visit,
    may: bool,
    title: &'static str,
    only: impl Fn(&AlarmView) -> bool,
) -> AnyView {
    let alarms = match visit.desk.alarms(&visit.who, Paging::default()).await {
        Ok(list) => list.items,
        Err(refused) => return error::card(&refused),
    };
    let rows: Vec<_> = alarms
        .iter()
        .filter(|alarm| only(alarm))
        .take(10)
        .map(|alarm| {
            let new =
                may.then(|| link(links::rule_from(alarm.id), "Rule from this", Weight::Plain));
            view! {
                <li class="item">
                    <span class="mono text">{alarm.text.clone()}</span>
                    <span class="meta">
                        {format!("alarm {} from {}, ", alarm.id, alarm.source)}
                        {ago(alarm.received_at, visit.now)}
                    </span>
                    {new}
                </li>
            }
        })
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section>
            <h2>{title}</h2>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}

fn row(of: &Rule) -> AnyView {
    let draft = &of.draft;
    let state = if draft.enabled {
        mode(draft.mode)
    } else {
        tag(Shape::Unknown, "Off")
    };
    let cluster = draft.cluster.as_ref().map_or_else(
        || "all clusters".to_owned(),
        |name| format!("cluster {name}"),
    );
    view! {
        <li class="item">
            <a class="item-link" href=links::rule(of.id)>
                <span class="between"><strong>{draft.name.to_string()}</strong> {state}</span>
                <span class="mono text">{draft.pattern.clone()}</span>
                <span class="meta">{format!("position {} · {cluster} · version {}", draft.position, of.version)}</span>
            </a>
        </li>
    }
    .into_any()
}

fn mode(of: Mode) -> AnyView {
    match of {
        Mode::Observe => tag(Shape::Maintenance, "Observes"),
        Mode::Ask => tag(Shape::Degraded, "Asks"),
        Mode::Auto => tag(Shape::Ready, "Acts alone"),
    }
}
