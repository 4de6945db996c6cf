//! Why a pod can run on one node only.

mod places;

use crate::node::HOSTNAME;
use crate::wire::pod::PodSpec;
use crate::wire::rest::{PersistentVolume, PersistentVolumeClaim};
use places::{both, one_value, selected, single};
use std::collections::BTreeSet;

/// Where a volume lies, if that is one node.
pub struct VolumeRow {
    /// The host name or node name it requires.
    pub only: Option<String>,
    /// Single values under other keys: a storage driver's own label often holds the node's name.
    pub maybe: Vec<String>,
}

/// The only host or node name a pod's own spec allows.
pub fn only(spec: &PodSpec) -> Option<String> {
    let selector = spec
        .node_selector
        .get(HOSTNAME)
        .map(|host| BTreeSet::from([host.as_str()]));
    let affinity = spec
        .affinity
        .node_affinity
        .required
        .as_ref()
        .and_then(selected);
    single(both(selector, affinity).as_ref())
}

/// Converts a volume; one that can be reached from everywhere is not kept.
pub fn volume(volume: &PersistentVolume) -> Option<VolumeRow> {
    let required = volume.spec.node_affinity.required.as_ref()?;
    let only = single(selected(required).as_ref());
    let maybe: Vec<String> = match required.node_selector_terms.as_slice() {
        [term] => term
            .match_expressions
            .iter()
            .filter_map(one_value)
            .collect(),
        _ => Vec::new(),
    };
    (only.is_some() || !maybe.is_empty()).then_some(VolumeRow { only, maybe })
}

/// The volume a claim is bound to.
pub fn bound(claim: &PersistentVolumeClaim) -> Option<String> {
    Some(claim.spec.volume_name.clone()).filter(|volume| !volume.is_empty())
}

#[cfg(test)]
mod tests;
