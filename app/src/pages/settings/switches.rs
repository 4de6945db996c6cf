//! The switch: the global one first, then one for every cluster, also those nobody has touched.

use super::Visit;
use crate::desk::views::{SettingsView, SwitchView};
use crate::parts::switch::panel;
use domain::guard::Switch;
use leptos::prelude::*;

pub fn group(view: &SettingsView, visit: &Visit) -> AnyView {
    let panels = all(view)
        .iter()
        .map(|one| panel(one, visit.now, visit.may()))
        .collect_view();
    view! { <section id="switch"><h2>"Switch"</h2> {panels}</section> }.into_any()
}

fn all(view: &SettingsView) -> Vec<SwitchView> {
    let names = view.clusters.iter().map(|(name, ..)| Some(name.clone()));
    std::iter::once(None)
        .chain(names)
        .map(|cluster| {
            let known = view.switches.iter().find(|one| one.cluster == cluster);
            known.cloned().unwrap_or(SwitchView {
                cluster,
                mode: Switch::Run,
                set_by: None,
                set_at: None,
                reason: None,
                in_flight: None,
            })
        })
        .collect()
}
