//! The command page: one line in, the answer out, the same words as in chat.

use super::visit::{Content, Visit, show};
use crate::door::FlashKind;
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::form::{Weight, action, link};
use crate::parts::frame::{Live, Tab};
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;

/// The page.
pub fn page() -> AnyView {
    show(Tab::None, "Command", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let clusters = visit.desk.clusters(&visit.who).await.unwrap_or_default();
    let cluster = clusters
        .first()
        .map_or_else(|| "prod".to_owned(), |card| card.name.to_string());
    let typed = match &visit.flash {
        // After a refusal the line is there again, to be mended.
        Some(FlashKind::Unsaid { command, .. }) => Some(command.clone()),
        _ => visit.asked("text"),
    };
    let body = view! {
        <form method="post" action=action(acts::RUN_COMMAND) class="stack">
            <div class="field">
                <label for="text">"Command"</label>
                <input
                    type="text"
                    id="text"
                    name="text"
                    class="mono"
                    value=typed.unwrap_or_default()
                    required
                    maxlength="500"
                    autocomplete="off"
                    autocapitalize="off"
                    {..custom_attribute("autocorrect", "off")}
                    spellcheck="false"
                    enterkeyhint="go"
                />
            </div>
            <button class="button main">"Run"</button>
        </form>
        {said(visit.flash.as_ref())}
        {examples(&cluster)}
    };
    Ok(Content {
        title: None,
        live: Live::No,
        body: body.into_any(),
    })
}

fn said(flash: Option<&FlashKind>) -> AnyView {
    let Some(FlashKind::Said {
        command,
        reply,
        recovery_id,
    }) = flash
    else {
        return ().into_any();
    };
    let open = recovery_id.map(|id| {
        link(
            links::recovery(id),
            format!("Open recovery {id}"),
            Weight::Main,
        )
    });
    view! {
        <section class="card" role="status" id="answer">
            <p class="mono meta">{command.clone()}</p>
            <p class="reply">{reply.clone()}</p>
            {open}
        </section>
    }
    .into_any()
}

fn examples(cluster: &str) -> AnyView {
    let lines = [
        (
            "10.0.0.12 startup".to_owned(),
            "starts the node with this address",
        ),
        (
            format!("cluster-health {cluster}"),
            "how the cluster is, read now",
        ),
        ("status".to_owned(), "what is firing and recovering"),
        (format!("nodes {cluster}"), "its nodes"),
        ("alarms".to_owned(), "the last alarms"),
        (
            "pause storage work".to_owned(),
            "holds everything automatic back",
        ),
        ("help".to_owned(), "all commands"),
    ];
    let rows = lines
        .into_iter()
        .map(|(line, what)| {
            // Letters, digits, dots, dashes and blanks: only the blanks need another form in an address.
            let href = format!("{}?text={}", links::COMMAND, line.replace(' ', "+"));
            view! {
                <li class="item">
                    <a class="item-link" href=href>
                        <span class="mono">{line}</span>
                        <span class="meta">{what}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section>
            <h2>"Examples"</h2>
            <p class="meta">"A tap fills the line; Run runs it."</p>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}
