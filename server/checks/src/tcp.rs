//! Opens a connection and closes it again.

use crate::fill::fill;
use async_trait::async_trait;
use domain::check::{Ask, Seen, Tried};
use engine::ports::Check;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// A port that must take connections.
pub struct Tcp {
    /// `host:port`; `{node}`, `{ip}` and `{cluster}` stand for the node that came back.
    pub address: String,
    /// One try may take so long.
    pub timeout: Duration,
}

#[async_trait]
impl Check for Tcp {
    async fn try_once(&self, ask: &Ask) -> Tried {
        let address = match fill(&self.address, &ask.target) {
            Ok(address) => address,
            Err(why) => return Tried::Refused(why),
        };
        let begun = Instant::now();
        let opened = tokio::time::timeout(self.timeout, TcpStream::connect(&address)).await;
        let took = begun.elapsed().as_millis();
        match opened {
            Ok(Ok(_)) => Tried::Passed(Seen::new(&format!("{address} open in {took} ms"))),
            Ok(Err(why)) => Tried::NotYet(Seen::new(&format!("{address}: {why}"))),
            Err(_) => Tried::NotYet(Seen::new(&format!(
                "{address}: no answer within {} s",
                self.timeout.as_secs_f32()
            ))),
        }
    }

    async fn ready(&self) -> Result<(), String> {
        Ok(())
    }
}
