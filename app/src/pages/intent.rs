//! What became of one tap: asked for when its answer was lost.

use super::visit::{Content, Visit, missing, show};
use crate::door::{IntentState, IntentView};
use crate::error::AppError;
use crate::links;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::intent::{stop, words};
use crate::parts::status::{Shape, tag};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Now, "Your tap", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let Some(of) = visit.intent.clone() else {
        return Err(missing("This tap".to_owned()));
    };
    let next = of
        .goto
        .clone()
        .map(|goto| link(goto, "Look at what it was about", Weight::Main));
    let open = matches!(of.state, IntentState::Never | IntentState::UnderWay);
    let again = open.then(|| {
        view! {
            {link(links::intent(&of.key), "Check now", Weight::Main)}
            {stop(&of.key)}
        }
    });
    let body = view! {
        <section class="card" data-module="intent" data-intent-state=words(of.state)>
            <p>{shape(&of)}</p>
            <p role="status" data-intent-text="">{of.text.clone()}</p>
            {next}
            {again}
        </section>
        {link(links::NOW, "Back to Now", Weight::Plain)}
    };
    Ok(Content {
        title: None,
        live: Live::No,
        body: body.into_any(),
    })
}

fn shape(of: &IntentView) -> AnyView {
    match of.state {
        IntentState::Arrived => tag(Shape::Ready, "It arrived"),
        IntentState::UnderWay => tag(Shape::Recovering, "Under way"),
        IntentState::Never => tag(Shape::Unknown, "Not confirmed yet"),
        IntentState::Refused => tag(Shape::Down, "Refused"),
        IntentState::Void => tag(Shape::Maintenance, "Taken back"),
    }
}
