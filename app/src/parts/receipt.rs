//! The receipt: proof that the node is back.

use super::steps::list;
use super::time::{long, moment};
use domain::receipt::Receipt;
use jiff::Timestamp;
use leptos::prelude::*;

/// The card.
pub fn card(of: &Receipt, now: Timestamp) -> AnyView {
    let boot = if of.boot_id_changed {
        "changed: the machine was really started anew"
    } else {
        "the same: the machine was not restarted"
    };
    let held = of.ready_held_s.map_or_else(
        || "not measured".to_owned(),
        |seconds| format!("{} without a break", long(seconds.into())),
    );
    let compared = of
        .baseline_at
        .map(|at| view! { " (" {moment(at, now)} ")" });
    let findings = (!of.findings.is_empty()).then(|| {
        view! {
            <details id="receipt-findings">
                <summary id="receipt-findings-s">{format!("What was checked ({})", of.findings.len())}</summary>
                {list(&of.findings)}
            </details>
        }
    });
    view! {
        <section class="card receipt" aria-labelledby="receipt">
            <h2 id="receipt">"Receipt"</h2>
            <dl class="facts">
                <dt>"Took"</dt>
                <dd>{long(of.took_s.into())}</dd>
                <dt>"Boot ID"</dt>
                <dd>{boot}</dd>
                <dt>"Ready held"</dt>
                <dd>{held}</dd>
                <dt>"Pods"</dt>
                <dd>{of.baseline.clone()} {compared}</dd>
            </dl>
            {findings}
        </section>
    }
    .into_any()
}
