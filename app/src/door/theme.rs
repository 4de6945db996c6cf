//! How a person wants pages to look: kept in a cookie, so that the first byte of a page already has it.

/// The choice; light and dark follow the device unless one is named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// As the device says, with more contrast.
    More,
}

impl Theme {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::More];

    /// The word in the cookie, in the form and in `data-theme`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::More => "more",
        }
    }

    /// The theme of a word; anything else is the device's.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|theme| theme.word() == word);
        known.unwrap_or_default()
    }
}
