//! What a start rests on and would do, in the order in which a person decides.

use super::time::ago;
use crate::desk::views::{NodeState, SheetStep, SheetView};
use jiff::Timestamp;
use leptos::prelude::*;

/// Now, cause, steps, guards, and what waits for the node.
pub fn sheet(state: &NodeState, about: &SheetView, now: Timestamp) -> AnyView {
    let node = &state.node;
    let cordon = match (&node.cordoned, &node.cordon_owner) {
        (false, _) => "open for pods".to_owned(),
        (true, Some(owner)) => format!("cordoned by {owner}"),
        (true, None) => "cordoned".to_owned(),
    };
    let cause = match &about.cause {
        Some((text, since)) => {
            view! { <p>{text.clone()}</p> <p class="meta">"Since " {ago(*since, now)}</p> }
                .into_any()
        }
        None => view! { <p>"Nothing says that it is down."</p> }.into_any(),
    };
    let steps = about.steps.iter().map(step).collect_view();
    view! {
        <p class="meta mono">{format!("{} · {}", node.internal_ip.clone().unwrap_or_default(), node.cluster)}</p>
        <dl class="sheet">
            <dt>"Now"</dt>
            <dd>
                <p>{format!("Machine {}.", state.machine_text)}</p>
                <p>{format!("Kubernetes: {}, {cordon}.", node.ready_text)}</p>
                <p class="meta">"Checked " {ago(state.checked_at, now)}</p>
            </dd>
            <dt>"Cause"</dt>
            <dd>{cause}</dd>
            <dt>"Will do"</dt>
            <dd><ol class="will">{steps}</ol></dd>
            <dt>"Guards"</dt>
            <dd>
                <p>{about.starts.clone()}</p>
                {lines(&about.acting, "Nobody else is acting in this cluster.")}
            </dd>
            <dt>"Waits for it"</dt>
            <dd>
                {lines(&about.waits, "No pod waits for this node.")}
                {only(&about.only_here)}
            </dd>
        </dl>
    }
    .into_any()
}

fn step(of: &SheetStep) -> AnyView {
    let usual = of
        .usual
        .clone()
        .map(|words| view! { <span class="meta">{words}</span> });
    view! { <li class="between"><span>{of.title.clone()}</span> {usual}</li> }.into_any()
}

fn lines(of: &[String], none: &'static str) -> AnyView {
    if of.is_empty() {
        return view! { <p class="meta">{none}</p> }.into_any();
    }
    of.iter()
        .map(|line| view! { <p>{line.clone()}</p> })
        .collect_view()
        .into_any()
}

fn only(of: &[String]) -> AnyView {
    if of.is_empty() {
        return ().into_any();
    }
    let rows = of
        .iter()
        .map(|line| view! { <li>{line.clone()}</li> })
        .collect_view();
    view! { <p>"Can run only on this node:"</p> <ul class="only">{rows}</ul> }.into_any()
}
