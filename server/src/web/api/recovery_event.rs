//! The events of a recovery and its receipt, on the wire.

use crate::web::api::moment::written;
use domain::event::{Event, What};
use domain::receipt::Receipt as Proof;
use domain::step::{Mark, Phase};
use serde::Serialize;
use utoipa::ToSchema;

/// One event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecoveryEvent {
    /// Number within the recovery, from 1.
    pub n: u32,
    /// When.
    pub at: String,
    /// What happened, in the past tense.
    #[schema(example = "step_started")]
    pub kind: &'static str,
    /// The step it is about.
    #[schema(example = "cordon")]
    pub step: Option<String>,
    /// Who.
    pub actor: String,
    /// The rest, in words.
    pub detail: Option<String>,
    /// What a check of the team wrote, at most 4 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Of `evidence_saved`: conditions, lease, events, pods and the console log, as they were before power was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<serde_json::Value>,
}

/// Proof of recovery.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Receipt {
    /// Boot ID before.
    pub boot_id_before: String,
    /// Boot ID after.
    pub boot_id_after: Option<String>,
    /// Whether the machine was really restarted.
    pub boot_id_changed: bool,
    /// Seconds Ready held without a break before the node was used again.
    pub ready_held_s: Option<u32>,
    /// Pods Ready on the node now that were Ready there before.
    pub pods_back: Option<u32>,
    /// Pods Ready on the node before.
    pub pods_before: Option<u32>,
    /// When the comparison was taken.
    pub baseline_at: Option<String>,
    /// In words: the comparison, or `no baseline`.
    pub baseline: String,
    /// Findings of the checks.
    pub findings: Vec<Finding>,
    /// Seconds from the alarm or tap to the end.
    pub took_s: u32,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Finding {
    /// `good`, `bad` or `ignored`.
    pub mark: &'static str,
    /// What and how.
    pub text: String,
}

/// All events, numbered.
#[must_use]
pub fn numbered(events: &[Event]) -> Vec<RecoveryEvent> {
    (1..).zip(events).map(|(n, event)| one(n, event)).collect()
}

fn one(n: u32, event: &Event) -> RecoveryEvent {
    RecoveryEvent {
        n,
        at: written(event.at),
        kind: event.what.kind(),
        step: event.what.step().map(String::from),
        actor: event.actor.to_string(),
        detail: detail(&event.what),
        output: match &event.what {
            What::StepSucceeded { evidence, .. } => evidence.output.clone(),
            What::StepFailed { output, .. } => output.clone(),
            _ => None,
        },
        evidence: match &event.what {
            What::EvidenceSaved { snapshot } => serde_json::to_value(snapshot).ok(),
            _ => None,
        },
    }
}

fn detail(what: &What) -> Option<String> {
    match what {
        What::Planned { plan, .. } => {
            let steps: Vec<_> = plan.steps.iter().map(|step| step.step.word()).collect();
            Some(steps.join(", "))
        }
        What::ApprovalAsked { until, text } => Some(format!("{text} (until {})", written(*until))),
        What::VetoStarted { until, silence } => Some(format!(
            "until {}; silence means {}",
            written(*until),
            silence.word()
        )),
        What::EvidenceSaved { snapshot } => Some(snapshot.text()),
        What::GraceStarted { until } => Some(format!("until {}", written(*until))),
        What::Queued { reason, .. }
        | What::Blocked { reason, .. }
        | What::StepSkipped { reason, .. }
        | What::StepInDoubt { reason, .. }
        | What::UndoFailed { reason, .. }
        | What::NeedsHuman { reason } => Some(reason.clone()),
        What::StepStarted { attempt, .. } => Some(format!("attempt {attempt}")),
        What::StepProgressed { phase, text, .. } => Some(match phase {
            Phase::Accepted => format!("accepted: {text}"),
            Phase::Ready { transition } => format!("Ready since {}: {text}", written(*transition)),
            Phase::Flapped => format!("Ready was lost: {text}"),
        }),
        What::StepSucceeded { evidence, .. } => Some(evidence.text.clone()),
        What::StepFailed {
            reason, retry_at, ..
        } => Some(match retry_at {
            Some(at) => format!("{reason} (tried again at {})", written(*at)),
            None => reason.clone(),
        }),
        What::StepUndone { text, .. } => Some(text.clone()),
        What::Stopped { reason } => reason.clone(),
        What::Retried { by } => Some(format!("as recovery {by}")),
        What::Noted { text, happened_at } => Some(match happened_at {
            Some(at) => format!("{text} (happened at {})", written(*at)),
            None => text.clone(),
        }),
        What::Said {
            text,
            chat,
            message,
        } => Some(format!("{text} (chat {chat}, message {message})")),
        What::Finished { outcome, .. } => Some(outcome.word().to_owned()),
        What::Approved
        | What::GraceCancelled
        | What::UndoStarted { .. }
        | What::Acknowledged
        | What::AlarmResolved => None,
    }
}

/// The receipt among the events, once it is there.
#[must_use]
pub fn receipt(events: &[Event]) -> Option<Receipt> {
    events.iter().rev().find_map(|event| match &event.what {
        What::Finished { receipt, .. } => receipt.as_deref().map(Receipt::from),
        _ => None,
    })
}

impl From<&Proof> for Receipt {
    fn from(proof: &Proof) -> Self {
        let findings = proof.findings.iter().map(|finding| Finding {
            mark: match finding.mark {
                Mark::Good => "good",
                Mark::Bad => "bad",
                Mark::Ignored => "ignored",
            },
            text: finding.text.clone(),
        });
        Self {
            boot_id_before: proof.boot_id_before.clone(),
            boot_id_after: proof.boot_id_after.clone(),
            boot_id_changed: proof.boot_id_changed,
            ready_held_s: proof.ready_held_s,
            pods_back: proof.pods_back,
            pods_before: proof.pods_before,
            baseline_at: proof.baseline_at.map(written),
            baseline: proof.baseline.clone(),
            findings: findings.collect(),
            took_s: proof.took_s,
        }
    }
}
