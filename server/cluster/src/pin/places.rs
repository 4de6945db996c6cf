//! Which places a node selector leaves.

use crate::node::HOSTNAME;
use crate::wire::{NodeSelector, Requirement, Term};
use std::collections::BTreeSet;

/// The places that are allowed; `None` is anywhere.
pub type Places<'a> = Option<BTreeSet<&'a str>>;

/// One of the terms is enough, so a single open term opens all.
pub fn selected(selector: &NodeSelector) -> Places<'_> {
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

/// What both allow.
pub fn both<'a>(one: Places<'a>, other: Places<'a>) -> Places<'a> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.intersection(&other).copied().collect()),
        (one, other) => one.or(other),
    }
}

/// The place, if there is only one.
pub fn single(places: Option<&BTreeSet<&str>>) -> Option<String> {
    let places = places?;
    (places.len() == 1)
        .then(|| places.first().map(|one| (*one).to_owned()))
        .flatten()
}

/// The value of a requirement that allows one only.
pub fn one_value(one: &Requirement) -> Option<String> {
    match (one.operator.as_str(), one.values.as_slice()) {
        ("In", [value]) => Some(value.clone()),
        _ => None,
    }
}
