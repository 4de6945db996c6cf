//! What goes over the wire to Mattermost, and what its requests mean.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

mod hook;
mod say;
#[path = "../vendor/stand_in.rs"]
mod vendor;

use chat::Ask;
use chat::mattermost::{Mattermost, Settings};

const BOT_TOKEN: &str = "9xuqwrwgstrb3mzrxb83nb357a";
const HOOK_TOKEN: &str = "ztw8xi6nxbg8jyzqsdrb8mp4ne";
const HOOK_URL: &str = "https://uncordon.example.test/hooks/chat/ops";

fn mattermost(url: &str, hook_tokens: Vec<Ask>) -> Mattermost {
    let settings = Settings {
        name: "ops".to_owned(),
        api_url: format!("{url}/"),
        token: vendor::secret(BOT_TOKEN),
        hook_tokens,
        hook_url: HOOK_URL.to_owned(),
    };
    Mattermost::new(settings).unwrap()
}

/// A server that knows us.
async fn server() -> vendor::Vendor {
    let server = vendor::Vendor::start(axum::Router::new()).await;
    let me = serde_json::json!({ "id": "botid", "username": "uncordon" });
    server.answers("/api/v4/users/me", 200, &me);
    let post = serde_json::json!({ "id": "post1" });
    server.answers("/api/v4/posts", 201, &post);
    server.answers("/api/v4/posts/post1/patch", 200, &post);
    let direct = serde_json::json!({ "id": "direct7" });
    server.answers("/api/v4/channels/direct", 201, &direct);
    server
}
