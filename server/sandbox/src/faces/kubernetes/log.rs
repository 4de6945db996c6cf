//! The log of a pod: what the world's containers would have written.

use super::Call;
use super::failure::Failure;
use crate::objects::log_of;
use crate::store::{Key, Kind};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// `GET` of `/log`, the last `tailLines` lines of it.
pub fn log(call: &Call, name: &str) -> Result<Response, Failure> {
    let key = Key::new(&call.target.namespace, name);
    let found = call
        .shared
        .with(|realm, _| realm.store.get(Kind::Pod, &key).map(Arc::clone));
    let pod = found.ok_or_else(|| Failure::not_found(Kind::Pod, name))?;
    let text = log_of(&pod);
    let lines: Vec<&str> = text.lines().collect();
    let wanted = call.query.get("tailLines").parse().unwrap_or(lines.len());
    let from = lines.len().saturating_sub(wanted);
    let mut tail = lines[from..].join("\n");
    if !tail.is_empty() {
        tail.push('\n');
    }
    Ok(tail.into_response())
}
