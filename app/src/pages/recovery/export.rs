//! What can be taken away: the report, the events, and with script a copy of the text.

use crate::links;
use crate::parts::form::{Weight, choice, link};
use crate::parts::icon::{Icon, icon};
use domain::id::RecoveryId;
use leptos::prelude::*;

/// The links, the choices behind them, and the buttons that a script brings to life.
pub fn export(id: RecoveryId) -> AnyView {
    let words = |all: [(&str, &str); 2]| {
        all.map(|(value, shown)| (value.to_owned(), shown.to_owned()))
            .to_vec()
    };
    let report = links::report(id);
    view! {
        <section class="stack" id="export">
            <h2>"Export"</h2>
            <div class="row" data-module="copy" data-report=report.clone()>
                {link(report.clone(), "Report (Markdown)", Weight::Plain)}
                <button class="button" type="button" data-copy="" hidden>{icon(Icon::Copy)} "Copy as text"</button>
                <button class="button" type="button" data-share="" hidden>{icon(Icon::Share)} "Share"</button>
                <p class="meta" role="status" data-said=""></p>
            </div>
            <details class="fold" id="choices">
                <summary>"Other forms"</summary>
                <form method="get" action=report class="stack inside">
                    {choice("view", "Events", words([("everything", "All of them"), ("story", "The story")]), "everything")}
                    {choice("names", "Names of persons", words([("yes", "Shown"), ("no", "Numbered")]), "yes")}
                    <div class="field">
                        <label for="zone">"Zone"</label>
                        <p class="hint" id="zone-hint">"UTC, or an offset like +02:00"</p>
                        <input type="text" id="zone" name="zone" value="UTC" class="mono" aria-describedby="zone-hint" autocomplete="off" autocapitalize="off" spellcheck="false"/>
                    </div>
                    <div class="row">
                        <button class="button">"Markdown"</button>
                        <button class="button" formaction=links::events(id, "csv")>"CSV"</button>
                        <button class="button" formaction=links::events(id, "json")>"JSON"</button>
                    </div>
                </form>
            </details>
        </section>
    }
    .into_any()
}
