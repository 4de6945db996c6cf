//! What is said of a host that took several nodes down: one message for all of them.

use super::words::short;
use super::{About, Channel, Message, NEWS_S, Stage, end_of_round, rounds, seconds};
use crate::incident::Incident;
use jiff::Timestamp;

/// What an open incident calls for, and what one that is over just now has to say; `needs` of its recoveries need a person.
pub fn of_incident(of: &Incident, needs: usize, now: Timestamp) -> Option<Message> {
    let nodes: Vec<&str> = of.members.iter().map(|one| one.node.as_str()).collect();
    let mut clusters: Vec<_> = of.members.iter().map(|one| one.cluster.clone()).collect();
    clusters.sort();
    clusters.dedup();
    let (stage, round, channel, title, body, until) = match (of.closed_at, needs) {
        (Some(at), _) => (
            Stage::HostBack,
            0,
            Channel::Info,
            format!("Host {} is over with", of.host),
            of.headline(),
            at + seconds(NEWS_S),
        ),
        (None, 0) => (
            Stage::HostDown,
            0,
            Channel::Important,
            format!("Host {} is down", of.host),
            format!(
                "Several machines at once: {}. A note for the cloud team is ready.",
                nodes.join(", ")
            ),
            of.opened_at + seconds(NEWS_S),
        ),
        (None, needs) => {
            let round = rounds(of.opened_at, now);
            (
                Stage::NeedsHuman,
                round,
                Channel::Important,
                format!("Host {}: a person is needed", of.host),
                format!(
                    "{} {needs} of its recoveries cannot go on alone. A note for the cloud team is ready.",
                    of.headline()
                ),
                end_of_round(of.opened_at, round),
            )
        }
    };
    (now < until).then(|| Message {
        about: About::Incident(of.id),
        stage,
        round,
        channel,
        title: short(&title),
        body: short(&body),
        path: format!("/incidents/{}", of.id),
        until,
        not_to: None,
        clusters,
    })
}
