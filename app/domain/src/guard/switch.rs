//! The switch: what stands above all limits.

use serde::{Deserialize, Serialize};

/// The kill switch (contract part 6); of two the stricter wins.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Everything works.
    #[default]
    Run,
    /// Nothing automatic begins and no automatic power is used.
    Pause,
    /// Reads only, and undo by hand.
    Freeze,
}

impl Switch {
    /// All positions, mildest first.
    pub const ALL: [Self; 3] = [Self::Run, Self::Pause, Self::Freeze];

    /// The word used in REST and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Pause => "pause",
            Self::Freeze => "freeze",
        }
    }

    /// The position of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}
