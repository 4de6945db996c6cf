//! One conversation with an SMTP server, and what its answers mean for the letter.

use super::{Settings, Tls};
use crate::Ask;
use crate::answer::{CONNECT, LIMIT, TEXT_MAX, innermost};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::ports::Delivery;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use reqwest::Url;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// How much of the time is kept for the goodbye, which changes nothing any more.
const GOODBYE: Duration = Duration::from_secs(1);

/// The server.
pub struct Server {
    host: String,
    port: u16,
    tls: Tls,
    parameters: Option<TlsParameters>,
    login: Option<(String, Ask)>,
    hello: ClientId,
}

impl Server {
    /// Checks the settings. The error is a sentence.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let host = settings.host;
        if host.is_empty()
            || host
                .chars()
                .any(|one| one.is_whitespace() || one.is_control())
        {
            return Err(format!(
                "mail server {host:?} is not valid: expected a name"
            ));
        }
        let login = match (settings.user, settings.password) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            (Some(_), None) => return Err("mail has a user but no password".to_owned()),
            (None, Some(_)) => return Err("mail has a password but no user".to_owned()),
        };
        if login.is_some() && settings.tls == Tls::None && !here(&host) {
            return Err(format!(
                "the password for {host} would cross the net in the clear: set tls to required or starttls"
            ));
        }
        let parameters = match settings.tls {
            Tls::None => None,
            Tls::Required | Tls::Starttls => Some(
                TlsParameters::new(host.clone())
                    .map_err(|error| format!("{host}: {}", innermost(&error)))?,
            ),
        };
        Ok(Self {
            host,
            port: settings.port,
            tls: settings.tls,
            parameters,
            login,
            hello: hello(&settings.public_url),
        })
    }

    /// Hands a message over for these recipients.
    pub async fn send(&self, from: &Mailbox, to: &[Mailbox], text: &[u8]) -> Delivery {
        let handed = AtomicBool::new(false);
        let talk = async {
            let mut line = match self.open().await {
                Ok(line) => line,
                Err(why) => return (why, None),
            };
            let came = self.hand(&mut line, from, to, text, &handed).await;
            (came.unwrap_or_else(|why| why), Some(line))
        };
        let (came, line) = match timeout(LIMIT.saturating_sub(GOODBYE), talk).await {
            Ok(ended) => ended,
            Err(_) if handed.load(Ordering::Relaxed) => (Delivery::Unknown(self.silent()), None),
            Err(_) => (later(self.silent()), None),
        };
        if let Some(line) = line {
            goodbye(line).await;
        }
        came
    }

    /// Everything but a message.
    pub async fn ready(&self) -> Result<(), String> {
        let talk = async {
            let mut line = self.open().await?;
            let heard = line.command(Noop).await;
            heard.map_err(|error| self.before(&error, &[]))?;
            Ok(line)
        };
        match timeout(LIMIT.saturating_sub(GOODBYE), talk).await {
            Ok(Ok(line)) => {
                goodbye(line).await;
                Ok(())
            }
            Ok(Err(why)) => Err(words(why)),
            Err(_) => Err(self.silent()),
        }
    }

    /// Connects, protects the way, and logs in.
    async fn open(&self) -> Result<AsyncSmtpConnection, Delivery> {
        let login = match &self.login {
            Some((user, ask)) => Some((user, ask().map_err(later)?)),
            None => None,
        };
        let at_once = (self.tls == Tls::Required)
            .then(|| self.parameters.clone())
            .flatten();
        let server = (self.host.as_str(), self.port);
        let mut line =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT), &self.hello, at_once, None)
                .await
                .map_err(|error| self.before(&error, &[]))?;
        if let (Tls::Starttls, Some(parameters)) = (self.tls, &self.parameters) {
            line.starttls(parameters.clone(), &self.hello)
                .await
                .map_err(|error| self.before(&error, &[]))?;
        }
        if let Some((user, password)) = login {
            let credentials = Credentials::new(user.clone(), password.clone());
            line.auth(DEFAULT_MECHANISMS, &credentials)
                .await
                .map_err(|error| self.before(&error, &shown(user, &password)))?;
        }
        Ok(line)
    }

    async fn hand(
        &self,
        line: &mut AsyncSmtpConnection,
        from: &Mailbox,
        to: &[Mailbox],
        text: &[u8],
        handed: &AtomicBool,
    ) -> Result<Delivery, Delivery> {
        let before = |error: Error| self.before(&error, &[]);
        let sender = Mail::new(Some(from.email.clone()), Vec::new());
        line.command(sender).await.map_err(before)?;
        let mut refused = Vec::new();
        for one in to {
            match line.command(Rcpt::new(one.email.clone(), Vec::new())).await {
                Ok(_) => {}
                Err(error) if error.status().is_some() => refused.push(before(error)),
                Err(error) => return Err(before(error)),
            }
        }
        if refused.len() == to.len() {
            return Ok(all(refused, ""));
        }
        line.command(Data).await.map_err(before)?;
        // From here on the server may have it, whatever becomes of the connection.
        handed.store(true, Ordering::Relaxed);
        match line.message(text).await {
            Ok(_) if refused.is_empty() => Ok(Delivery::Taken),
            Ok(_) => Ok(all(refused, "; the other recipients have it")),
            Err(error) if error.status().is_some() => Err(before(error)),
            Err(error) => Err(Delivery::Unknown(self.said(&error, &[]))),
        }
    }

    /// What an error means as long as no message was handed over.
    fn before(&self, error: &Error, secrets: &[String]) -> Delivery {
        let why = self.said(error, secrets);
        // Of the second kind is what this server cannot do: STARTTLS, or a way to log in.
        if error.is_permanent() || error.is_client() {
            Delivery::Refused(why)
        } else {
            later(why)
        }
    }

    fn said(&self, error: &Error, secrets: &[String]) -> String {
        let mut text = innermost(error);
        for secret in secrets.iter().filter(|one| !one.is_empty()) {
            text = text.replace(secret, "(hidden)");
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = text.chars().take(TEXT_MAX).collect();
        match error.status() {
            Some(code) => format!("{} answered {code} {text}", self.host)
                .trim_end()
                .to_owned(),
            None => format!("{}: {text}", self.host),
        }
    }

    fn silent(&self) -> String {
        format!("{} gave no answer in time", self.host)
    }
}

