//! What the cluster knows of one node, read fresh for the record: evidence that a start of its machine destroys.

mod words;

use crate::ask::{self, Trouble};
use crate::kind::Kind;
use crate::wire::event::Event;
use crate::wire::node::{Lease, Node};
use crate::wire::pod::Pod;
use domain::target::Target;
use domain::world::{NodeRecord, Reading};
use kube::Client;
use words::{condition, line, newest};

/// Events about things without a namespace are written here by every recorder, so no right beyond it is asked for.
const EVENTS: &str = "/api/v1/namespaces/default/events";
const EVENTS_WHAT: &str = "events in default";

/// Reads node, lease, events and pods side by side. Without the node there is no record; what else fails is named in it.
pub async fn read(client: &Client, target: &Target) -> Reading<NodeRecord> {
    let name = target.node.as_str();
    let about = format!("involvedObject.kind=Node,involvedObject.name={name}");
    let bound = format!("spec.nodeName={name}");
    let (node, lease, events, pods) = tokio::join!(
        ask::in_time(ask::get::<Node>(client, name)),
        ask::in_time(ask::get::<Lease>(client, name)),
        ask::in_time(ask::chosen::<Event>(client, EVENTS, EVENTS_WHAT, &about)),
        ask::in_time(ask::chosen::<Pod>(client, Pod::PATH, Pod::WHAT, &bound)),
    );
    let node = match node {
        // Another node of the same name says nothing about this one.
        Ok(node) if node.metadata.uid != target.uid.as_str() => return Reading::Absent,
        Ok(node) => node,
        Err(trouble) if trouble.code() == Some(404) => return Reading::Absent,
        Err(trouble) => return Reading::Unreadable(trouble.about(Node::WHAT)),
    };
    let mut record = NodeRecord {
        conditions: node.status.conditions.iter().map(condition).collect(),
        ..NodeRecord::default()
    };
    match lease {
        Ok(lease) => record.lease_renewed = lease.spec.renew_time,
        Err(trouble) if trouble.code() == Some(404) => {}
        Err(trouble) => record.missing.push(trouble.about(Lease::WHAT)),
    }
    match events {
        Ok(events) => record.events = newest(&events),
        Err(trouble) => record.missing.push(unheard(&trouble)),
    }
    match pods {
        Ok(pods) => record.pods = pods.iter().map(line).collect(),
        Err(trouble) => record.missing.push(trouble.about(Pod::WHAT)),
    }
    Reading::Seen(record)
}

fn unheard(trouble: &Trouble) -> String {
    match trouble.code() {
        Some(403) => format!(
            "{EVENTS_WHAT}: {trouble}; give our user the right to list events in the namespace default"
        ),
        Some(_) | None => trouble.about(EVENTS_WHAT),
    }
}
