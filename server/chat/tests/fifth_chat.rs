//! A chat that the product does not know, behind the same port, against a real IRC server.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "counterparts/launch.rs"]
mod counterparts;
#[path = "irc/fifth.rs"]
mod irc;

use engine::ports::{Batch, Button, Chat, Heard, Saying};
use irc::Irc;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, channel};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Joins the channel; answers when it is in it.
async fn join(port: u16, nick: &str) -> (Arc<Irc>, Receiver<Batch>) {
    let irc = Arc::new(Irc {
        server: format!("127.0.0.1:{port}"),
        nick: nick.to_owned(),
        channel: "#ops".to_owned(),
        out: Default::default(),
    });
    let (ear, mut heard) = channel(16);
    let listener = Arc::clone(&irc);
    tokio::spawn(async move { listener.listen(None, ear).await });
    let stands = tokio::time::timeout(PATIENCE, heard.recv()).await;
    assert_eq!(stands.unwrap().unwrap(), Batch::default());
    (irc, heard)
}

async fn next(heard: &mut Receiver<Batch>) -> Heard {
    let batch = tokio::time::timeout(PATIENCE, heard.recv()).await;
    batch.unwrap().unwrap().heard.remove(0)
}

fn saying(room: &str, text: &str) -> Saying {
    Saying {
        key: "k".to_owned(),
        room: room.to_owned(),
        thread: None,
        only_to: None,
        text: text.to_owned(),
        buttons: Vec::new(),
    }
}

#[tokio::test]
async fn words_go_both_ways_over_a_real_irc_server_behind_the_same_port() {
    let Some(server) = counterparts::launch("ngircd.sh") else {
        return;
    };
    let (us, mut ours) = join(server.port, "uncordon").await;
    let (ola, mut hers) = join(server.port, "ola").await;

    ola.say(&saying("#ops", "uncordon: status węzła"))
        .await
        .unwrap();
    let heard = next(&mut ours).await;
    assert_eq!((heard.user.as_str(), heard.room.as_str()), ("ola", "#ops"));
    assert_eq!((heard.text.as_str(), heard.to_us), ("status węzła", true));

    let mut answer = saying("#ops", "node-12 stoi\nwęzeł czeka");
    answer.buttons.push(Button {
        label: "Approve".to_owned(),
        line: "approve 7".to_owned(),
    });
    us.say(&answer).await.unwrap();
    for line in [
        "node-12 stoi",
        "węzeł czeka",
        "Reply with one of",
        "Approve: approve 7",
    ] {
        let heard = next(&mut hers).await;
        assert_eq!((heard.user.as_str(), heard.to_us), ("uncordon", false));
        assert_eq!(heard.text, line);
    }

    answer.only_to = Some("ola".to_owned());
    us.say(&answer).await.unwrap();
    let whispered = next(&mut hers).await;
    assert_eq!(
        (whispered.room.as_str(), whispered.to_us),
        ("uncordon", true)
    );
}
