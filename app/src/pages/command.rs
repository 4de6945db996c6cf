//! The command page: one line in, the answer out, the same words as in chat.

mod history;

use super::visit::{Content, Visit, show};
use crate::calls::command::heard;
use crate::desk::views::{CommandHelp, Offered};
use crate::door::FlashKind;
use crate::error::AppError;
use crate::islands::heard::draw;
use crate::islands::suggest::Call;
use crate::islands::{CommandField, Key, KeyStrip};
use crate::links::{self, acts};
use crate::parts::actions;
use crate::parts::form::{Weight, action, link};
use crate::parts::frame::{Live, Tab};
use domain::command::STARTS;
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::None, "Command", content)
}

/// What stands in the field, and where it came from.
#[derive(Default)]
struct Typed {
    line: String,
    shared: Option<(String, Option<Offered>)>,
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let help = visit
        .desk
        .command_help(&visit.who)
        .await
        .unwrap_or_default();
    let typed = typed(&visit).await;
    let reading = if typed.line.trim().is_empty() {
        None
    } else {
        let read = visit.desk.read_command(&visit.who, &typed.line).await;
        read.ok().map(|reading| heard(&typed.line, reading))
    };
    let calls = help.calls.iter().map(|one| Call {
        line: one.line.clone(),
        what: one.what.clone(),
    });
    let body = view! {
        <form method="post" action=action(acts::RUN_COMMAND) class="say" data-keep=links::COMMAND data-starts=STARTS.join(" ")>
            <CommandField value=typed.line calls=calls.collect()/>
            <KeyStrip field="text".to_owned() label="Keys".to_owned() keys=keys(&help)/>
            <div id="reading" role="status">{reading.map(draw)}</div>
            <button class="button main">"Run"</button>
        </form>
        {typed.shared.map(shared)}
        {said(&visit).await}
        {history::list(&visit).await}
        {examples(&help.examples)}
    };
    Ok(Content {
        title: None,
        live: Live::No,
        body: body.into_any(),
    })
}

/// After a refusal the line is there again, to be mended; a shared text is looked through for a node, never run.
async fn typed(visit: &Visit) -> Typed {
    if let Some(FlashKind::Unsaid { command, .. }) = &visit.flash {
        return Typed {
            line: command.clone(),
            shared: None,
        };
    }
    if let Some(line) = visit.asked("text") {
        return Typed { line, shared: None };
    }
    let parts: Vec<String> = ["q", "t", "u"]
        .into_iter()
        .filter_map(|field| visit.asked(field))
        .collect();
    if parts.is_empty() {
        return Typed::default();
    }
    let text = parts.join(" ");
    let found = visit.desk.shared(&visit.who, &text).await.ok().flatten();
    let first = text.lines().next().unwrap_or_default();
    Typed {
        line: match &found {
            Some(found) => found.line.clone(),
            None => first.chars().take(500).collect(),
        },
        shared: Some((text, found)),
    }
}

fn shared((text, found): (String, Option<Offered>)) -> AnyView {
    let told = match found {
        Some(found) if !found.what.is_empty() => {
            format!("It names {}. Nothing was run.", found.what)
        }
        Some(_) => "It is a command. Nothing was run.".to_owned(),
        None => "It names no node that is known. Nothing was run.".to_owned(),
    };
    view! {
        <section class="card" id="shared">
            <h2>"Shared text"</h2>
            <p class="mono text">{text}</p>
            <p>{told}</p>
        </section>
    }
    .into_any()
}

/// The answer to the line that was just run, with Cancel while there is still time.
async fn said(visit: &Visit) -> AnyView {
    let Some(FlashKind::Said {
        command,
        reply,
        recovery_id,
    }) = visit.flash.clone()
    else {
        return ().into_any();
    };
    let begun = match recovery_id {
        Some(id) => visit.desk.recovery(&visit.who, id).await.ok(),
        None => None,
    };
    let main = begun.map(|recovery| actions::main(&recovery, visit.seen()));
    let open = recovery_id.map(|id| {
        link(
            links::recovery(id),
            format!("Open recovery {id}"),
            Weight::Plain,
        )
    });
    view! {
        <section class="card" role="status" id="answer">
            <p class="mono meta">{command}</p>
            <p class="reply" id="answer-text">{reply}</p>
            {main}
            <div class="row">{open} {history::copy("answer-text")}</div>
        </section>
    }
    .into_any()
}

fn keys(help: &CommandHelp) -> Vec<Key> {
    let sign = |text: &str, name: &str| Key {
        text: text.to_owned(),
        name: name.to_owned(),
        back: 0,
        word: false,
    };
    let word = |text: &str| Key {
        text: text.to_owned(),
        name: String::new(),
        back: 0,
        word: true,
    };
    let signs = [sign(".", "dot"), sign(":", "colon"), sign("-", "dash")];
    let verbs = ["startup", "cluster-health", "status", "nodes", "alarms"].map(word);
    let firing = help.firing.iter().map(|node| word(node));
    signs.into_iter().chain(verbs).chain(firing).collect()
}

fn examples(of: &[Offered]) -> AnyView {
    let rows = of
        .iter()
        .map(|one| {
            view! {
                <li class="item">
                    <a class="item-link" href=links::command(&one.line)>
                        <span class="mono">{one.line.clone()}</span>
                        <span class="meta">{one.what.clone()}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section id="examples">
            <h2>"Examples"</h2>
            <p class="meta">"A tap fills the line; Run runs it."</p>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}
