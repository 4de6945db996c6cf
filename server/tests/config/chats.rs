//! Chats, mail, the order of people and the heartbeat: what is taken, and what is not and why.

use super::{fault, with};
use domain::message::Channel;
use server::config::{ChatKind, Config};
use std::path::Path;

fn parsed(text: &str) -> Config {
    Config::parse(text, Path::new("/etc/uncordon/uncordon.toml")).expect("valid")
}

/// The example's chat, of another kind.
fn of_kind(kind: &str, keys: &str) -> String {
    with("kind = \"matrix\"", &format!("kind = \"{kind}\"\n{keys}"))
}

#[test]
fn each_kind_of_chat_is_taken_with_what_it_needs() {
    for (kind, keys, expected) in [
        ("slack", "app_token_file = \"a\"", ChatKind::Slack),
        ("slack", "signing_file = \"a\"", ChatKind::Slack),
        (
            "mattermost",
            "hook_token_files = [\"a\"]",
            ChatKind::Mattermost,
        ),
        ("telegram", "", ChatKind::Telegram),
        (
            "telegram",
            "webhook_secret_file = \"a\"",
            ChatKind::Telegram,
        ),
        ("matrix", "", ChatKind::Matrix),
    ] {
        let config = parsed(&of_kind(kind, keys));
        assert_eq!(config.chats[0].kind, expected);
        assert_eq!(
            config.chats[0].rooms[0].channels,
            [Channel::Important, Channel::Default]
        );
        assert!(!keys.contains('a') || config.secret_files().contains(&"/etc/uncordon/a".into()));
    }
}

#[test]
fn what_a_chat_lacks_or_does_not_know_is_named() {
    for (text, expected) in [
        (
            of_kind("slack", ""),
            "chat.app_token_file: expected app_token_file (Socket Mode)",
        ),
        (
            of_kind("mattermost", ""),
            "chat.hook_token_files: expected the token",
        ),
        (
            of_kind("matrix", "signing_file = \"a\""),
            "chat.signing_file: expected only where kind = \"slack\"",
        ),
        (
            of_kind("matrix", "token_env = \"A\""),
            "chat.token_file: expected exactly one",
        ),
        (
            with("api_url = \"https://matrix.example\"", ""),
            "chat.api_url: expected the address",
        ),
        (
            with(
                "id = \"!ops:matrix.example\"",
                "id = \"x\"\nclusters = [\"edge\"]",
            ),
            "chat.room.clusters: no [[cluster]] is called edge",
        ),
        (
            with(
                "id = \"!ops:matrix.example\"",
                "id = \"x\"\n[[chat.room]]\nid = \"y\"\n[[chat.room]]\nid = \"x\"",
            ),
            "chat.room.id: x is given twice for ops",
        ),
        (
            with(
                "id = \"!ops:matrix.example\"",
                "id = \"x\"\nstages = [\"maybe\"]",
            ),
            "maybe",
        ),
    ] {
        let said = fault(&text);
        assert!(said.contains(expected) && said.contains("line "), "{said}");
    }
}

#[test]
fn a_pager_hears_of_ends_whatever_else_it_wants_to_hear() {
    let text = with("shape = \"plain\"", "shape = \"pagerduty\"");
    let wants = parsed(&text).notify.webhooks[0].wants();
    assert_eq!(
        (wants.channels, wants.ends),
        (vec![Channel::Important], true)
    );
    let plain = parsed(&with("", "")).notify.webhooks[0].wants();
    assert!(!plain.ends);
}

#[test]
fn what_mail_and_heartbeat_lack_is_named() {
    for (text, expected) in [
        (
            with("to = [\"ops@example.com\"]", "to = []"),
            "notify.mailbox.to",
        ),
        (
            with("from = \"uncordon@example.com\"", "from = \"nobody\""),
            "notify.smtp.from",
        ),
        (
            with("# user = \"uncordon\"", "user = \"uncordon\""),
            "notify.smtp.user",
        ),
        (
            with("every_s = 30", "every_s = 300"),
            "notify.heartbeat.every_s: expected 10 to 60",
        ),
        (
            with("url_file = \"/etc/uncordon/heartbeat-url\"", ""),
            "notify.heartbeat.url: expected exactly one",
        ),
    ] {
        let said = fault(&text);
        assert!(said.contains(expected), "{said}");
    }
    let ladder = parsed(super::EXAMPLE)
        .notify
        .escalation
        .expect("it is there");
    assert_eq!((ladder.after_s, ladder.people.len()), (300, 2));
}

/// The number of the first line that says this, after a line that says that.
fn line_of(text: &str, after: &str, line: &str) -> usize {
    let begin = text
        .lines()
        .position(|one| one == after)
        .expect("it is there");
    let rest = text.lines().skip(begin);
    1 + begin + rest.take_while(|one| *one != line).count()
}

#[test]
fn a_fault_is_told_at_the_line_of_its_key_whatever_else_stands_in_the_file() {
    for (block, line, other) in [
        ("[[chat]]", "name = \"ops\"", "name = \"o ps\""),
        (
            "[[chat]]",
            "api_url = \"https://matrix.example\"",
            "api_url = \"matrix\"",
        ),
        (
            "[[notify.mailbox]]",
            "to = [\"ops@example.com\"]",
            "to = [\"nobody\"]",
        ),
        ("[notify.heartbeat]", "every_s = 30", "every_s = 61"),
        (
            "[[notify.webhook]]",
            "# clusters = [\"prod\"]",
            "clusters = [\"edge\"]",
        ),
        (
            "[[chat.room]]",
            "id = \"!ops:matrix.example\"",
            "id = \"x\"\nclusters = [\"edge\"]",
        ),
    ] {
        let text = with(line, other);
        let last = other.lines().last().expect("it is a line");
        let expected = format!("line {}: ", line_of(&text, block, last));
        let said = fault(&text);
        assert!(said.contains(&expected), "{expected:?} is not in {said}");
    }
}

#[test]
fn a_password_in_two_places_is_not_taken() {
    let both = "user = \"u\"\npassword_file = \"p\"\npassword_env = \"P\"";
    let said = fault(&with("# user = \"uncordon\"", both));
    assert!(
        said.contains("exactly one of password_file and password_env"),
        "{said}"
    );
}

#[test]
fn files_of_tokens_are_shown_as_places_of_secrets() {
    let text = of_kind("mattermost", "hook_token_files = [\"a\", \"b\"]");
    let sections = parsed(&text).sections();
    let keys = sections.iter().flat_map(|section| &section.keys);
    let mut shown = keys.filter(|key| key.key == "hook_token_files");
    let key = shown.next().expect("it is shown");
    assert!(key.secret && key.value == "file a, b", "{key:?}");
}
