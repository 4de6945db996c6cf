//! IRC behind the same port, for tests only: a fifth kind of chat is one file.

use async_trait::async_trait;
use engine::ports::{Batch, Can, Chat, Delivery, Heard};
use engine::ports::{HookRequest, Hooked, Saying, Trust, Turned};
use jiff::Timestamp;
use std::io::{Error, Result as Io};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpStream, tcp::OwnedWriteHalf};
use tokio::sync::{Mutex, mpsc::Sender};

pub struct Irc {
    pub server: String,
    pub nick: String,
    pub channel: String,
    pub out: Mutex<Option<OwnedWriteHalf>>, // stands while somebody listens
}

impl Irc {
    async fn write(&self, line: String) -> Io<()> {
        let mut out = self.out.lock().await;
        let out = out.as_mut().ok_or(Error::other("no connection"))?;
        out.write_all((line + "\r\n").as_bytes()).await
    }

    async fn listening(&self, ear: &Sender<Batch>) -> Io<std::convert::Infallible> {
        let (read, write) = TcpStream::connect(&self.server).await?.into_split();
        *self.out.lock().await = Some(write);
        self.write(format!("NICK {}", self.nick)).await?;
        self.write(format!("USER {0} 0 * :{0}", self.nick)).await?;
        let mut lines = BufReader::new(read).lines();
        while let Some(line) = lines.next_line().await? {
            let (head, text) = line.split_once(" :").unwrap_or((&line, ""));
            match head.split(' ').collect::<Vec<_>>()[..] {
                ["PING"] => self.write(format!("PONG :{text}")).await?,
                [_, "001", ..] => self.write(format!("JOIN {}", self.channel)).await?,
                [_, "366", ..] => ear.send(Batch::default()).await.map_err(Error::other)?,
                [from, "PRIVMSG", to] => {
                    let nick = from[1..].split('!').next().unwrap_or_default();
                    ear.send(self.heard(nick, to, text))
                        .await
                        .map_err(Error::other)?;
                }
                ["ERROR"] | [_, "433", ..] => return Err(Error::other(text)),
                _ => {}
            }
        }
        Err(Error::other("IRC closed the connection"))
    }

    fn heard(&self, from: &str, to: &str, text: &str) -> Batch {
        let called = text.strip_prefix(&format!("{}:", self.nick));
        let mut batch = Batch::default();
        batch.heard.push(Heard {
            id: Timestamp::now().as_nanosecond().to_string(),
            user: from.to_owned(),
            room: if to == self.nick { from } else { to }.to_owned(),
            thread: None,
            at: Timestamp::now(),
            text: called.unwrap_or(text).trim().to_owned(),
            to_us: to == self.nick || called.is_some(),
        });
        batch
    }
}

#[async_trait]
impl Chat for Irc {
    fn can(&self) -> Can {
        // Who had a nick yesterday can be somebody else today: every act asks back.
        Can {
            edit: false,
            threads: false,
            whisper: true,
            trust: Trust::Token,
        }
    }
    async fn listen(&self, _: Option<String>, ear: Sender<Batch>) -> String {
        let Err(why) = self.listening(&ear).await;
        *self.out.lock().await = None;
        why.to_string()
    }
    fn hook(&self, _: &HookRequest<'_>) -> Result<Hooked, Turned> {
        Err(Turned::NoHook)
    }
    async fn say(&self, saying: &Saying) -> Result<String, Delivery> {
        let to = saying.only_to.as_ref().unwrap_or(&saying.room);
        for line in chat::words::without_buttons(saying).lines() {
            let said = self.write(format!("PRIVMSG {to} :{line}")).await;
            said.map_err(|error| Delivery::Unknown(error.to_string()))?;
        }
        Ok(saying.key.clone())
    }
    async fn edit(&self, _: &str, _: &Saying) -> Result<(), Delivery> {
        Err(Delivery::Refused("IRC changes nothing".to_owned()))
    }
    async fn account(&self) -> Result<String, String> {
        Ok(format!("{} at {}", self.nick, self.server))
    }
}
