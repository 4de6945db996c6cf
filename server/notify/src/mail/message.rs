//! The text of a mail: a letter in plain words, with the headers that keep the mails of one recovery together.

use crate::webhook::link;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::message::{About, Channel};
use engine::ports::Letter;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use ring::digest::{SHA256, digest};
use std::time::SystemTime;

/// The whole message as it goes over the wire.
pub fn compose(
    letter: &Letter,
    from: &Mailbox,
    to: &[Mailbox],
    public_url: &str,
) -> Result<Vec<u8>, String> {
    let domain = from.email.domain();
    // Nobody ever sent a message of this id: it stands for the thing that all these mails are about.
    let thread = format!("<{}@{domain}>", letter.about.key());
    let mut message = Message::builder()
        .from(from.clone())
        .subject(line(&letter.title))
        .date(SystemTime::from(letter.written_at))
        .message_id(Some(format!("<{}@{domain}>", id(letter))))
        .in_reply_to(thread.clone())
        .references(thread)
        .header(ContentType::TEXT_PLAIN)
        .raw_header(raw("Auto-Submitted", "auto-generated"));
    if letter.channel == Channel::Important {
        message = message
            .raw_header(raw("X-Priority", "1"))
            .raw_header(raw("Importance", "high"));
    }
    for one in to {
        message = message.to(one.clone());
    }
    let built = message.body(body(letter, public_url));
    let built = built.map_err(|error| format!("the mail could not be written: {error}"))?;
    Ok(built.formatted())
}

/// The same for every try. Who shows a letter's id has got it, so the servers on the way see only what it hashes to.
fn id(letter: &Letter) -> String {
    let hash = digest(&SHA256, letter.id.as_bytes());
    let half: Vec<u8> = hash.as_ref().iter().copied().take(16).collect();
    URL_SAFE_NO_PAD.encode(half)
}

fn body(letter: &Letter, public_url: &str) -> String {
    let about = match letter.about {
        About::Test => "This is a test.".to_owned(),
        about => format!("This is about {}.", about.key().replace('-', " ")),
    };
    let said = letter.body.replace("\r\n", "\n");
    let said: String = said
        .chars()
        .filter(|one| !one.is_control() || matches!(one, '\n' | '\t'))
        .collect();
    let link = link(letter, public_url);
    format!("{said}\n\n{link}\n{about} Nobody reads an answer to this mail.")
}

/// One line without anything that cannot be seen; the rest of what a header needs is lettre's.
fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    line.chars().filter(|one| !one.is_control()).collect()
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
