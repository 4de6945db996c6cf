//! The editor of one rule: fields, live test, versions.

mod fields;
mod versions;

use super::visit::{Content, Visit, show};
use crate::calls::rules::trial;
use crate::desk::views::Paging;
use crate::door::{FlashKind, TypedRule};
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::form::{Weight, button, link};
use crate::parts::frame::{Live, Tab};
use domain::access::Role;
use domain::id::{AlarmId, RuleId};
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
    let typed = typed(&visit, rule.as_ref()).await;
    let sample = sample(&visit).await;
    let tried = trial(
        &visit.who,
        &visit.desk,
        typed.pattern.clone(),
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
    let remove = rule.as_ref().filter(|_| may).map(remove);
    let armed = rule
        .as_ref()
        .is_some_and(|rule| rule.draft.mode == Mode::Auto);
    let arm = rule
        .as_ref()
        .filter(|_| may && !armed)
        .map(|rule| link(links::arm(rule.id), "Arm this rule\u{2026}", Weight::Plain));
    let body = view! {
        {versions::notice(&versions, visit.now)}
        <div class="row">{arm}</div>
        {editor(Editor {
            rule: rule.as_ref().map(|rule| (rule.id, rule.version)),
            typed,
            sample,
            tried,
            clusters: clusters.iter().map(|card| card.name.to_string()).collect(),
            armed,
            may,
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

/// What stands in the fields: what was refused, what is being tested, or what holds.
async fn typed(visit: &Visit, rule: Option<&Rule>) -> TypedRule {
    if let Some(FlashKind::Unsaved { typed, .. }) = &visit.flash {
        return typed.clone();
    }
    if let Some(name) = visit.asked("mode") {
        let asked = |field: &str| visit.asked(field).unwrap_or_default();
        return TypedRule {
            version: asked("version").parse().ok(),
            name: asked("name"),
            position: asked("position"),
            enabled: visit.asked("enabled").is_some(),
            mode: name,
            pattern: asked("pattern").replace("\r\n", "\n"),
            labels: asked("labels"),
            cluster: asked("cluster"),
            veto_s: asked("veto_s"),
            silence: asked("silence"),
        };
    }
    let Some(rule) = rule else {
        return fresh(visit).await;
    };
    let draft = &rule.draft;
    let labels = draft
        .labels
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>();
    TypedRule {
        version: Some(rule.version),
        name: draft.name.to_string(),
        position: draft.position.to_string(),
        enabled: draft.enabled,
        mode: draft.mode.word().to_owned(),
        pattern: draft.pattern.clone(),
        labels: labels.join("\n"),
        cluster: draft
            .cluster
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        veto_s: draft.veto_s.to_string(),
        silence: draft.silence.word().to_owned(),
    }
}

/// A new rule observes only, and comes last.
async fn fresh(visit: &Visit) -> TypedRule {
    let rules = visit.desk.rules(&visit.who).await.unwrap_or_default();
    let last = rules
        .iter()
        .map(|rule| rule.draft.position)
        .max()
        .unwrap_or(0);
    TypedRule {
        position: last.saturating_add(1).to_string(),
        enabled: true,
        mode: Mode::Observe.word().to_owned(),
        ..TypedRule::default()
    }
}

/// The text to test on: typed, of the alarm the rule begins from, or of the newest alarm.
async fn sample(visit: &Visit) -> String {
    if let Some(text) = visit.asked("sample") {
        return text.replace("\r\n", "\n");
    }
    if let Some(id) = visit.asked("from").and_then(|id| id.parse().ok()) {
        let alarm = visit.desk.alarm(&visit.who, AlarmId(id)).await;
        return alarm.map_or_else(|_| String::new(), |alarm| alarm.text);
    }
    let newest = Paging {
        after: None,
        limit: 1,
    };
    let alarms = visit.desk.alarms(&visit.who, newest).await;
    alarms
        .ok()
        .and_then(|list| list.items.into_iter().next())
        .map_or_else(|| EXAMPLE.to_owned(), |alarm| alarm.text)
}

/// The story's alarm, until there is a real one.
const EXAMPLE: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

/// Where the editor of a rule is.
fn place(rule: Option<(RuleId, u32)>) -> String {
    rule.map_or_else(|| links::NEW_RULE.to_owned(), |(id, _)| links::rule(id))
}
