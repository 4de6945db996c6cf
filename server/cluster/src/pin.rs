//! Why a pod can run on one node only.

use crate::node::HOSTNAME;
use crate::wire::pod::PodSpec;
use crate::wire::rest::{PersistentVolume, PersistentVolumeClaim};
use crate::wire::{NodeSelector, Requirement, Term};
use std::collections::BTreeSet;

/// Where a volume lies, if that is one node.
pub struct VolumeRow {
    /// The host name or node name it requires.
    pub only: Option<String>,
    /// Single values under other keys: a storage driver's own label often holds the node's name.
    pub maybe: Vec<String>,
}

/// The places that are allowed; `None` is anywhere.
type Places<'a> = Option<BTreeSet<&'a str>>;

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

/// One of the terms is enough, so a single open term opens all.
fn selected(selector: &NodeSelector) -> Places<'_> {
    let mut all = BTreeSet::new();
    for one in &selector.node_selector_terms {
        all.append(&mut term(one)?);
    }
    (!all.is_empty()).then_some(all)
}

/// All requirements of a term must hold.
fn term(term: &Term) -> Places<'_> {
    let hosts = term
        .match_expressions
        .iter()
        .filter(|one| one.key == HOSTNAME);
    let names = term
        .match_fields
        .iter()
        .filter(|one| one.key == "metadata.name");
    hosts
        .chain(names)
        .filter(|one| one.operator == "In")
        .map(values)
        .fold(None, both)
}

fn values(one: &Requirement) -> Places<'_> {
    Some(one.values.iter().map(String::as_str).collect())
}

fn both<'a>(one: Places<'a>, other: Places<'a>) -> Places<'a> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.intersection(&other).copied().collect()),
        (one, other) => one.or(other),
    }
}

fn single(places: Option<&BTreeSet<&str>>) -> Option<String> {
    let places = places?;
    (places.len() == 1)
        .then(|| places.first().map(|one| (*one).to_owned()))
        .flatten()
}

fn one_value(one: &Requirement) -> Option<String> {
    match (one.operator.as_str(), one.values.as_slice()) {
        ("In", [value]) => Some(value.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
