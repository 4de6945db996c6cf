//! The last lines of this person, newest first, with their answers; from the server, so on every device.

use crate::desk::views::SaidView;
use crate::door::FlashKind;
use crate::links::{self, acts};
use crate::pages::visit::Visit;
use crate::parts::error;
use crate::parts::form::{Weight, button, link};
use crate::parts::icon::{Icon, icon};
use crate::parts::status::{Shape, tag};
use crate::parts::time::ago;
use jiff::Timestamp;
use leptos::prelude::*;

/// Answers that are shown whole; older lines are folded to a line each.
const WHOLE: usize = 8;

/// The list, without the line whose answer stands above it.
pub async fn list(visit: &Visit) -> AnyView {
    let mut said = match visit.desk.said(&visit.who).await {
        Ok(said) => said,
        Err(refused) => return error::card(&refused),
    };
    if matches!(visit.flash, Some(FlashKind::Said { .. })) && !said.is_empty() {
        let _: SaidView = said.remove(0);
    }
    if said.is_empty() {
        return ().into_any();
    }
    let older = said.split_off(said.len().min(WHOLE));
    let rows = said.iter().map(|one| whole(one, visit.now)).collect_view();
    let older = (!older.is_empty()).then(|| {
        let rows = older.iter().map(|one| short(one, visit.now)).collect_view();
        view! {
            <details>
                <summary>{format!("{} older", older.len())}</summary>
                <ol class="list">{rows}</ol>
            </details>
        }
    });
    view! {
        <section id="history">
            <h2>"History"</h2>
            <ol class="list">{rows}</ol>
            {older}
        </section>
    }
    .into_any()
}

fn whole(of: &SaidView, now: Timestamp) -> AnyView {
    let id = format!("said-{}", of.id);
    let line = of.said.line.clone();
    let again = if of.acts {
        link(links::command(&line), "Put in the field", Weight::Plain)
    } else {
        button(
            acts::RUN_COMMAND,
            "Repeat",
            Weight::Plain,
            vec![("text", line)],
        )
    };
    let open = of.said.recovery.map(|id| {
        link(
            links::recovery(id),
            format!("Open recovery {id}"),
            Weight::Plain,
        )
    });
    view! {
        <li class="item">
            <span class="mono">{of.said.line.clone()}</span>
            <span class="meta">{ago(of.at, now)}</span>
            {of.said.refused.then(|| tag(Shape::Unknown, "Refused"))}
            <p class="reply" id=id.clone()>{of.said.reply.clone()}</p>
            <div class="row">{again} {copy(&id)} {open}</div>
        </li>
    }
    .into_any()
}

fn short(of: &SaidView, now: Timestamp) -> AnyView {
    view! {
        <li class="item">
            <a class="item-link" href=links::command(&of.said.line)>
                <span class="mono">{of.said.line.clone()}</span>
                <span class="meta">{ago(of.at, now)}</span>
            </a>
        </li>
    }
    .into_any()
}

/// Copies the text of an element; a small module wakes the button, without script it is not there.
pub fn copy(from: &str) -> AnyView {
    view! {
        <div class="row" data-module="copy" data-text=from.to_owned()>
            <button class="button" type="button" data-copy="" hidden>{icon(Icon::Copy)} "Copy as text"</button>
            <p class="meta" role="status" data-said=""></p>
        </div>
    }
    .into_any()
}
