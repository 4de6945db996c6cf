//! Socket Mode: Slack tells over a connection that we open, so nothing of ours has to be reachable from the internet.

use super::events::{event, press, slash, text};
use crate::http::{self, LIMIT};
use engine::ports::{Batch, Heard};
use futures::{SinkExt, StreamExt};
use jiff::Timestamp;
use reqwest::{Client, StatusCode, Upgraded};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// Slack pings every few seconds: a connection that is silent for so long is dead.
const SILENCE: Duration = Duration::from_secs(60);
/// Largest frame that is taken.
const FRAME_MAX: usize = 4 * 1024 * 1024;

/// A connection that stands.
pub struct Socket {
    stream: WebSocketStream<Upgraded>,
    name: String,
}

impl Socket {
    /// Opens the address that Slack named; `plain`: without TLS, as our own address of Slack is. The address is a
    /// secret: whoever has it hears what we would hear.
    pub async fn open(name: &str, address: &str, plain: bool) -> Result<Self, String> {
        let (scheme, http) = if plain {
            ("ws://", "http://")
        } else {
            ("wss://", "https://")
        };
        let rest = address
            .strip_prefix(scheme)
            .ok_or_else(|| format!("{name} named an address that is not {scheme}"))?;
        let url = format!("{http}{rest}");
        let stream = timeout(LIMIT, upgrade(&url))
            .await
            .map_err(|_| format!("{name} gave no answer in time"))?
            .map_err(|why| format!("{name}: {why}"))?;
        let name = name.to_owned();
        Ok(Self { stream, name })
    }

    /// Reads until the connection ends; answers why. `us`: the user that we are.
    pub async fn read(mut self, us: &str, ear: &Sender<Batch>) -> String {
        loop {
            let frame = match timeout(SILENCE, self.stream.next()).await {
                Err(_) => return format!("{} was silent for a minute", self.name),
                Ok(None) => return format!("{} closed the connection", self.name),
                Ok(Some(Err(error))) => {
                    return format!("{}: {}", self.name, http::innermost(&error));
                }
                Ok(Some(Ok(frame))) => frame,
            };
            let words = match frame {
                Message::Text(words) => words,
                Message::Close(_) => return format!("{} closed the connection", self.name),
                // A ping is answered by the stream itself, when it is read on.
                _ => continue,
            };
            if let Err(why) = self.take(&words, us, ear).await {
                return why;
            }
        }
    }

    async fn take(&mut self, words: &str, us: &str, ear: &Sender<Batch>) -> Result<(), String> {
        let Ok(envelope) = serde_json::from_str::<Value>(words) else {
            return Err(format!("{} sent something that is no JSON", self.name));
        };
        match text(&envelope, "/type") {
            Some("hello") => return hand_over(ear, Vec::new()).await,
            Some("disconnect") => {
                let reason = http::one_line(text(&envelope, "/reason").unwrap_or("no reason"));
                return Err(format!("{} ended the connection: {reason}", self.name));
            }
            _ => {}
        }
        let Some(id) = text(&envelope, "/envelope_id") else {
            return Ok(());
        };
        // What cannot be read is acknowledged as well: it would come again and again.
        if let Some(heard) = heard(&envelope, us).unwrap_or_default() {
            hand_over(ear, vec![heard]).await?;
        }
        let receipt = json!({ "envelope_id": id }).to_string();
        let sent = timeout(LIMIT, self.stream.send(Message::text(receipt))).await;
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!("{}: {}", self.name, http::innermost(&error))),
            Err(_) => Err(format!("{} takes nothing any more", self.name)),
        }
    }
}

fn heard(envelope: &Value, us: &str) -> Result<Option<Heard>, String> {
    let null = Value::Null;
    let payload = envelope.get("payload").unwrap_or(&null);
    match text(envelope, "/type") {
        // No time is told: what comes over the socket comes at once.
        Some("slash_commands") => slash(payload, Timestamp::now()).map(Some),
        Some("interactive") => press(payload),
        Some("events_api") => event(payload, Some(us)),
        _ => Ok(None),
    }
}

async fn hand_over(ear: &Sender<Batch>, heard: Vec<Heard>) -> Result<(), String> {
    let batch = Batch {
        heard,
        cursor: None,
    };
    let nobody = |_| "nobody listens any more".to_owned();
    ear.send(batch).await.map_err(nobody)
}

/// Asks for a WebSocket by an ordinary request, so that TLS, authorities and proxies are those of all our requests.
async fn upgrade(url: &str) -> Result<WebSocketStream<Upgraded>, String> {
    let key = generate_key();
    let request = client()?
        .get(url)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", &key);
    let response = request
        .send()
        .await
        .map_err(|error| http::innermost(&error))?;
    let accept = response.headers().get("sec-websocket-accept");
    let accepted =
        accept.is_some_and(|one| one.as_bytes() == derive_accept_key(key.as_bytes()).as_bytes());
    if response.status() != StatusCode::SWITCHING_PROTOCOLS || !accepted {
        let code = response.status().as_u16();
        return Err(format!("the socket was answered {code} and did not open"));
    }
    let upgraded = response
        .upgrade()
        .await
        .map_err(|error| http::innermost(&error))?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(FRAME_MAX))
        .max_frame_size(Some(FRAME_MAX));
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
}

/// A client without a limit on the whole answer, which here never ends; only HTTP/1.1 can be upgraded.
fn client() -> Result<Client, String> {
    let builder = || {
        Client::builder()
            .user_agent(concat!("uncordon/", env!("CARGO_PKG_VERSION")))
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
    };
    // As for every other request: without authorities of the system, https trusts nobody.
    let built = builder()
        .build()
        .or_else(|_| builder().tls_certs_only([]).build());
    built.map_err(|error| http::innermost(&error))
}
