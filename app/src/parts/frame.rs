//! What stands around every page: title, age, banner, content, the command line and the tabs.

use super::icon::{Icon, icon};
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
    const ALL: [(Self, &'static str, &'static str, Icon); 5] = [
        (Self::Now, "Now", links::NOW, Icon::Now),
        (Self::Clusters, "Clusters", links::CLUSTERS, Icon::Clusters),
        (Self::Timeline, "Timeline", links::TIMELINE, Icon::Timeline),
        (Self::Rules, "Rules", links::RULES, Icon::Rules),
        (Self::Settings, "Settings", links::SETTINGS, Icon::Settings),
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
    /// Alarms that fire and nobody has acknowledged: the number on the app's icon.
    pub badge: Option<u32>,
    /// How much faster than the wall the product's clock runs.
    pub speed: f64,
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
        Live::All => Some("change recovery alarm switch health storm incident cordon reset"),
        Live::Recoveries => Some("change recovery switch reset"),
    };
    view! {
        <Title text=title/>
        <a class="skip" href="#content">"Skip to content"</a>
        <header class="top">
            {back(of.tab)}
            <div class="grow">
                <h1 id="title" data-live-part="">{of.title}</h1>
                <p class="meta" id="connection" data-live-part="">{connection(of.now, of.speed)}</p>
            </div>
            <div id="throw" data-live-part="">{of.may.then(|| switch::throw(&of.switches))}</div>
        </header>
        <main id="content" data-badge=of.badge.map(|count| count.to_string()) data-live=live data-live-on=names>
            {notice()}
            <div id="switches" data-live-part="">{switch::banner(&of.switches, of.now)}</div>
            <p id="island-trouble" class="card" role="status" hidden>
                "Live features did not load. Everything works without them; reload to try again."
            </p>
            {of.flash.as_ref().map(error::flash)}
            {of.body}
            <p class="refresh"><a class="button" href="">"Refresh"</a></p>
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
        <main id="content">{notice()} {body}</main>
    }
    .into_any()
}

/// The same with the way to every other page: for one that is kept on the device and knows nobody.
pub fn adrift(title: &'static str, body: AnyView) -> AnyView {
    view! { {bare(title, body)} {dock(Tab::None)} }.into_any()
}

/// Where the script says the one thing that matters most about this page: how old it is, what was not confirmed.
fn notice() -> AnyView {
    view! { <div id="notice" role="status"></div> }.into_any()
}

/// The installed app has no bar of a browser. The script goes back in time, the link goes up.
fn back(tab: Tab) -> AnyView {
    let up = Tab::ALL
        .iter()
        .find(|(one, ..)| *one == tab)
        .map_or(links::NOW, |(_, _, href, _)| href);
    view! {
        <a class="back" href=up data-back="" aria-label="Back">
            {icon(Icon::Back)}
        </a>
    }
    .into_any()
}

/// The time of the page by the server's clock; the script tells from it how old the page has become.
fn connection(now: Timestamp, speed: f64) -> AnyView {
    let at = time::clock(now);
    view! {
        <span data-now=time::stamp(now) data-speed=speed.to_string()>{format!("As of {at} UTC")}</span>
    }
    .into_any()
}

fn dock(lit: Tab) -> AnyView {
    let tabs = Tab::ALL
        .into_iter()
        .map(|(tab, word, href, shape)| {
            view! {
                <a href=href aria-current=(tab == lit).then_some("page")>
                    {icon(shape)}
                    {word}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="dock" aria-label="Main">
            <a class="command" href=links::COMMAND>
                {icon(Icon::Command)}
                "Command"
            </a>
            <div class="tabs">{tabs}</div>
        </nav>
    }
    .into_any()
}
