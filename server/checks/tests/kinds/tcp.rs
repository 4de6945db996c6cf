//! `tcp`: an open port passes, a closed one does not, and a name that cannot be used is refused.

use super::{ask, said, silent};
use checks::tcp::Tcp;
use engine::ports::Check;
use std::time::Duration;

fn tcp(address: &str) -> Tcp {
    Tcp {
        address: address.to_owned(),
        timeout: Duration::from_secs(5),
    }
}

#[tokio::test]
async fn an_open_port_passes_and_a_closed_one_does_not() {
    let port = silent().await.rsplit_once(':').unwrap().1.to_owned();
    let tried = tcp(&format!("{{ip}}:{port}")).try_once(&ask()).await;
    let text = said(&tried);
    assert!(
        text.starts_with(&format!("passed: 127.0.0.1:{port} open in ")),
        "{text}"
    );
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = free.local_addr().unwrap().to_string();
    drop(free);
    let text = said(&tcp(&closed).try_once(&ask()).await);
    assert!(
        text.starts_with(&format!("not yet: {closed}: Connection refused")),
        "{text}"
    );
}

#[tokio::test]
async fn a_node_whose_address_is_no_address_is_not_spoken_to() {
    let mut odd = ask();
    odd.target.ip = Some("127.0.0.1:22/../x@evil".to_owned());
    let text = said(&tcp("{ip}:22").try_once(&odd).await);
    assert_eq!(text, "refused: node-12 has no InternalIP that can be used");
}
