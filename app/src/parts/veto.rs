//! The veto window of an armed rule: counts down, with STOP and GO NOW.

use super::actions::{Seen, seconds_left, yes};
use super::form::{Weight, button};
use super::power;
use crate::islands::Countdown;
use crate::links::acts;
use domain::rule::Silence;
use domain::timeline::Timeline;
use leptos::prelude::*;

/// The window, while it is open.
pub fn window(of: &Timeline, seen: Seen) -> Option<AnyView> {
    let until = of.veto_until?;
    let left = seconds_left(until, seen);
    let fields = || vec![("id", of.id.0.to_string())];
    let silence = match of.silence {
        Silence::Act => "Nobody need do anything: then it is started.",
        Silence::Ask => "After that it waits for a yes.",
    };
    let buttons = seen.may.then(|| {
        view! {
            {button(acts::STOP, "STOP", Weight::Danger, fields())}
            {power::button(&yes(of, "GO NOW", Weight::Main), seen)}
        }
    });
    Some(
        view! {
            <div class="grace">
                <p>"May be stopped for " <Countdown seconds=left/> ". " {silence}</p>
                {buttons}
            </div>
        }
        .into_any(),
    )
}
