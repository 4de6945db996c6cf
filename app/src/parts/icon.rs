//! Line icons of one set: 24 px, 2 px stroke, drawn where they stand.
//!
//! There is no sprite file on purpose: a path repeated in a page costs about ten packed bytes, a file one request.

use leptos::prelude::*;

/// The icons, by what they mean and not by what they show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    /// The first tab.
    Now,
    /// The tab of clusters and nodes.
    Clusters,
    /// The tab of the past, and any time.
    Timeline,
    /// The tab of rules.
    Rules,
    /// The tab of settings.
    Settings,
    /// The command line.
    Command,
    /// A machine's power.
    Power,
    /// Begin or go on.
    Start,
    /// Hold back.
    Pause,
    /// Hold everything still.
    Freeze,
    /// Read again.
    Refresh,
    /// One page up.
    Back,
    /// Leads on.
    Go,
    /// Opens below.
    Down,
    /// Done.
    Check,
    /// Close or take away.
    Close,
    /// Add.
    Plus,
    /// Write.
    Edit,
    /// Kept in its place.
    Pin,
    /// Part of the story.
    Star,
    /// Copy as text.
    Copy,
    /// Hand on to another app.
    Share,
    /// Save as a file, or install.
    Download,
    /// Notifications.
    Bell,
    /// A device.
    Phone,
    /// Held by a guard.
    Lock,
    /// Look before you act.
    Warning,
    /// Worth knowing.
    Info,
    /// No connection.
    Offline,
    /// Look for.
    Search,
    /// Show less of a list.
    Filter,
    /// Somebody.
    Person,
    /// Remove.
    Trash,
    /// Try out.
    Test,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Now => "M3 12h4l3-8 4 16 3-8h4",
            Self::Clusters => {
                "M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"
            }
            Self::Timeline => "M12 3a9 9 0 1 0 .01 0M12 7v5l3.5 2",
            Self::Rules => "M4 6h16M4 12h8M4 18h6M15 14l4 3.5-4 3.5",
            Self::Settings => "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
            Self::Command => "M5 6l6 6-6 6M13 18h6",
            Self::Power => "M12 3v8M7 6a8 8 0 1 0 10 0",
            Self::Start => "M7 5l12 7-12 7z",
            Self::Pause => "M8 5v14M16 5v14",
            Self::Freeze => "M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9M9 4.5l3 3 3-3M9 19.5l3-3 3 3",
            Self::Refresh => "M20 5v5h-5M19 10a8 8 0 1 0 1 5",
            Self::Back => "M11 5l-7 7 7 7M4 12h16",
            Self::Go => "M9 5l7 7-7 7",
            Self::Down => "M5 9l7 7 7-7",
            Self::Check => "M4 12.5l5 5L20 6.5",
            Self::Close => "M5 5l14 14M19 5L5 19",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Edit => "M4 20l1-4L16 5l3 3L8 19z",
            Self::Pin => "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
            Self::Star => "M12 4l2.4 5 5.6.7-4 3.9 1 5.4-5-2.7-5 2.7 1-5.4-4-3.9 5.6-.7z",
            Self::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
            Self::Share => "M12 15V4M8 8l4-4 4 4M5 12v8h14v-8",
            Self::Download => "M12 4v11M8 11l4 4 4-4M5 20h14",
            Self::Bell => "M6 17v-6a6 6 0 0 1 12 0v6l2 1H4zM10 21h4",
            Self::Phone => "M7 3h10v18H7zM11 18h2",
            Self::Lock => "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
            Self::Warning => "M12 4l9 16H3zM12 10v4M12 17v.01",
            Self::Info => "M12 3a9 9 0 1 0 .01 0M12 11v5M12 8v.01",
            Self::Offline => "M4 4l16 16M8 8a5 5 0 0 0-1 10h9M19 17a4 4 0 0 0-2-7.5A6 6 0 0 0 12 6",
            Self::Search => "M11 4a7 7 0 1 0 .01 0M16 16l5 5",
            Self::Filter => "M4 6h16M7 12h10M10 18h4",
            Self::Person => "M12 4a4 4 0 1 0 .01 0M4 21c0-5 4-7 8-7s8 2 8 7",
            Self::Trash => "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
            Self::Test => "M9 4h6M10 4v6L5 20h14l-5-10V4",
        }
    }
}

/// Draws one; a word always stands beside it, so it says nothing to a screen reader.
pub fn icon(of: Icon) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d=of.path()></path>
        </svg>
    }
    .into_any()
}
