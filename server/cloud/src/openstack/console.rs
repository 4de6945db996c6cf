//! The end of a machine's console log, as plain text.

use super::find::valid;
use super::nova::{Action, Nova};
use crate::console;
use domain::world::Reading;
use serde::Deserialize;

/// Lines asked for: a panic with its trace, and what led to it.
const LINES: u32 = 200;

#[derive(Deserialize)]
struct Log {
    output: Option<String>,
}

/// Reads it. A hypervisor without consoles answers 501, a machine without a log 404: neither has one to give.
pub async fn end(nova: &Nova, machine: &str) -> Reading<String> {
    if !valid(machine) {
        return Reading::Unreadable(format!("{machine:?} is not a machine id"));
    }
    let log = match nova.action(machine, Action::Console(LINES)).await {
        Ok(reply) => reply.json::<Log>(),
        Err(trouble) => Err(trouble),
    };
    match log {
        Ok(log) => console::end(&log.output.unwrap_or_default()),
        Err(trouble) => match trouble.code() {
            Some(404 | 501) => Reading::Absent,
            Some(_) | None => Reading::Unreadable(trouble.to_string()),
        },
    }
}
