//! What a person chose for themselves: words are checked here, once for page, REST and store.

use serde::{Deserialize, Serialize};

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PreferenceKey {
    /// How long the start button must be held.
    Hold,
    /// Whether the phone shakes when a hold is ripe.
    Vibrate,
}

impl PreferenceKey {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Hold, Self::Vibrate];

    /// The word in the store, in REST and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Vibrate => "vibrate",
        }
    }

    /// The words it may have, the default first.
    pub const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Hold => &["off", "0.5", "0.8", "1.5"],
            Self::Vibrate => &["off", "on"],
        }
    }
}

/// How long the start button must be held before its release counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hold {
    /// One tap is enough.
    #[default]
    Off,
    /// So many milliseconds.
    Ms(u32),
}

/// All choices of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// How long the start button must be held.
    pub hold: Hold,
    /// Whether the phone shakes when a hold is ripe.
    pub vibrate: bool,
}

impl Preferences {
    /// Takes one choice over; a word that is none of its choices changes nothing.
    pub fn set(&mut self, key: PreferenceKey, word: &str) {
        match key {
            PreferenceKey::Hold => {
                self.hold = match word {
                    "off" => Hold::Off,
                    "0.5" => Hold::Ms(500),
                    "0.8" => Hold::Ms(800),
                    "1.5" => Hold::Ms(1500),
                    _ => self.hold,
                }
            }
            PreferenceKey::Vibrate => {
                self.vibrate = match word {
                    "on" => true,
                    "off" => false,
                    _ => self.vibrate,
                }
            }
        }
    }

    /// The word of one choice.
    pub const fn word(&self, key: PreferenceKey) -> &'static str {
        match (key, self.hold, self.vibrate) {
            (PreferenceKey::Hold, Hold::Off, _) => "off",
            (PreferenceKey::Hold, Hold::Ms(..=500), _) => "0.5",
            (PreferenceKey::Hold, Hold::Ms(..=800), _) => "0.8",
            (PreferenceKey::Hold, Hold::Ms(_), _) => "1.5",
            (PreferenceKey::Vibrate, _, true) => "on",
            (PreferenceKey::Vibrate, _, false) => "off",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_can_be_made_and_is_told_by_the_same_word() {
        for key in PreferenceKey::ALL {
            assert_eq!(Preferences::default().word(key), key.choices()[0]);
            for word in key.choices() {
                let mut mine = Preferences::default();
                mine.set(key, word);
                assert_eq!(mine.word(key), *word);
                mine.set(key, "nonsense");
                assert_eq!(mine.word(key), *word);
            }
        }
    }
}
