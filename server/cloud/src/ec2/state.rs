//! EC2's state and the reason for it as one of our six states, with EC2's own words beside it.

use super::instance::{Instance, Status};
use super::{Settings, UserStop};
use domain::world::{Group, Healer, MachineFacts, MachineState};
use jiff::Timestamp;

/// Whoever has such a tag on it may replace or remove it.
const GROUPS: [(&str, Healer, &str); 3] = [
    (
        "aws:autoscaling:groupName",
        Healer::AutoscalingGroup,
        "autoscaling group",
    ),
    (
        "karpenter.sh/nodepool",
        Healer::Karpenter,
        "Karpenter node pool",
    ),
    (
        "karpenter.sh/provisioner-name",
        Healer::Karpenter,
        "Karpenter provisioner",
    ),
];

/// The power state.
pub fn state(name: &str) -> MachineState {
    match name {
        "pending" => MachineState::Starting,
        "running" => MachineState::On,
        "stopping" => MachineState::Stopping,
        "stopped" => MachineState::Off,
        // shutting-down and terminated: it never comes back.
        _ => MachineState::Other,
    }
}

/// The machine in our words.
pub fn facts(one: Instance, status: Option<&Status>, settings: &Settings) -> MachineFacts {
    let state = state(&one.state);
    let stopped = matches!(state, MachineState::Off | MachineState::Stopping);
    let host = one.host.clone().or_else(|| {
        let tag = settings.host_tag.as_deref()?;
        one.tag(tag).map(str::to_owned)
    });
    let group = GROUPS.iter().find_map(|(tag, healer, kind)| {
        let name = one.tag(tag)?;
        Some(Group {
            healer: *healer,
            name: format!("{kind} {name}"),
        })
    });
    let purpose = match settings.user_stop {
        UserStop::Offer if stopped => purpose(&one),
        UserStop::Offer | UserStop::Start => None,
    };
    MachineFacts {
        state,
        detail: detail(&one, status),
        since: match state {
            MachineState::On | MachineState::Starting => one.launched,
            MachineState::Off
            | MachineState::Stopping
            | MachineState::Error
            | MachineState::Other => one.transition.as_deref().and_then(moment),
        },
        host,
        zone: one.zone,
        group,
        purpose,
        id: one.id,
    }
}

/// Stopped by an order, not by a failure.
fn purpose(one: &Instance) -> Option<String> {
    let code = one.why.as_deref()?;
    let who = match code {
        "Client.UserInitiatedShutdown" | "Client.UserInitiatedHibernate" => "a user stopped it",
        "Client.InstanceInitiatedShutdown" => "its own operating system shut it down",
        _ => return None,
    };
    Some(match one.transition.as_deref().and_then(moment) {
        Some(at) => format!("{who} at {at} ({code})"),
        None => format!("{who} ({code})"),
    })
}

fn detail(one: &Instance, status: Option<&Status>) -> String {
    let mut words = one.state.clone();
    if !matches!(one.state.as_str(), "running" | "pending") {
        match (&one.why, &one.why_words) {
            (Some(code), Some(said)) if !said.starts_with(code.as_str()) => {
                words = format!("{words}, {code}: {said}");
            }
            // `Client.UserInitiatedShutdown: User initiated shutdown`, as AWS writes it.
            (_, Some(said)) => words = format!("{words}, {said}"),
            (Some(code), None) => words = format!("{words}, {code}"),
            (None, None) => {}
        }
    }
    let Some(status) = status else { return words };
    if status.system.as_deref() == Some("impaired") {
        words.push_str(
            "; AWS's check of the physical host fails: a stop and a start move it to another",
        );
    }
    if status.instance.as_deref() == Some("impaired") {
        words.push_str("; AWS's check of the operating system fails");
    }
    for event in &status.planned {
        words = format!("{words}; planned by AWS: {event}");
    }
    words
}

/// The time in `User initiated (2026-11-22 19:26:01 GMT)`.
fn moment(text: &str) -> Option<Timestamp> {
    let (_, rest) = text.rsplit_once('(')?;
    let day = rest.get(..10)?;
    let time = rest.get(11..19)?;
    format!("{day}T{time}Z").parse().ok()
}

#[cfg(test)]
mod tests;
