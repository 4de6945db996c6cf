//! What goes over the wire to Slack, and what its requests and its socket mean.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

mod hook;
mod say;
mod socket;
#[path = "../vendor/stand_in.rs"]
mod vendor;

use chat::Ask;
use chat::slack::{Settings, Slack};

const BOT_TOKEN: &str = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOHcBrzygy";
const APP_TOKEN: &str = "xapp-1-A0123-456-fedcba";
const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

fn slack(url: &str, signing: Option<Ask>, app_token: Option<Ask>) -> Slack {
    let settings = Settings {
        name: "team-sre".to_owned(),
        api_url: url.to_owned(),
        token: vendor::secret(BOT_TOKEN),
        signing,
        app_token,
    };
    Slack::new(settings).unwrap()
}
