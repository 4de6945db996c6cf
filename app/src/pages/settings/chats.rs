//! Chats: how each is doing, what its rooms were told, and who you are in them.

use crate::desk::views::{ChatLinkView, ChatRoomView, ChatView, ChatsView};
use crate::links::acts;
use crate::parts::device::{hears, sent};
use crate::parts::form::{Weight, button, plain};
use crate::parts::status::{Shape, tag};
use crate::parts::time::{ago, moment};
use jiff::Timestamp;
use leptos::prelude::*;

pub fn group(view: &ChatsView, now: Timestamp) -> AnyView {
    let chats = if view.chats.is_empty() {
        view! { <p class="empty">"No chat is set up. An admin adds one as [[chat]] in the config."</p> }.into_any()
    } else {
        let rows = view.chats.iter().map(|one| chat(one, now)).collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <section id="chats">
            <h2>"Chats"</h2>
            {chats}
            {you(view, now)}
        </section>
    }
    .into_any()
}

fn chat(of: &ChatView, now: Timestamp) -> AnyView {
    view! {
        <li class="item device" data-chat=of.name.clone()>
            <span class="between"><strong>{of.name.clone()}</strong> <span class="meta">{of.kind.clone()}</span></span>
            {state(of, now)}
            <dl class="facts">
                <dt>"Last heard"</dt>
                <dd>{at(of.last_heard, now)}</dd>
                <dt>"Last answer"</dt>
                <dd>{at(of.last_answer, now)}</dd>
                {trouble(of, now)}
            </dl>
            {rooms(&of.rooms, now)}
        </li>
    }
    .into_any()
}

/// The last error stands in the state while there is no connection, and with the facts while there is one.
fn state(of: &ChatView, now: Timestamp) -> AnyView {
    match (of.listening_since, &of.trouble) {
        (Some(since), _) => view! {
            <p>{tag(Shape::Ready, "Listening")} " since " {moment(since, now)}</p>
        }
        .into_any(),
        (None, Some((at, why))) => view! {
            <p class="warnings">
                {tag(Shape::Down, "Not connected")} " " {why.clone()} ", at " {moment(*at, now)}
            </p>
        }
        .into_any(),
        (None, None) => view! {
            <p>{tag(Shape::Unknown, "Not connected")} " It has not been reached yet."</p>
        }
        .into_any(),
    }
}

fn trouble(of: &ChatView, now: Timestamp) -> AnyView {
    of.listening_since
        .and(of.trouble.as_ref())
        .map(|(at, why)| {
            view! { <dt>"Last error"</dt> <dd>{moment(*at, now)} ": " {why.clone()}</dd> }
        })
        .into_any()
}

fn at(when: Option<Timestamp>, now: Timestamp) -> AnyView {
    when.map_or_else(|| "not yet".into_any(), |at| moment(at, now))
}

fn rooms(all: &[ChatRoomView], now: Timestamp) -> AnyView {
    if all.is_empty() {
        return view! { <p class="meta">"No room there is told. It answers to whoever speaks to it."</p> }
            .into_any();
    }
    all.iter()
        .map(|one| room(one, now))
        .collect_view()
        .into_any()
}

fn room(of: &ChatRoomView, now: Timestamp) -> AnyView {
    let last = match &of.last {
        None => "Nothing was told there yet.".into_any(),
        Some(last) => view! {
            {format!("{}, ", last.title)} {ago(last.written_at, now)} ": " {sent(last)}
        }
        .into_any(),
    };
    view! {
        <p class="meta">
            <span class="ip">{of.id.clone()}</span> {format!(" hears {}. ", hears(&of.channels))} {last}
        </p>
    }
    .into_any()
}

/// Where the person is known, and the way to become known; without a chat there is nowhere to say a code.
fn you(view: &ChatsView, now: Timestamp) -> AnyView {
    if view.chats.is_empty() && view.mine.is_empty() {
        return ().into_any();
    }
    let links = if view.mine.is_empty() {
        view! { <p class="empty">"No chat knows you yet. What you say there is not said as you."</p> }
            .into_any()
    } else {
        let rows = view.mine.iter().map(|one| mine(one, now)).collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    let code = (!view.chats.is_empty()).then(|| {
        view! {
            {plain(acts::SHOW_LINK_CODE, "Show a link code")}
            <p class="meta">"Say it to Uncordon in a chat: from then on that user is you there. A newer code replaces it."</p>
        }
    });
    view! { <h3>"You in chats"</h3> {links} {code} }.into_any()
}

fn mine(of: &ChatLinkView, now: Timestamp) -> AnyView {
    view! {
        <li class="item">
            <span class="between">
                <strong>{of.chat.clone()}</strong>
                <span class="meta">"since " {moment(of.since, now)}</span>
            </span>
            <span class="ip">{of.user.clone()}</span>
            {button(
                acts::UNLINK_CHAT,
                format!("Unlink {} in {}", of.user, of.chat),
                Weight::Danger,
                vec![("chat", of.chat.clone()), ("user", of.user.clone())],
            )}
        </li>
    }
    .into_any()
}
