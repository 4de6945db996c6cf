//! The editor of one rule: when, then, guards, test; and its versions.

mod fields;
mod three;
mod typed;
mod versions;

use super::visit::{Content, Visit, show};
use crate::calls::rules::trial;
use crate::error::AppError;
use crate::links::{self, acts};
use crate::pages::rules;
use crate::parts::form::{Weight, button};
use crate::parts::frame::{Live, Tab};
use domain::access::Role;
use domain::id::RuleId;
use domain::rule::{Mode, Rule};
use fields::{Editor, editor};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Rules, "Rule", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let rule = if visit.param("id") == "new" {
        None
    } else {
        let id = RuleId(visit.number("Rule")?);
        Some(visit.desk.rule(&visit.who, id).await?)
    };
    let sample = typed::sample(&visit).await;
    let typed = typed::typed(&visit, rule.as_ref(), &sample).await;
    let tried = trial(
        &visit.who,
        &visit.desk,
        rule.as_ref().map(|rule| rule.id),
        &typed,
        Some(sample.clone()),
    )
    .await?;
    let clusters = visit.desk.clusters(&visit.who).await.unwrap_or_default();
    let may = visit.who.may(Role::Admin);
    let versions = match &rule {
        Some(rule) => visit.desk.rule_versions(&visit.who, rule.id).await?,
        None => Vec::new(),
    };
    let title = rule.as_ref().map_or_else(
        || "New rule".to_owned(),
        |rule| format!("Rule {}", rule.draft.name),
    );
    let begin = if rule.is_none() && typed.pattern.is_empty() {
        rules::recent(&visit, may, "Start from a past alarm").await
    } else {
        ().into_any()
    };
    let remove = rule.as_ref().filter(|_| may).map(remove);
    let armed = rule
        .as_ref()
        .is_some_and(|rule| rule.draft.mode == Mode::Auto);
    let overtaken = three::view(&versions, &typed, visit.now);
    let body = view! {
        {versions::live(&versions, visit.now, may)}
        {versions::notice(&versions, visit.now)}
        {(!may).then(|| view! {
            <p class="card" id="read-only">
                "You may look and try. Saving a rule needs the role admin; yours is "
                {visit.who.role.word()} "."
            </p>
        })}
        {begin}
        {editor(Editor {
            rule: rule.as_ref().map(|rule| (rule.id, rule.version)),
            typed,
            sample,
            tried,
            clusters: clusters.iter().map(|card| card.name.to_string()).collect(),
            armed,
            may,
            overtaken,
        })}
        {versions::list(&versions, visit.now, may)}
        {remove}
    };
    Ok(Content {
        title: Some(title),
        live: Live::No,
        body: body.into_any(),
    })
}

fn remove(rule: &Rule) -> AnyView {
    let fields = vec![("id", rule.id.0.to_string())];
    view! {
        <section class="stack">
            {button(acts::REMOVE_RULE, "Remove rule", Weight::Danger, fields)}
            <p class="hint">"Its recoveries and versions are kept."</p>
        </section>
    }
    .into_any()
}

/// Where the editor of a rule is.
fn place(rule: Option<(RuleId, u32)>) -> String {
    rule.map_or_else(|| links::NEW_RULE.to_owned(), |(id, _)| links::rule(id))
}
