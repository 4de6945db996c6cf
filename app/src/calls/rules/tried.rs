//! A try of a pattern, made ready to be drawn.

use crate::desk::views::{AlarmView, TriedText, TryOrder};
use crate::door::SharedDesk;
use crate::error::AppError;
use crate::islands::trial::{Fault, Row, Trial};
use domain::access::Person;
use domain::rule::PatternError;

/// Asks the desk.
pub async fn trial(
    who: &Person,
    desk: &SharedDesk,
    pattern: String,
    text: Option<String>,
) -> Result<Trial, AppError> {
    if pattern.is_empty() {
        return Ok(Trial {
            summary: "Type a pattern to see what it matches.".to_owned(),
            ..Trial::default()
        });
    }
    let order = TryOrder {
        pattern,
        text: text.filter(|text| !text.is_empty()),
        since: None,
    };
    let tried = desk.try_rule(who, &order).await?;
    if let Some(error) = tried.error {
        return Ok(Trial {
            fault: Some(fault(&order.pattern, error)),
            ..Trial::default()
        });
    }
    let summary = if tried.looked_at == 0 {
        "There are no past alarms to try it on yet.".to_owned()
    } else {
        format!(
            "Matches {} of {} alarms of the last 30 days.",
            tried.matched, tried.looked_at
        )
    };
    Ok(Trial {
        fault: None,
        typed: tried.text.map(|text| row(String::new(), text)),
        alarms: tried
            .alarms
            .into_iter()
            .map(|(alarm, text)| row(label(&alarm), text))
            .collect(),
        summary,
    })
}

fn label(alarm: &AlarmView) -> String {
    format!(
        "alarm {}, {}",
        alarm.id,
        alarm.received_at.strftime("%-d %b %H:%M:%S")
    )
}

fn row(label: String, of: TriedText) -> Row {
    let Some(found) = of.found else {
        return Row {
            label,
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
        label,
        pieces: (
            piece(0, found.start),
            piece(found.start, found.end),
            piece(found.end, of.text.len()),
        ),
        hit: true,
        caught: caught
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)))
            .collect(),
        node: of.node,
        problem: of.problem,
    }
}

fn fault(pattern: &str, error: PatternError) -> Fault {
    let take =
        |from: usize, count: usize| pattern.chars().skip(from).take(count).collect::<String>();
    let pieces = match error.position {
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
        None => (pattern.to_owned(), String::new(), String::new()),
    };
    Fault {
        message: error.message,
        pieces,
    }
}
