//! Status as shape, word and colour together; never colour alone.

use domain::health::Verdict;
use domain::recovery::State;
use domain::timeline::Look;
use leptos::prelude::*;

/// The shapes; each stands for one meaning everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Well: a filled circle.
    Ready,
    /// Not quite, or waiting: a triangle.
    Degraded,
    /// Down, failed, needs somebody: an octagon.
    Down,
    /// At work: an open ring.
    Recovering,
    /// Not known or not begun: a dashed diamond.
    Unknown,
    /// Held by hand: a square with a bar.
    Maintenance,
}

impl Shape {
    const fn class(self) -> &'static str {
        match self {
            Self::Ready => "st st-ready",
            Self::Degraded => "st st-degraded",
            Self::Down => "st st-down",
            Self::Recovering => "st st-recovering",
            Self::Unknown => "st st-unknown",
            Self::Maintenance => "st st-maintenance",
        }
    }

    fn glyph(self) -> AnyView {
        match self {
            Self::Ready => view! { <circle cx="8" cy="8" r="6" fill="currentColor"></circle> }.into_any(),
            Self::Degraded => {
                view! { <path d="M8 2 15 14H1Z" fill="currentColor"></path> }.into_any()
            }
            Self::Down => {
                view! { <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="currentColor"></path> }.into_any()
            }
            Self::Recovering => view! {
                <path d="M8 2a6 6 0 1 0 6 6" fill="none" stroke="currentColor" stroke-width="2.5"></path>
            }
            .into_any(),
            Self::Unknown => view! {
                <path
                    d="M8 1.5 14.5 8 8 14.5 1.5 8Z"
                    fill="none"
                    stroke="currentColor"
                    stroke-width="2"
                    stroke-dasharray="3 2"
                ></path>
            }
            .into_any(),
            Self::Maintenance => view! {
                <path d="M2 2h12v12H2Zm3 5v2h6V7Z" fill="currentColor" fill-rule="evenodd"></path>
            }
            .into_any(),
        }
    }
}

/// Glyph and word.
pub fn tag(shape: Shape, word: impl Into<String>) -> AnyView {
    view! {
        <span class=shape.class()>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                {shape.glyph()}
            </svg>
            <span>{word.into()}</span>
        </span>
    }
    .into_any()
}

/// A recovery's state; `asked` when it waits for a person and for nothing else.
pub fn of_state(state: State, asked: bool) -> AnyView {
    match state {
        State::Waiting if asked => tag(Shape::Degraded, "Waits for you"),
        State::Waiting => tag(Shape::Degraded, "Waiting"),
        State::Running => tag(Shape::Recovering, "Recovering"),
        State::Recovered => tag(Shape::Ready, "Recovered"),
        State::NeedsHuman => tag(Shape::Down, "Needs you"),
        State::Cancelled => tag(Shape::Maintenance, "Stopped"),
        State::Refused => tag(Shape::Unknown, "Refused"),
    }
}

/// A cluster's verdict.
pub fn of_verdict(verdict: Verdict) -> AnyView {
    match verdict {
        Verdict::Healthy => tag(Shape::Ready, "Healthy"),
        Verdict::Degraded => tag(Shape::Degraded, "Degraded"),
        Verdict::Down => tag(Shape::Down, "Down"),
        Verdict::Blind => tag(Shape::Unknown, "Blind"),
    }
}

/// A step or event.
pub fn of_look(look: Look) -> AnyView {
    let (shape, word) = looks(look);
    tag(shape, word)
}

/// Shape and word of a step or event.
pub const fn looks(look: Look) -> (Shape, &'static str) {
    match look {
        Look::Pending => (Shape::Unknown, "Not begun"),
        Look::Active => (Shape::Recovering, "Under way"),
        Look::Waiting => (Shape::Degraded, "Waiting"),
        Look::Done => (Shape::Ready, "Done"),
        Look::Skipped => (Shape::Maintenance, "Not needed"),
        Look::Failed => (Shape::Down, "Failed"),
        Look::Note => (Shape::Unknown, "Note"),
    }
}
