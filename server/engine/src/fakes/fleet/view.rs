//! The fleet as a cluster shows it.

use super::{Fleet, Spec};
use crate::ports::{Clock as _, Cluster as _};
use domain::id::{NodeName, NodeUid};
use domain::world::{Allocatable, ClusterFacts, NodeFacts, Ready};
use jiff::Timestamp;
use std::sync::Arc;

impl Fleet {
    /// Built once for each moment: whoever looks around each second asks several times.
    pub(super) fn facts_now(&self) -> Arc<[NodeFacts]> {
        let now = self.clock.now();
        let mut state = self.state();
        if let Some((at, view)) = &state.view
            && *at == now
        {
            return Arc::clone(view);
        }
        let nodes = state.nodes.iter().enumerate();
        let view: Arc<[NodeFacts]> = nodes
            .map(|(index, node)| self.node(index + 1, node, now))
            .collect();
        state.view = Some((now, Arc::clone(&view)));
        view
    }

    pub(super) fn one_now(&self, number: usize) -> NodeFacts {
        let now = self.clock.now();
        let of = self.state().nodes[number - 1].clone();
        self.node(number, &of, now)
    }

    fn node(&self, number: usize, of: &Spec, now: Timestamp) -> NodeFacts {
        let up = of.up_since.filter(|at| *at <= now && !of.broken);
        NodeFacts {
            name: NodeName::parse(&format!("node-{number}")).expect("a plain name is valid"),
            uid: NodeUid::parse(&of.uid).expect("a plain uid is valid"),
            resource_version: of.version.to_string(),
            addresses: vec![format!("10.0.{}.{}", number / 250, number % 250)],
            provider_id: Some(of.provider.clone()),
            boot_id: format!("boot-{}", of.boot),
            ready: if up.is_some() {
                Ready::True
            } else {
                Ready::Unknown
            },
            ready_since: up.unwrap_or(of.down_since),
            lease_renewed: Some(if up.is_some() { now } else { of.down_since }),
            cordon: of.cordon.clone(),
            pressure: Vec::new(),
            taints: of.taints.clone(),
            roles: if of.control {
                vec!["control-plane".to_owned()]
            } else {
                Vec::new()
            },
            zone: (self.zones > 1).then(|| format!("zone-{}", number % self.zones)),
            host: (!of.cloud_host).then(|| Self::host_of(number)),
            excluded: of.excluded,
            allocatable: Allocatable {
                cpu_milli: 4000,
                memory: 8 << 30,
                pods: 110,
            },
            created_at: of.created_at,
        }
    }

    pub(super) fn all(&self, nodes: Arc<[NodeFacts]>) -> ClusterFacts {
        ClusterFacts {
            cluster: self.name.clone(),
            seen_at: self.clock.now(),
            sight: self.sight(),
            nodes,
            pods: [].into(),
            workloads: [].into(),
            csi: Arc::default(),
        }
    }
}
