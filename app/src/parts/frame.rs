//! What stands around every page: title, age, banner, content, the command line and the tabs.

use super::{error, switch, time};
use crate::desk::views::SwitchView;
use crate::door::FlashKind;
use crate::links;
use jiff::Timestamp;
use leptos::prelude::*;
use leptos_meta::Title;

/// The tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// What is firing and recovering.
    Now,
    /// Health.
    Clusters,
    /// Past recoveries.
    Timeline,
    /// Patterns.
    Rules,
    /// The rest.
    Settings,
    /// None of them: the command page and pages without a session.
    None,
}

impl Tab {
    const ALL: [(Self, &'static str, &'static str, &'static str); 5] = [
        (Self::Now, "Now", links::NOW, "M3 12h4l3-8 4 16 3-8h4"),
        (
            Self::Clusters,
            "Clusters",
            links::CLUSTERS,
            "M4 4h7v7H4Zm9 0h7v7h-7Zm-9 9h7v7H4Zm9 0h7v7h-7Z",
        ),
        (
            Self::Timeline,
            "Timeline",
            links::TIMELINE,
            "M12 3a9 9 0 1 0 .1 0M12 7v5l4 2",
        ),
        (
            Self::Rules,
            "Rules",
            links::RULES,
            "M4 6h16M4 12h10M4 18h7m6-5 4 4-4 4",
        ),
        (
            Self::Settings,
            "Settings",
            links::SETTINGS,
            "M4 7h10m4 0h2M4 17h2m4 0h10M14 4v6M8 14v6",
        ),
    ];
}

/// How a page keeps itself new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// It shows what was so when it was asked for.
    No,
    /// It takes part in all news.
    All,
    /// In news of recoveries and switches; its own facts are too dear to be read all the time.
    Recoveries,
}

/// One page.
pub struct Frame {
    /// Heading and title.
    pub title: String,
    /// The tab that is lit.
    pub tab: Tab,
    /// When it was drawn, on the product's clock.
    pub now: Timestamp,
    /// How it keeps itself new.
    pub live: Live,
    /// Switches for the banner.
    pub switches: Vec<SwitchView>,
    /// Whether the person may throw them.
    pub may: bool,
    /// What the last act had to say.
    pub flash: Option<FlashKind>,
    /// What the page is about.
    pub body: AnyView,
}

/// Draws it.
pub fn frame(of: Frame) -> AnyView {
    let wrong = of.flash.as_ref().is_some_and(|flash| {
        matches!(
            flash,
            FlashKind::Refused(_) | FlashKind::Unsaid { .. } | FlashKind::Unsaved { .. }
        )
    });
    let title = if wrong {
        format!("Error: {}", of.title)
    } else {
        of.title.clone()
    };
    let live = (of.live != Live::No).then_some(links::LIVE);
    let names = match of.live {
        Live::No => None,
        Live::All => Some("change recovery alarm switch health storm cordon reset"),
        Live::Recoveries => Some("change recovery switch reset"),
    };
    view! {
        <Title text=title/>
        <a class="skip" href="#content">"Skip to content"</a>
        <header class="top">
            <div class="grow">
                <h1 id="title" data-live-part="">{of.title}</h1>
                <p class="meta" id="connection" data-live-part="">{connection(of.now, of.live)}</p>
            </div>
            {of.may.then(|| switch::throw(&of.switches))}
        </header>
        <main id="content" data-live=live data-live-on=names>
            <div id="switches" data-live-part="">{switch::banner(&of.switches, of.now)}</div>
            <p id="island-trouble" class="card" role="status" hidden>
                "Live features did not load. Everything works without them; reload to try again."
            </p>
            {of.flash.as_ref().map(error::flash)}
            {of.body}
            {live.map(|_| view! { <p class="on-still"><a class="button" href="">"Refresh"</a></p> })}
        </main>
        {dock(of.tab)}
    }
    .into_any()
}

/// A page without a session: no tabs, nothing to lead astray.
pub fn bare(title: &'static str, body: AnyView) -> AnyView {
    view! {
        <Title text=title/>
        <header class="top">
            <h1>{title}</h1>
        </header>
        <main id="content">{body}</main>
    }
    .into_any()
}

fn connection(now: Timestamp, live: Live) -> AnyView {
    let at = time::clock(now);
    if live == Live::No {
        return view! { <span>{format!("As of {at} UTC")}</span> }.into_any();
    }
    // The live module marks the document; the sheet shows the line that is true.
    view! {
        <span class="on-still">{format!("As of {at} UTC")}</span>
        <span class="on-live">{format!("Live, updated {at} UTC")}</span>
        <span class="on-lost">{format!("Reconnecting, last {at} UTC")}</span>
    }
    .into_any()
}

fn dock(lit: Tab) -> AnyView {
    let tabs = Tab::ALL
        .into_iter()
        .map(|(tab, word, href, path)| {
            view! {
                <a href=href aria-current=(tab == lit).then_some("page")>
                    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
                        <path d=path fill="none" stroke="currentColor" stroke-width="2"></path>
                    </svg>
                    {word}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="dock" aria-label="Main">
            <a class="command" href=links::COMMAND>
                <span aria-hidden="true" class="mono">"›"</span>
                " Command"
            </a>
            <div class="tabs">{tabs}</div>
        </nav>
    }
    .into_any()
}
