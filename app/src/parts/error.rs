//! What went wrong, in words, and the one thing to do about it.

use super::form::{Weight, link};
use crate::door::FlashKind;
use crate::error::AppError;
use crate::links;
use domain::guard::Warning;
use leptos::prelude::*;

/// A refusal after a tap, or a page that could not be read.
pub fn card(error: &AppError) -> AnyView {
    view! {
        <section class="card wrong" role="alert">
            <h2>"There is a problem"</h2>
            <p>{error.to_string()}</p>
            {more(error)}
        </section>
    }
    .into_any()
}

/// What the last act had to say, unless the page itself shows it.
pub fn flash(flash: &FlashKind) -> AnyView {
    match flash {
        FlashKind::Refused(error) | FlashKind::Unsaid { error, .. } => card(error),
        FlashKind::Unsaved { error, .. } => view! {
            <section class="card wrong" role="alert">
                <h2>"There is a problem"</h2>
                <p>{error.to_string()}</p>
                <p>"Nothing was saved. What you typed is kept below."</p>
                {more(error)}
            </section>
        }
        .into_any(),
        FlashKind::Done { text } => {
            view! { <p class="card good" role="status">{text.clone()}</p> }.into_any()
        }
        FlashKind::Said { .. } => ().into_any(),
    }
}

/// The sentences a person must have read.
pub fn warnings(warnings: &[Warning]) -> AnyView {
    if warnings.is_empty() {
        return ().into_any();
    }
    let lines = warnings
        .iter()
        .map(|one| view! { <li>{one.text()}</li> })
        .collect_view();
    view! { <ul class="warnings">{lines}</ul> }.into_any()
}

fn more(error: &AppError) -> AnyView {
    match error {
        AppError::SignedOut => link(links::SIGN_IN, "How to sign in", Weight::Plain),
        AppError::AlreadyRecovering { recovery, .. } => link(
            links::recovery(*recovery),
            format!("Open recovery {recovery}"),
            Weight::Plain,
        ),
        AppError::ConfirmNeeded { warnings: list, .. } => warnings(list),
        AppError::Invalid {
            field, position, ..
        } => {
            let place = match position {
                Some(at) => format!("In {field}, at character {}.", at + 1),
                None => format!("In {field}."),
            };
            view! { <p class="meta">{place}</p> }.into_any()
        }
        AppError::Held { text } if !text.contains("witch") => ().into_any(),
        AppError::Held { .. } => link(links::switch(), "Open the switch", Weight::Plain),
        AppError::NotFound { .. } => link(links::NOW, "Back to Now", Weight::Plain),
        AppError::Unavailable { .. } | AppError::Ours { .. } => {
            view! { <p class="meta">"Nothing was changed by this page. Try again in a moment."</p> }
                .into_any()
        }
        AppError::NotAllowed { .. }
        | AppError::AlreadyHealthy { .. }
        | AppError::Conflict { .. }
        | AppError::Stale { .. }
        | AppError::Expired { .. }
        | AppError::InProgress
        | AppError::OtherBody => ().into_any(),
    }
}
