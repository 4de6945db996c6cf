//! Every kind of check against a counterpart on loopback: well, wrong, silent, hostile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;
mod http;
mod prometheus;
mod promql;
mod tcp;

use axum::Router;
use domain::check::{Ask, CheckName, Tried};
use domain::id::{ClusterName, NodeName, NodeUid, RecoveryId};
use domain::target::Target;
use std::time::Duration;

/// A try for node-12, whose address is 127.0.0.1.
fn ask() -> Ask {
    Ask {
        check: CheckName::parse("smoke").unwrap(),
        target: Target {
            cluster: ClusterName::parse("prod").unwrap(),
            node: NodeName::parse("node-12").unwrap(),
            uid: NodeUid::parse("uid-12").unwrap(),
            provider_id: Some("openstack:///vm-12".to_owned()),
            ip: Some("127.0.0.1".to_owned()),
        },
        recovery: RecoveryId(42),
        attempt: 3,
        key: "0123456789abcdef".to_owned(),
        begin: true,
    }
}

/// A service on loopback; answers its base address.
async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// A port that takes connections and never says a word.
async fn silent() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    address
}

fn way() -> checks::Way {
    checks::Way {
        token: None,
        ca_file: None,
        timeout: Duration::from_secs(5),
    }
}

/// The sentence of a try, with a word for how it went.
fn said(tried: &Tried) -> String {
    match tried {
        Tried::Passed(seen) => format!("passed: {}", seen.text()),
        Tried::NotYet(seen) => format!("not yet: {}", seen.text()),
        Tried::Running(text) => format!("running: {text}"),
        Tried::Refused(text) => format!("refused: {text}"),
    }
}

/// What the counterpart wrote.
fn output(tried: &Tried) -> String {
    match tried {
        Tried::Passed(seen) | Tried::NotYet(seen) => seen.output().unwrap_or_default().to_owned(),
        Tried::Running(_) | Tried::Refused(_) => String::new(),
    }
}
