//! Who else heals a node: asked of its cluster, and of its cloud where that replaces machines by itself.

use crate::{Engine, Site};
use domain::target::Target;
use domain::world::{Healer, Healers, MachineFacts, NodeFacts, Reading, Unseen};

/// What a person's start is decided on.
pub struct View {
    /// The node.
    pub node: Reading<NodeFacts>,
    /// Its machine.
    pub machine: Reading<MachineFacts>,
    /// Who else heals it.
    pub healers: Healers,
}

impl Engine {
    /// A node, its machine and its healers, read fresh side by side.
    pub async fn view(&self, site: &Site, target: &Target) -> View {
        let (node, machine, healers) = tokio::join!(
            self.read_node(target),
            self.read_machine(target),
            self.asked(site, target),
        );
        let healers = with_machine(site, healers, &machine);
        View {
            node,
            machine,
            healers,
        }
    }

    /// Who else heals a node, without those whose nodes its owner gave to us. The machine is read only where its cloud may
    /// replace it: nothing else should keep a cordon waiting.
    pub async fn healers(&self, site: &Site, target: &Target) -> Healers {
        let replaces = site.cloud.as_ref().is_some_and(|cloud| cloud.replaces());
        let machine = async {
            if replaces {
                self.read_machine(target).await
            } else {
                Reading::Absent
            }
        };
        let (healers, machine) = tokio::join!(self.asked(site, target), machine);
        with_machine(site, healers, &machine)
    }

    /// The same where the machine was read a moment ago.
    pub(crate) async fn healers_of(
        &self,
        site: &Site,
        target: &Target,
        machine: &Reading<MachineFacts>,
    ) -> Healers {
        with_machine(site, self.asked(site, target).await, machine)
    }

    async fn asked(&self, site: &Site, target: &Target) -> Healers {
        let asked = site.cluster.healers(target, &site.own_recovery);
        tokio::time::timeout(crate::look::LIMIT, asked)
            .await
            .unwrap_or_else(|_| Healers {
                claims: Vec::new(),
                unseen: vec![Unseen {
                    of: Healer::ALL.to_vec(),
                    why: format!("no answer within {} s", crate::look::LIMIT.as_secs()),
                    denied: false,
                }],
            })
    }
}

fn with_machine(site: &Site, mut healers: Healers, machine: &Reading<MachineFacts>) -> Healers {
    if let Reading::Seen(machine) = machine {
        healers.claims.extend(machine.claim());
    }
    healers.without(&site.own_recovery)
}
