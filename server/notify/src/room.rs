//! A letter as something that is said in a room of a chat, with buttons where a person is asked.

use domain::message::{About, Stage};
use engine::ports::{Button, Letter, Saying};

/// What is said of it. `thread`: the message that the thing has there already.
pub fn saying(letter: &Letter, room: &str, thread: Option<&str>, public_url: &str) -> Saying {
    let link = format!("{}{}", public_url.trim_end_matches('/'), letter.path);
    Saying {
        key: letter.id.clone(),
        room: room.to_owned(),
        thread: thread.map(str::to_owned),
        only_to: None,
        text: [letter.title.as_str(), letter.body.as_str(), link.as_str()].join("\n"),
        buttons: buttons(letter),
    }
}

fn buttons(letter: &Letter) -> Vec<Button> {
    let About::Recovery(id) = letter.about else {
        return Vec::new();
    };
    let one = |label: &str, verb: &str| Button {
        label: label.to_owned(),
        line: format!("{verb} {}", id.0),
    };
    match letter.stage {
        Stage::ApprovalAsked => vec![one("Approve", "approve"), one("Stop", "stop")],
        Stage::Veto => vec![one("Start now", "approve"), one("Stop", "stop")],
        Stage::Began => vec![one("Stop", "stop")],
        Stage::NeedsHuman | Stage::Escalated => vec![one("I have it", "ack")],
        Stage::Acknowledged
        | Stage::Recovered
        | Stage::Ended
        | Stage::Tripped
        | Stage::Closed
        | Stage::HostDown
        | Stage::HostBack
        | Stage::NeedsLook
        | Stage::Expires
        | Stage::Test => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::RecoveryId;
    use domain::message::Channel;
    use engine::ports::{Recipient, Way};
    use jiff::Timestamp;

    fn letter(about: About, stage: Stage) -> Letter {
        Letter {
            id: "x".to_owned(),
            to: Recipient::Webhook(String::new()),
            way: Way::Webhook(String::new()),
            about,
            stage,
            channel: Channel::Important,
            title: "node-12 waits for your yes".to_owned(),
            body: "prod: why".to_owned(),
            path: "/recoveries/7".to_owned(),
            until: Timestamp::UNIX_EPOCH,
            written_at: Timestamp::UNIX_EPOCH,
            tries: 0,
            in_doubt: false,
        }
    }

    fn lines(about: About, stage: Stage) -> Vec<String> {
        let said = saying(&letter(about, stage), "C1", None, "https://u.test/");
        said.buttons.into_iter().map(|one| one.line).collect()
    }

    #[test]
    fn who_is_asked_has_a_button_for_each_answer_and_who_is_told_has_none() {
        let recovery = About::Recovery(RecoveryId(7));
        assert_eq!(
            lines(recovery, Stage::ApprovalAsked),
            ["approve 7", "stop 7"]
        );
        assert_eq!(lines(recovery, Stage::Veto), ["approve 7", "stop 7"]);
        assert_eq!(lines(recovery, Stage::Began), ["stop 7"]);
        assert_eq!(lines(recovery, Stage::NeedsHuman), ["ack 7"]);
        assert_eq!(lines(recovery, Stage::Recovered), [""; 0]);
        assert_eq!(lines(About::Storm(3), Stage::NeedsHuman), [""; 0]);
    }

    #[test]
    fn a_letter_says_what_it_is_about_and_leads_to_its_page() {
        let asked = letter(About::Recovery(RecoveryId(7)), Stage::ApprovalAsked);
        let said = saying(&asked, "C1", Some("root"), "https://u.test/");
        assert_eq!(
            said.text,
            "node-12 waits for your yes\nprod: why\nhttps://u.test/recoveries/7"
        );
        assert_eq!(said.thread.as_deref(), Some("root"));
    }
}
