//! What a fault does to a call.

use serde::{Deserialize, Serialize};

/// What a fault does; on the wire one word or the status to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Effect {
    /// `refuse`: the connection closes without an answer; nothing happens.
    Refuse,
    /// `"500"`, `"429"`, .. or `conflict`: this status; nothing happens.
    Answer(u16),
    /// `hang`: no answer, ever; nothing happens.
    Hang,
    /// `drop_after_accept`: it happens, and the connection closes without an answer.
    DropAfterAccept,
    /// `capacity`: a start is accepted and fails for want of room.
    Capacity,
    /// `cut_watch`: watches end without warning.
    CutWatch,
    /// `slow`: it happens after `delay_ms`.
    Slow,
    /// `skew`: it happens, and the answer says it is `delay_ms` earlier than it is.
    Skew,
}

impl TryFrom<String> for Effect {
    type Error = String;

    fn try_from(word: String) -> Result<Effect, String> {
        match (word.as_str(), word.parse::<u16>()) {
            ("refuse", _) => Ok(Effect::Refuse),
            ("conflict", _) => Ok(Effect::Answer(409)),
            ("hang", _) => Ok(Effect::Hang),
            ("drop_after_accept", _) => Ok(Effect::DropAfterAccept),
            ("capacity", _) => Ok(Effect::Capacity),
            ("cut_watch", _) => Ok(Effect::CutWatch),
            ("slow", _) => Ok(Effect::Slow),
            ("skew", _) => Ok(Effect::Skew),
            (_, Ok(status)) if (400..600).contains(&status) => Ok(Effect::Answer(status)),
            (other, _) => Err(format!(
                "{other:?} is no fault; one of refuse, conflict, hang, drop_after_accept, capacity, cut_watch, slow, skew or a status from \"400\" to \"599\" was expected"
            )),
        }
    }
}

impl From<Effect> for String {
    fn from(effect: Effect) -> String {
        match effect {
            Effect::Refuse => "refuse".to_owned(),
            Effect::Answer(status) => status.to_string(),
            Effect::Hang => "hang".to_owned(),
            Effect::DropAfterAccept => "drop_after_accept".to_owned(),
            Effect::Capacity => "capacity".to_owned(),
            Effect::CutWatch => "cut_watch".to_owned(),
            Effect::Slow => "slow".to_owned(),
            Effect::Skew => "skew".to_owned(),
        }
    }
}
