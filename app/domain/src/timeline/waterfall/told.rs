//! Rows of the waterfall in words.

use super::{Bar, Kind, Of, Part};
use crate::event::{Event, What};
use crate::step::{Phase, StepKind};
use crate::timeline::{Look, took};
use jiff::Timestamp;

/// What a check of the team wrote.
const OUTPUT: &str = "Output";

/// An attempt or an undo that has begun and not ended.
pub(super) struct Opened {
    of: Of,
    begun: Timestamp,
    waits: Vec<(Part, String)>,
    known: Vec<(String, String)>,
}

/// A row opens.
pub(super) fn opened(of: Of, waits: Vec<(Part, String)>, begun: Timestamp) -> Opened {
    let known = waits
        .iter()
        .filter(|(part, why)| part.from < part.to && !why.is_empty())
        .map(|(part, why)| (waited(part.kind), said(part, why)))
        .collect();
    Opened {
        of,
        begun,
        waits,
        known,
    }
}

fn waited(kind: Kind) -> String {
    match kind {
        Kind::Queued => "Queued".to_owned(),
        Kind::Waiting | Kind::Running | Kind::Failed | Kind::Gap => "Waited".to_owned(),
    }
}

fn said(part: &Part, why: &str) -> String {
    format!("{}, {why}", took(part.from, part.to))
}

impl Opened {
    /// Something more is known of it.
    pub(super) fn learn(&mut self, event: &Event) {
        let after = format!("+{}", took(self.begun, event.at));
        match &event.what {
            What::StepProgressed { phase, text, .. } => {
                let what = match phase {
                    Phase::Accepted => "Provider answer",
                    Phase::Ready { .. } => "Ready seen",
                    Phase::Flapped => "Ready lost",
                };
                self.known
                    .push((what.to_owned(), format!("{text} ({after})")));
            }
            What::StepInDoubt { reason, .. } => self
                .known
                .push(("In doubt".to_owned(), format!("{reason} ({after})"))),
            _ => {}
        }
    }

    /// It ended with an event; `critical` says whether the node still waited for it.
    pub(super) fn closed(self, event: &Event, critical: bool) -> Bar {
        let (kind, look, text) = match &event.what {
            What::StepSucceeded { evidence, .. } => {
                (Kind::Running, Look::Done, evidence.text.clone())
            }
            What::StepUndone { text, .. } => (Kind::Running, Look::Skipped, text.clone()),
            What::StepFailed { reason, .. } | What::UndoFailed { reason, .. } => {
                (Kind::Failed, Look::Failed, reason.clone())
            }
            What::NeedsHuman { reason } => (Kind::Failed, Look::Failed, reason.clone()),
            What::StepSkipped { reason, .. } => (Kind::Running, Look::Skipped, reason.clone()),
            _ => (Kind::Running, Look::Note, String::new()),
        };
        let again = matches!(
            &event.what,
            What::StepFailed {
                retry_at: Some(_),
                ..
            }
        );
        let mut bar = self.bar(kind, look, event.at, again);
        bar.text = text;
        bar.critical = critical;
        if let What::StepFailed {
            output: Some(output),
            ..
        } = &event.what
        {
            bar.known.push((OUTPUT.to_owned(), output.clone()));
        }
        if let What::StepSucceeded { evidence, .. } = &event.what {
            let lines = evidence.lines.iter();
            bar.known
                .extend(lines.map(|line| (format!("{:?}", line.mark), line.text.clone())));
            bar.known.extend(
                evidence
                    .output
                    .clone()
                    .map(|output| (OUTPUT.to_owned(), output)),
            );
            bar.known.extend(
                evidence
                    .boot_id
                    .clone()
                    .map(|id| ("Boot ID".to_owned(), id)),
            );
        }
        bar
    }

    /// It goes on.
    pub(super) fn running(self, now: Timestamp) -> Bar {
        self.bar(Kind::Running, Look::Active, now, false)
    }

    fn bar(self, kind: Kind, look: Look, to: Timestamp, again: bool) -> Bar {
        let mut parts: Vec<Part> = self.waits.iter().map(|(part, _)| *part).collect();
        let to = to.max(self.begun);
        parts.push(Part {
            kind,
            from: self.begun,
            to,
        });
        Bar {
            of: self.of,
            title: title(self.of, look, again),
            look,
            from: parts.first().map_or(self.begun, |part| part.from),
            to,
            parts,
            text: String::new(),
            known: self.known,
            critical: true,
        }
    }
}

fn title(of: Of, look: Look, again: bool) -> String {
    let failed = look == Look::Failed;
    match of {
        Of::Step(step, attempt) => {
            let mut title = step.title().into_owned();
            if attempt > 1 || again {
                title.push_str(&format!(", try {attempt}"));
            }
            if failed {
                title.push_str(" failed");
            }
            title
        }
        Of::Undo(step) => {
            let what = match step {
                StepKind::Cordon => "Take the cordon off again".to_owned(),
                other => format!("Take back: {}", other.title().to_lowercase()),
            };
            if failed {
                format!("{what} failed")
            } else {
                what
            }
        }
        Of::Before | Of::Wait | Of::Gap => String::new(),
    }
}

/// Waits that no step followed.
pub(super) fn wait(waits: Vec<(Part, String)>, look: Look) -> Bar {
    let why = waits.last().map(|(_, why)| why.clone()).unwrap_or_default();
    let (title, text) = match why.split_once(": ") {
        Some((title, text)) => (title.to_owned(), text.to_owned()),
        None if why.is_empty() => ("Between two steps".to_owned(), String::new()),
        None => (format!("Waits {why}"), String::new()),
    };
    let from = waits.first().map(|(part, _)| part.from).unwrap_or_default();
    let to = waits.last().map(|(part, _)| part.to).unwrap_or_default();
    Bar {
        of: Of::Wait,
        title,
        look,
        from,
        to,
        known: Vec::new(),
        parts: waits.into_iter().map(|(part, _)| part).collect(),
        text,
        critical: true,
    }
}

/// Time that nothing explains.
pub(super) fn gap(from: Timestamp, to: Timestamp) -> Bar {
    Bar {
        of: Of::Gap,
        title: "Unaccounted".to_owned(),
        look: Look::Note,
        from,
        to,
        parts: vec![Part {
            kind: Kind::Gap,
            from,
            to,
        }],
        text: "no event says what happened here".to_owned(),
        known: Vec::new(),
        critical: true,
    }
}

/// A step that was not needed.
pub(super) fn skipped(step: StepKind, reason: &str, at: Timestamp) -> Bar {
    Bar {
        of: Of::Step(step, 0),
        title: format!("{}, not needed", step.title()),
        look: Look::Skipped,
        from: at,
        to: at,
        parts: Vec::new(),
        text: reason.to_owned(),
        known: Vec::new(),
        critical: false,
    }
}
