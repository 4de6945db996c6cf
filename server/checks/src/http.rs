//! Asks an address and looks at status and body of the answer.

use crate::Way;
use crate::fill::fill;
use crate::way::Got;
use async_trait::async_trait;
use domain::check::{Ask, Seen, Tried};
use engine::ports::Check;
use reqwest::Url;

/// An address with what is expected there.
pub struct Http {
    /// Address; `{node}`, `{ip}` and `{cluster}` stand for the node that came back.
    pub url: String,
    /// Status that is expected; none: any 2xx.
    pub status: Option<u16>,
    /// Text the body must hold.
    pub contains: Option<String>,
    /// How it is asked.
    pub way: Way,
}

#[async_trait]
impl Check for Http {
    async fn try_once(&self, ask: &Ask) -> Tried {
        let url = match fill(&self.url, &ask.target) {
            Ok(text) => text,
            Err(why) => return Tried::Refused(why),
        };
        let parsed = match Url::parse(&url) {
            Ok(parsed) => parsed,
            Err(why) => return Tried::Refused(format!("{url}: {why}")),
        };
        match self.way.get(parsed).await {
            Ok(got) => self.judge(&url, &got),
            Err(why) => Tried::NotYet(Seen::new(&format!("GET {url}: {why}"))),
        }
    }

    async fn ready(&self) -> Result<(), String> {
        self.way.ready()
    }
}

impl Http {
    fn judge(&self, url: &str, got: &Got) -> Tried {
        let said = format!("GET {url}: {} in {} ms", got.status, got.took.as_millis());
        let fits = match self.status {
            Some(wanted) => got.status == wanted,
            None => (200..300).contains(&got.status),
        };
        if !fits {
            let wanted = self
                .status
                .map_or("2xx".to_owned(), |code| code.to_string());
            let seen = Seen::new(&format!("{said}, expected {wanted}"));
            return Tried::NotYet(seen.with_output(&got.body));
        }
        match &self.contains {
            Some(wanted) if !holds(&got.body, wanted) => {
                let seen = Seen::new(&format!("{said}, but not the text {wanted:?}"));
                Tried::NotYet(seen.with_output(&got.body))
            }
            Some(wanted) => Tried::Passed(Seen::new(&format!("{said}, with the text {wanted:?}"))),
            None => Tried::Passed(Seen::new(&said)),
        }
    }
}

fn holds(body: &[u8], wanted: &str) -> bool {
    let wanted = wanted.as_bytes();
    wanted.is_empty() || body.windows(wanted.len()).any(|part| part == wanted)
}
