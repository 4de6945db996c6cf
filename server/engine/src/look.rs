//! Reads what a step needs, fresh, each read with its own time limit.

use crate::Engine;
use domain::id::NodeName;
use domain::recovery::Recovery;
use domain::step::{Facts, Needs};
use domain::target::Target;
use domain::world::{ClusterFacts, MachineFacts, NodeFacts, NodeRecord, Reading, Snapshot};
use std::future::Future;
use std::time::Duration;

/// No read takes longer, whatever the adapter does.
pub(crate) const LIMIT: Duration = Duration::from_secs(10);

impl Engine {
    pub(crate) async fn look(&self, recovery: &Recovery, needs: Needs) -> Facts {
        let target = &recovery.plan.target;
        let (node, machine, cluster) = tokio::join!(
            async {
                if needs.node {
                    self.read_node(target).await
                } else {
                    Reading::Absent
                }
            },
            async {
                if needs.machine {
                    self.read_machine(target).await
                } else {
                    Reading::Absent
                }
            },
            async {
                if needs.cluster {
                    self.read_all(target).await
                } else {
                    Reading::Absent
                }
            },
        );
        let mut others: Vec<NodeName> = self
            .live()
            .values()
            .filter(|one| one.id != recovery.id && one.plan.target.cluster == target.cluster)
            .map(|one| one.plan.target.node.clone())
            .collect();
        // Whoever needs them back was told with their incident.
        others.extend(self.down_with_host(&target.cluster, &target.node));
        Facts {
            node,
            machine,
            cluster,
            others,
        }
    }

    /// What a start destroys, kept for the record: whatever cannot be read is named and holds nothing up.
    pub(crate) async fn gather(&self, target: &Target) -> Snapshot {
        let mut missing = Vec::new();
        let (record, machine) = tokio::join!(
            async {
                match self.site_of(target) {
                    Some(site) => limited(site.cluster.record(target)).await,
                    None => Reading::Absent,
                }
            },
            self.read_machine(target),
        );
        let node = match record {
            Reading::Seen(mut record) => {
                missing.append(&mut record.missing);
                record
            }
            Reading::Absent => {
                missing.push("the node is not in the cluster".to_owned());
                NodeRecord::default()
            }
            Reading::Unreadable(why) => {
                missing.push(format!("node: {why}"));
                NodeRecord::default()
            }
        };
        let console = match machine {
            Reading::Seen(machine) => self.console(target, &machine.id).await,
            Reading::Absent => Reading::Absent,
            Reading::Unreadable(why) => Reading::Unreadable(why),
        };
        let console = match console {
            Reading::Seen(text) => Some(text),
            Reading::Absent => {
                missing.push("the cloud has no console log of it".to_owned());
                None
            }
            Reading::Unreadable(why) => {
                missing.push(format!("console: {why}"));
                None
            }
        };
        Snapshot {
            node,
            console,
            missing,
        }
    }

    async fn console(&self, target: &Target, machine: &str) -> Reading<String> {
        match self.site_of(target).and_then(|site| site.cloud.clone()) {
            Some(cloud) => limited(cloud.console(machine)).await,
            None => Reading::Absent,
        }
    }

    /// The node with its lease.
    pub async fn read_node(&self, target: &Target) -> Reading<NodeFacts> {
        match self.site_of(target) {
            Some(site) => limited(site.cluster.read_node(target)).await,
            None => Reading::Unreadable(format!("cluster {} is not configured", target.cluster)),
        }
    }

    /// The machine.
    pub async fn read_machine(&self, target: &Target) -> Reading<MachineFacts> {
        match self.site_of(target).and_then(|site| site.cloud.clone()) {
            Some(cloud) => {
                let read = limited(cloud.machine(target)).await;
                self.learn_machine(target, &read);
                read
            }
            None => Reading::Unreadable(format!(
                "cluster {} has no cloud configured",
                target.cluster
            )),
        }
    }

    async fn read_all(&self, target: &Target) -> Reading<ClusterFacts> {
        match self.site_of(target) {
            Some(site) => limited(site.cluster.read_all()).await,
            None => Reading::Unreadable(format!("cluster {} is not configured", target.cluster)),
        }
    }
}

async fn limited<T>(read: impl Future<Output = Reading<T>>) -> Reading<T> {
    tokio::time::timeout(LIMIT, read)
        .await
        .unwrap_or_else(|_| Reading::Unreadable(format!("no answer within {} s", LIMIT.as_secs())))
}
