//! Where the time went: a table with a bar below each step's name.

use super::status::looks;
use super::time::span;
use domain::timeline::{Look, Timeline};
use jiff::Timestamp;
use leptos::prelude::*;

/// Width of the drawing; its unit is a thousandth of the whole time.
const WIDE: f64 = 1000.0;

/// The table.
pub fn waterfall(of: &Timeline, now: Timestamp) -> AnyView {
    let begin = of.started_at;
    let end = of
        .steps
        .iter()
        .filter_map(|step| {
            step.started_at
                .map(|from| step.ended_at.unwrap_or(now).max(from))
        })
        .chain(of.ended_at)
        .max()
        .unwrap_or(begin);
    let whole = end.duration_since(begin).as_secs_f64().max(0.001);
    let place =
        |at: Timestamp| (at.duration_since(begin).as_secs_f64() / whole * WIDE).clamp(0.0, WIDE);
    let rows = of
        .steps
        .iter()
        .filter_map(|step| {
            let from = step.started_at?;
            let to = step.ended_at.unwrap_or(now).max(from);
            let wide = (place(to) - place(from)).max(8.0);
            let left = place(from).min(WIDE - wide);
            Some(view! {
                <tr>
                    <th scope="row">
                        {step.step.title()}
                        {bar(step.look, left, wide)}
                    </th>
                    <td>{format!("+{}", span(begin, from))}</td>
                    <td>{span(from, to)}</td>
                </tr>
            })
        })
        .collect_view();
    view! {
        <table class="waterfall">
            <caption>{format!("Where {} went", span(begin, end))}</caption>
            <thead>
                <tr>
                    <th scope="col">"Step"</th>
                    <th scope="col">"Start"</th>
                    <th scope="col">"Took"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn bar(look: Look, left: f64, wide: f64) -> AnyView {
    let failed = look == Look::Failed;
    let class = if failed { "bar failed" } else { "bar" };
    view! {
        <svg
            class=class
            viewBox="0 0 1000 10"
            preserveAspectRatio="none"
            width="100%"
            height="10"
            aria-hidden="true"
            focusable="false"
            data-look=looks(look).1
        >
            <rect x="0" y="4" width="1000" height="2" class="rail"></rect>
            <rect x=format!("{left:.0}") y="0" width=format!("{wide:.0}") height="10"></rect>
        </svg>
    }
    .into_any()
}
