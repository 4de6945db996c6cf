//! What stands in the fields of the editor: what was refused, what is being tested, what holds, or a past alarm.

use crate::calls::rules::typed::{pins, whole};
use crate::desk::views::Paging;
use crate::door::{FlashKind, TypedRule};
use crate::error::AppError;
use crate::pages::visit::Visit;
use domain::id::AlarmId;
use domain::rule::{Draft, Mode, Must, Pin, Rule, pin};
use std::collections::BTreeMap;

/// The story's alarm, until there is a real one.
const EXAMPLE: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

/// The fields; `sample` is the text to test on.
pub async fn typed(visit: &Visit, rule: Option<&Rule>, sample: &str) -> TypedRule {
    if let Some(FlashKind::Unsaved { typed, .. }) = &visit.flash {
        return typed.as_ref().clone();
    }
    let mut typed = match (visit.asked("mode"), rule) {
        (Some(mode), _) => tested(visit, mode),
        (None, Some(rule)) => stored(rule),
        (None, None) => fresh(visit).await,
    };
    if let Some(asked) = visit.asked("pin")
        && let Some(new) = pinned(visit, &asked, sample).await
    {
        pin::add(&mut typed.pins, new);
    }
    if let Some(at) = visit.asked("unpin").and_then(|at| at.parse().ok())
        && at < typed.pins.len()
    {
        let _: Pin = typed.pins.remove(at);
    }
    typed
}

/// From the address: the form was sent with Test or with a pin.
fn tested(visit: &Visit, mode: String) -> TypedRule {
    let asked = |field: &str| visit.asked(field).unwrap_or_default();
    TypedRule {
        version: asked("version").parse().ok(),
        name: asked("name"),
        position: asked("position"),
        enabled: visit.asked("enabled").is_some(),
        mode,
        pattern: whole(
            &asked("pattern"),
            visit.asked("flags").is_some(),
            visit.asked("ignore_case").is_some(),
            visit.asked("multi_line").is_some(),
        ),
        labels: asked("labels"),
        cluster: asked("cluster"),
        veto_s: asked("veto_s"),
        silence: asked("silence"),
        pins: pins(visit.asked("pins").as_deref()).unwrap_or_default(),
    }
}

/// A rule as the form shows it.
pub fn stored(rule: &Rule) -> TypedRule {
    let draft = &rule.draft;
    let labels = draft.labels.iter();
    let labels: Vec<String> = labels
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
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
        pins: draft.pins.clone(),
    }
}

/// What was typed as a draft, as far as it can be one: to be laid beside versions.
pub fn as_draft(typed: &TypedRule, base: &Draft) -> Draft {
    let mut draft = base.clone();
    if let Ok(name) = domain::id::RuleName::parse(typed.name.trim()) {
        draft.name = name;
    }
    if let Ok(position) = typed.position.trim().parse() {
        draft.position = position;
    }
    if let Some(mode) = Mode::parse(&typed.mode) {
        draft.mode = mode;
    }
    if let Ok(labels) = crate::calls::rules::typed::labels(&typed.labels) {
        draft.labels = labels;
    }
    if let Ok(seconds) = typed.veto_s.trim().parse() {
        draft.veto_s = seconds;
    }
    draft.enabled = typed.enabled;
    draft.pattern = typed.pattern.clone();
    draft.cluster = domain::id::ClusterName::parse(typed.cluster.trim()).ok();
    draft.pins = typed.pins.clone();
    draft
}

/// A new rule observes only, and comes last; from a past alarm it begins with its text.
async fn fresh(visit: &Visit) -> TypedRule {
    let rules = visit.desk.rules(&visit.who).await.unwrap_or_default();
    let last = rules
        .iter()
        .map(|rule| rule.draft.position)
        .max()
        .unwrap_or(0);
    let pattern = match from(visit) {
        Some(alarm) => visit.desk.begin_pattern(&visit.who, alarm).await,
        None => Ok(String::new()),
    };
    TypedRule {
        position: last.saturating_add(1).to_string(),
        enabled: true,
        mode: Mode::Observe.word().to_owned(),
        pattern: pattern.unwrap_or_default(),
        ..TypedRule::default()
    }
}

/// The alarm a new rule begins from.
pub fn from(visit: &Visit) -> Option<AlarmId> {
    visit.asked("from")?.parse().ok().map(AlarmId)
}

/// `match:17` pins alarm 17, `match:sample` the typed text.
async fn pinned(visit: &Visit, asked: &str, sample: &str) -> Option<Pin> {
    let (must, of) = asked.split_once(':')?;
    let must = Must::parse(must)?;
    if of == "sample" {
        return Some(Pin::new(must, sample, BTreeMap::new()));
    }
    let id = AlarmId(of.parse().ok()?);
    let alarm: Result<_, AppError> = visit.desk.alarm(&visit.who, id).await;
    let alarm = alarm.ok()?;
    Some(Pin::new(must, &alarm.text, alarm.labels))
}

/// The text to test on: typed, of the alarm the rule begins from, or of the newest alarm.
pub async fn sample(visit: &Visit) -> String {
    if let Some(text) = visit.asked("sample") {
        return text.replace("\r\n", "\n");
    }
    if let Some(id) = from(visit) {
        let alarm = visit.desk.alarm(&visit.who, id).await;
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
