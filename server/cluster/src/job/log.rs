//! The end of the log of a Job's pod.

use crate::ask::{self, Trouble};
use bytes::Bytes;
use http::Request;
use kube::Client;
use serde_json::Value;

/// Lines that are asked for.
const LINES: u32 = 200;

/// The log of the newest pod of a Job; empty if it has none.
pub async fn read(client: &Client, namespace: &str, job: &str) -> Result<Bytes, String> {
    let pods = format!("/api/v1/namespaces/{namespace}/pods");
    let list = get(
        client,
        format!("{pods}?labelSelector=batch.kubernetes.io%2Fjob-name%3D{job}"),
    )
    .await
    .map_err(|trouble| trouble.to_string())?;
    let list: Value = ask::parse("pods", &list).map_err(|trouble| trouble.to_string())?;
    let items = list["items"].as_array().into_iter().flatten();
    let newest = items
        .filter_map(|pod| {
            let meta = &pod["metadata"];
            Some((meta["creationTimestamp"].as_str()?, meta["name"].as_str()?))
        })
        .max();
    let Some((_, pod)) = newest else {
        return Ok(Bytes::new());
    };
    let log = get(client, format!("{pods}/{pod}/log?tailLines={LINES}")).await;
    log.map_err(|trouble| match trouble.code() {
        Some(403) => format!("{trouble}; give our user the right to get pods/log"),
        _ => trouble.to_string(),
    })
}

async fn get(client: &Client, path: String) -> Result<Bytes, Trouble> {
    let request = Request::get(path)
        .body(Vec::new())
        .map_err(|why| ask::unasked(&why))?;
    ask::in_time(ask::send(client, request)).await
}
