//! What people felt of a failure: a line on the waterfall's own time, and the same in words.

use super::time::took;
use domain::impact::{Sample, figure, figures, words};
use domain::moment::clock;
use domain::timeline::Timeline;
use domain::timeline::waterfall::Scale;
use jiff::Timestamp;
use leptos::prelude::*;

/// Height of the drawing, and what is left free above and below the line.
const HIGH: f64 = 64.0;
const FREE: f64 = 10.0;

/// The line over the waterfall; where nothing is measured, a sentence.
pub fn line(of: &Timeline, scale: Scale) -> AnyView {
    let samples = &of.impact;
    let said = words(samples, clock);
    let Some(known) = figures(samples) else {
        return view! { <p class="meta" id="impact">{format!("Impact: {said}.")}</p> }.into_any();
    };
    let (least, most) = (known.least.0, known.most.0);
    let place = |at: Timestamp| of.waterfall.place(scale, at) / 10.0;
    let height = |value: f64| {
        if most > least {
            HIGH - FREE - (value - least) / (most - least) * (HIGH - 2.0 * FREE)
        } else {
            HIGH / 2.0
        }
    };
    let shown: Vec<&Sample> = samples
        .iter()
        .filter(|one| one.moment.at >= of.waterfall.first(scale))
        .collect();
    let lines = shown
        .windows(2)
        .filter_map(|pair| {
            let (from, to) = (pair[0].value?, pair[1].value?);
            Some(view! {
                <line
                    class="impact"
                    x1=percent(place(pair[0].moment.at))
                    y1=pixel(height(from))
                    x2=percent(place(pair[1].moment.at))
                    y2=pixel(height(to))
                ></line>
            })
        })
        .collect_view();
    let dots = shown
        .iter()
        .map(|one| match one.value {
            Some(value) => view! {
                <circle class="impact" cx=percent(place(one.moment.at)) cy=pixel(height(value)) r="2.5"></circle>
            }
            .into_any(),
            None => view! {
                <text class="meta" fill="currentColor" x=percent(place(one.moment.at)) y=pixel(HIGH - 2.0) text-anchor="middle">"?"</text>
            }
            .into_any(),
        })
        .collect_view();
    view! {
        <figure id="impact" class="impact">
            <svg role="img" aria-label=said.clone() overflow="visible" width="100%" height=pixel(HIGH) focusable="false">
                <rect class="rail" x="0" y=pixel(height(most)) width="100%" height="1"></rect>
                <rect class="rail" x="0" y=pixel(height(least)) width="100%" height="1"></rect>
                {lines} {dots}
            </svg>
            <figcaption class="small">{format!("Impact: {said}.")}</figcaption>
            {all(samples, of.waterfall.first(scale))}
        </figure>
    }
    .into_any()
}

/// Every moment as text, folded away.
fn all(samples: &[Sample], first: Timestamp) -> AnyView {
    let rows = samples
        .iter()
        .map(|one| {
            let value = match (one.value, &one.why) {
                (Some(value), _) => figure(value),
                (None, Some(why)) => format!("not measured: {why}"),
                (None, None) => "not measured".to_owned(),
            };
            let after = took(first.min(one.moment.at), one.moment.at);
            view! {
                <li>
                    <span class="meta">{format!("+{after}")}</span>
                    <span class="text">{format!(" {}: {value}", one.moment.of)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <details id="impact-all">
            <summary id="impact-all-s">{format!("All {} moments", samples.len())}</summary>
            <ul class="findings">{rows}</ul>
        </details>
    }
    .into_any()
}

fn percent(hundredths: f64) -> String {
    format!("{:.1}%", hundredths.clamp(0.5, 99.5))
}

fn pixel(of: f64) -> String {
    format!("{of:.1}")
}
