//! What we said of a recovery in chats: kept beside its log, told in its timeline.

use super::{Line, Look, Timeline};
use crate::trigger::Actor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The kind of such a line.
const KIND: &str = "told";

/// One message of ours in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatWord {
    /// When the chat had taken it.
    pub at: Timestamp,
    /// The chat, by its name in the config.
    pub chat: String,
    /// The room there; for a message to one person alone, that person's id there.
    pub room: String,
    /// The message's id there.
    pub message: String,
    /// The message of a person that it answers.
    pub answers: Option<String>,
    /// What was said at first; the message of a recovery is changed in its place later.
    pub text: String,
}

impl ChatWord {
    /// As a line: it is no event of the log and has no number of its own.
    fn line(&self) -> Line {
        let answers = self
            .answers
            .as_ref()
            .map(|message| format!(", answers message {message}"))
            .unwrap_or_default();
        Line {
            n: 0,
            at: self.at,
            happened_at: None,
            actor: Actor::Uncordon,
            look: Look::Note,
            title: "Told in a chat".to_owned(),
            text: format!(
                "{} (chat {}, room {}, message {}{answers})",
                self.text, self.chat, self.room, self.message
            ),
            kind: KIND.to_owned(),
            starred: false,
        }
    }
}

impl Timeline {
    /// Every event and every message of ours, by the time they were recorded; what is no event has the number 0.
    pub fn everything(&self) -> Vec<Line> {
        let mut all = self.lines.clone();
        all.extend(self.words.iter().map(ChatWord::line));
        // Stable: events keep the order of the log.
        all.sort_by_key(|line| line.at);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_of_ours_names_its_chat_its_room_and_what_it_answers() {
        let word = ChatWord {
            at: Timestamp::UNIX_EPOCH,
            chat: "ops".to_owned(),
            room: "C1".to_owned(),
            message: "171.2".to_owned(),
            answers: Some("171.1".to_owned()),
            text: "Recovery 7 began.".to_owned(),
        };
        let line = word.line();
        assert_eq!((line.n, line.kind.as_str()), (0, "told"));
        assert_eq!(
            line.text,
            "Recovery 7 began. (chat ops, room C1, message 171.2, answers message 171.1)"
        );
    }
}
