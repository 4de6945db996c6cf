//! Mail: writes a letter as a message and hands it to one SMTP server.

mod message;
mod talk;

use crate::Ask;
use engine::ports::{Delivery, Letter};
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use talk::Server;

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// From the first byte on, as on port 465.
    Required,
    /// After a greeting in the clear, as on port 587; a server that does not offer it is told nothing.
    Starttls,
    /// Not at all: only for a relay on this machine or in a net that is trusted. A password goes this way only within
    /// this machine.
    None,
}

/// Which server, and as who.
pub struct Settings {
    /// Its name or IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way is protected.
    pub tls: Tls,
    /// Who sends: `uncordon@example.com` or `Uncordon <uncordon@example.com>`.
    pub from: String,
    /// As who it logs in; without it, it does not.
    pub user: Option<String>,
    /// The password of `user`.
    pub password: Option<Ask>,
    /// Where the links of messages lead.
    pub public_url: String,
}

/// The way to mailboxes.
pub struct Mail {
    server: Server,
    from: Mailbox,
    public_url: String,
}

impl Mail {
    /// Checks the settings; nothing is sent. The error is a sentence.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let from = mailbox(&settings.from)?;
        let public_url = settings.public_url.clone();
        let server = Server::new(settings)?;
        Ok(Self {
            server,
            from,
            public_url,
        })
    }

    /// Hands one message over for all of `to` at once, within 10 s.
    ///
    /// Whom the server accepts gets it even where it does not accept another of them. The answer is then what became of
    /// the other, and its words say that the rest have it: a wrong address shows, and a try that follows sends the rest
    /// a message with the same id.
    pub async fn deliver(&self, to: &[String], letter: &Letter) -> Delivery {
        let to: Result<Vec<Mailbox>, String> = to.iter().map(|one| mailbox(one)).collect();
        let to = match to {
            Ok(to) if to.is_empty() => return Delivery::Refused("mail to nobody".to_owned()),
            Ok(to) => to,
            Err(why) => return Delivery::Refused(why),
        };
        match message::compose(letter, &self.from, &to, &self.public_url) {
            Ok(text) => self.server.send(&self.from, &to, &text).await,
            Err(why) => Delivery::Refused(why),
        }
    }

    /// Whether the server can be reached, trusted and logged in to, within 10 s; sends nothing. The error is a sentence.
    pub async fn ready(&self) -> Result<(), String> {
        self.server.ready().await
    }
}

/// Whether this is a mail address; the error is a sentence.
pub fn address(text: &str) -> Result<(), String> {
    mailbox(text).map(drop)
}

fn mailbox(text: &str) -> Result<Mailbox, String> {
    let bad = |why: &str| format!("{text:?} is not a mail address: {why}");
    if text.chars().any(char::is_control) {
        return Err(bad("it holds a character that cannot be seen"));
    }
    let parsed: Mailbox = text
        .trim()
        .parse()
        .map_err(|_| bad("expected name@host or Name <name@host>"))?;
    // Not every server takes others, and a pager must not depend on that.
    if !AsRef::<str>::as_ref(&parsed.email).is_ascii() {
        return Err(bad("only ASCII can be sent; write the domain as xn--.."));
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_checked_before_a_server_is_asked() {
        for good in [
            "ops@example.test",
            " ops+night@example.test ",
            "Nocna Zmiana <ops@example.test>",
            "Zmiana łódzka <ops@example.test>",
            "root@localhost",
        ] {
            assert_eq!(address(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "ops",
            "ops@",
            "@example.test",
            "ops@example.test, two@example.test",
            "ops@example.test>\r\nRCPT TO:<evil@example.test",
            "Ops\r\nBcc: evil@example.test <ops@example.test>",
            "żaba@example.test",
            "ops@łódź.test",
        ] {
            assert!(
                address(bad).is_err_and(|why| why.contains("not a mail address")),
                "{bad}"
            );
        }
    }
}
