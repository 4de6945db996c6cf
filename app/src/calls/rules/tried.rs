//! A try of a rule, made ready to be drawn.

use super::typed::labels;
use crate::desk::views::{AlarmView, NearAlarm, Part, Tried, TriedText, TryOrder};
use crate::door::{SharedDesk, TypedRule};
use crate::error::AppError;
use crate::islands::trial::{Fault, Fold, PinRow, Row, Trial};
use crate::links;
use domain::access::Person;
use domain::id::{ClusterName, RuleId};
use domain::rule::flags::split;
use domain::rule::{Must, PatternError, Pin};

/// Alarms drawn under one heading: more would only be bytes on a phone.
const DRAWN: usize = 20;

/// Asks the desk.
pub async fn trial(
    who: &Person,
    desk: &SharedDesk,
    id: Option<RuleId>,
    typed: &TypedRule,
    text: Option<String>,
) -> Result<Trial, AppError> {
    let place = id.map_or_else(|| links::NEW_RULE.to_owned(), links::rule);
    if typed.pattern.is_empty() {
        return Ok(Trial {
            place,
            summary: "Type a pattern to see what it matches.".to_owned(),
            pins: pins(&typed.pins, &[]),
            ..Trial::default()
        });
    }
    let order = TryOrder {
        pattern: typed.pattern.clone(),
        text: text.filter(|text| !text.is_empty()),
        since: None,
        rule: id,
        position: typed.position.trim().parse().ok(),
        // A label that is only half typed must not hide what the pattern does.
        labels: labels(&typed.labels).unwrap_or_default(),
        cluster: ClusterName::parse(&typed.cluster).ok(),
        pins: typed.pins.clone(),
    };
    let tried = desk.try_rule(who, &order).await?;
    if let Some(error) = tried.error {
        return Ok(Trial {
            place,
            fault: Some(fault(&order.pattern, error)),
            pins: pins(&typed.pins, &[]),
            ..Trial::default()
        });
    }
    Ok(Trial {
        place,
        fault: None,
        summary: summary(&tried),
        notes: notes(&tried),
        pins: pins(&typed.pins, &tried.pins),
        typed: tried.text.clone().map(|text| typed_row(text, &order.text)),
        folds: folds(tried, &order.pattern),
    })
}

fn summary(of: &Tried) -> String {
    let alarms = thousands(of.looked_at);
    match (of.looked_at, of.matched) {
        (0, _) => "There are no past alarms to try it on yet.".to_owned(),
        (_, 0) if of.cut => format!("Matches none of the newest {alarms} alarms in 30 days."),
        (_, 0) => format!("Matches nothing in 30 days, of {alarms} alarms."),
        (_, n) if of.cut => format!(
            "Matches {} of the newest {alarms} alarms in 30 days.",
            thousands(n)
        ),
        (_, n) => format!("Matches {} of {alarms} alarms in 30 days.", thousands(n)),
    }
}

/// Only what was computed is said.
fn notes(of: &Tried) -> Vec<String> {
    let mut notes = Vec::new();
    let earlier: u32 = of.earlier.iter().map(|(_, count)| count).sum();
    if of.replayed.starts > 0 {
        notes.push(format!(
            "Would have proposed up to {} on {}, were their machines off.",
            many(of.replayed.starts, "start"),
            many(of.replayed.nodes, "node")
        ));
        notes.push(match of.replayed.held {
            0 => "Cool-down, flap and hourly limits would have held none of them back.".to_owned(),
            held => format!(
                "Cool-down, flap and hourly limits would have held back {}.",
                thousands(held)
            ),
        });
    }
    let nameless = of
        .matched
        .saturating_sub(of.replayed.starts)
        .saturating_sub(earlier);
    if nameless > 0 {
        notes.push(format!(
            "{} no one node that is known now.",
            verb(nameless, "names", "name")
        ));
    }
    for (rule, count) in &of.earlier {
        notes.push(format!(
            "Also matched earlier by {rule}: this rule never sees {} of these.",
            thousands(*count)
        ));
    }
    if let Some(version) = of.against {
        notes.push(match (of.added.count, of.lost.count) {
            (0, 0) => format!("Matches the same as version {version}, which is live."),
            (added, lost) => format!(
                "Against version {version}, which is live: {} newly matched, {} no longer matched.",
                thousands(added),
                thousands(lost)
            ),
        });
    }
    notes
}

fn folds(of: Tried, pattern: &str) -> Vec<Fold> {
    let mut folds = Vec::new();
    let part = |title: &str, verdict: &str, open: bool, part: Part| Fold {
        title: format!("{title} ({})", thousands(part.count)),
        open,
        more: more(part.count, part.alarms.len()),
        rows: rows(part.alarms, verdict),
    };
    if of.added.count > 0 {
        folds.push(part("Newly matched", "Newly matched", true, of.added));
    }
    if of.lost.count > 0 {
        folds.push(part(
            "No longer matched",
            "Matched by the live version",
            true,
            of.lost,
        ));
    }
    if of.matched > 0 {
        let all = Part {
            count: of.matched,
            alarms: of.alarms,
        };
        folds.push(part("All matches", "Matches", folds.is_empty(), all));
    } else if !of.near.is_empty() {
        folds.push(Fold {
            title: "Nearest alarms".to_owned(),
            open: true,
            rows: of.near.iter().map(|one| near(one, pattern)).collect(),
            more: String::new(),
        });
    }
    folds
}

