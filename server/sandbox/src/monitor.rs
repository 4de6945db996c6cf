//! The world's monitoring: sees nodes go down, raises alarms, and lets them be closed.

mod alert;
pub mod delivery;

pub use alert::{Alert, Labels, Status, fingerprint};

use crate::clock::secs;
use crate::machine::Machine;
use crate::realm::Realm;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

const RAISE_AFTER: SignedDuration = secs(5);
const RESOLVE_AFTER: SignedDuration = secs(20);
const RAISE_AGAIN_AFTER: SignedDuration = secs(30);
const KEPT: usize = 500;

/// All alerts, the latest last.
#[derive(Debug, Default)]
pub struct Monitor {
    /// The alerts.
    pub alerts: Vec<Alert>,
}

/// Raises an alarm for every node that has been not ready for five seconds, and resolves those that recovered.
pub fn watch(realm: &mut Realm, now: Timestamp) {
    let Realm {
        cluster,
        monitor,
        machines,
        ..
    } = realm;
    for machine in machines.values() {
        match machine.not_ready_since {
            Some(since) if since + RAISE_AFTER <= now => monitor.raise(cluster, machine, now),
            Some(_) => {}
            None if machine.ready_since + RESOLVE_AFTER <= now => {
                monitor.recover(&machine.name, now);
            }
            None => {}
        }
    }
    monitor.forget();
}

impl Monitor {
    /// The alert with these labels, if it fires.
    pub fn firing(&mut self, labels: &Labels) -> Option<&mut Alert> {
        self.alerts
            .iter_mut()
            .rev()
            .find(|alert| alert.ends_at.is_none() && alert.labels == *labels)
    }

    fn raise(&mut self, cluster: &str, machine: &Machine, now: Timestamp) {
        let last = self
            .alerts
            .iter()
            .rev()
            .find(|alert| alert.node.as_deref() == Some(&machine.name));
        let quiet = last.is_some_and(|alert| {
            alert
                .ends_at
                .is_none_or(|ended| now < ended + RAISE_AGAIN_AFTER)
        });
        if !quiet {
            let labels = BTreeMap::from([
                ("alertname".to_owned(), "HostDown".to_owned()),
                ("cluster".to_owned(), cluster.to_owned()),
                ("instance".to_owned(), machine.ip.clone()),
                ("node".to_owned(), machine.name.clone()),
            ]);
            let text = format!(
                "HOST {ip} down, IP: {ip} Cluster {cluster}",
                ip = machine.ip
            );
            self.alerts
                .push(Alert::new(labels, text, Some(machine.name.clone()), now));
        }
    }

    fn recover(&mut self, node: &str, now: Timestamp) {
        for alert in self
            .alerts
            .iter_mut()
            .filter(|alert| alert.ends_at.is_none() && alert.node.as_deref() == Some(node))
        {
            alert.end(now);
        }
    }

    fn forget(&mut self) {
        if self.alerts.len() > KEPT {
            let first = self
                .alerts
                .iter()
                .position(|alert| alert.ends_at.is_some() && alert.outbox.is_empty());
            if let Some(index) = first {
                self.alerts.remove(index);
            }
        }
    }
}