/// What became of recipients that were not accepted; worth another try as soon as it is for one of them.
fn all(refused: Vec<Delivery>, rest: &str) -> Delivery {
    let again = refused
        .iter()
        .any(|one| matches!(one, Delivery::Later { .. }));
    let why: Vec<String> = refused.into_iter().map(words).collect();
    let why = format!("{}{rest}", why.join("; "));
    if again {
        later(why)
    } else {
        Delivery::Refused(why)
    }
}

const fn later(why: String) -> Delivery {
    Delivery::Later { after: None, why }
}

fn words(delivery: Delivery) -> String {
    match delivery {
        Delivery::Taken | Delivery::Said(_) => String::new(),
        Delivery::Gone(why) | Delivery::Refused(why) | Delivery::Unknown(why) => why,
        Delivery::Later { why, .. } => why,
    }
}

/// Every form in which a server saw the password, and may repeat it.
fn shown(user: &str, password: &str) -> [String; 3] {
    [
        STANDARD.encode(format!("\0{user}\0{password}")),
        STANDARD.encode(password),
        password.to_owned(),
    ]
}

/// What came of the message is known: nothing of this matters.
async fn goodbye(mut line: AsyncSmtpConnection) {
    drop(timeout(GOODBYE, line.quit()).await);
}

fn here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// How we call ourselves: by our public name, because servers distrust who has none.
fn hello(public_url: &str) -> ClientId {
    let url = Url::parse(public_url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) if host.is_empty() => ClientId::default(),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}