fn rows(alarms: Vec<(AlarmView, TriedText)>, verdict: &str) -> Vec<Row> {
    let one = |(alarm, text): (AlarmView, TriedText)| Row {
        label: label(&alarm),
        verdict: verdict.to_owned(),
        key: alarm.id.0.to_string(),
        ..row(text)
    };
    alarms.into_iter().take(DRAWN).map(one).collect()
}

fn more(count: u32, found: usize) -> String {
    let drawn = u32::try_from(found.min(DRAWN)).unwrap_or(u32::MAX);
    match count.saturating_sub(drawn) {
        0 => String::new(),
        more => format!("and {} more", thousands(more)),
    }
}

fn near(of: &NearAlarm, pattern: &str) -> Row {
    let text = &of.alarm.text;
    let piece = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    let follows = pattern.get(..of.pattern).filter(|part| !part.is_empty());
    Row {
        label: label(&of.alarm),
        pieces: (
            piece(0, of.start),
            piece(of.start, of.end),
            piece(of.end, text.len()),
        ),
        verdict: "Does not match".to_owned(),
        problem: Some(match follows {
            Some(part) => format!("The pattern matches as far as {part}"),
            None => "Nothing of the pattern's beginning is in it.".to_owned(),
        }),
        key: of.alarm.id.0.to_string(),
        ..Row::default()
    }
}

fn typed_row(of: TriedText, text: &Option<String>) -> Row {
    let verdict = if of.found.is_some() {
        "Matches"
    } else {
        "Does not match"
    };
    Row {
        verdict: verdict.to_owned(),
        key: text
            .as_ref()
            .map_or_else(String::new, |_| "sample".to_owned()),
        ..row(of)
    }
}

fn row(of: TriedText) -> Row {
    let Some(found) = of.found else {
        return Row {
            pieces: (of.text, String::new(), String::new()),
            problem: of.problem,
            ..Row::default()
        };
    };
    // Offsets that do not fit the text would be a fault of ours; the text is shown all the same.
    let piece = |from: usize, to: usize| of.text.get(from..to).unwrap_or_default().to_owned();
    let caught = &found.captures;
    let caught = [
        ("host", &caught.host),
        ("ip", &caught.ip),
        ("node", &caught.node),
        ("cluster", &caught.cluster),
    ];
    Row {
        pieces: (
            piece(0, found.start),
            piece(found.start, found.end),
            piece(found.end, of.text.len()),
        ),
        caught: caught
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)))
            .collect(),
        node: of.node,
        problem: of.problem.map(|why| format!("No such node: {why}.")),
        ..Row::default()
    }
}

fn pins(pins: &[Pin], held: &[bool]) -> Vec<PinRow> {
    pins.iter()
        .enumerate()
        .map(|(at, pin)| PinRow {
            must: match pin.must {
                Must::Match => "Must match",
                Must::NotMatch => "Must not match",
            }
            .to_owned(),
            text: pin.text.clone(),
            holds: held.get(at).copied(),
        })
        .collect()
}

fn label(alarm: &AlarmView) -> String {
    format!(
        "alarm {}, {}",
        alarm.id,
        alarm.received_at.strftime("%-d %b %H:%M:%S")
    )
}

/// The place of a fault in the pattern as the person sees it: without the switches in front.
fn fault(pattern: &str, error: PatternError) -> Fault {
    let (flags, body) = split(pattern);
    let hidden = flags.prefix().chars().count();
    let take = |from: usize, count: usize| body.chars().skip(from).take(count).collect::<String>();
    let pieces = match error.position.map(|at| at.saturating_sub(hidden)) {
        Some(at) => {
            let mark = take(at, 1);
            // A fault at the very end has no character of its own to mark.
            let mark = if mark.is_empty() {
                "\u{2423}".to_owned()
            } else {
                mark
            };
            (take(0, at), mark, take(at + 1, usize::MAX))
        }
        None => (body.to_owned(), String::new(), String::new()),
    };
    let message = match error.position {
        Some(at) if hidden > 0 => error.message.replace(
            &format!("at position {at}"),
            &format!("at position {}", at.saturating_sub(hidden)),
        ),
        Some(_) | None => error.message,
    };
    Fault { message, pieces }
}

fn many(count: u32, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {what}{s}", thousands(count))
}

fn verb(count: u32, one: &str, more: &str) -> String {
    format!(
        "{} {}",
        thousands(count),
        if count == 1 { one } else { more }
    )
}

/// `1,204`.
fn thousands(count: u32) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
