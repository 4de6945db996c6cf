//! The rules in their order: the first that matches takes the alarm.

use super::visit::{Content, Visit, show};
use crate::error::AppError;
use crate::links;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::status::{Shape, tag};
use domain::access::Role;
use domain::rule::{Mode, Rule};
use leptos::prelude::*;

/// The list.
pub fn page() -> AnyView {
    show(Tab::Rules, "Rules", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let all = visit.desk.rules(&visit.who).await?;
    let list = if all.is_empty() {
        view! { <p class="empty">"No rules. No alarm starts anything until there is one."</p> }
            .into_any()
    } else {
        view! { <ol class="list">{all.iter().map(row).collect_view()}</ol> }.into_any()
    };
    let new = visit
        .who
        .may(Role::Admin)
        .then(|| link(links::NEW_RULE, "New rule", Weight::Main));
    let body = view! {
        <p class="meta">"The first rule that matches takes the alarm."</p>
        {list}
        {new}
    };
    Ok(Content {
        title: None,
        live: Live::No,
        body: body.into_any(),
    })
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
