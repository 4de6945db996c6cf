//! The doctor's look at a cloud account: signing in, reading, starting, and the machines of some nodes.

use super::line::{Found, Line};
use crate::config::{Allow, Cloud as Block};
use crate::wiring;
use cloud::Finding;
use domain::target::Target;
use engine::ports::Clock;
use std::sync::Arc;

/// Its lines; `nodes`: some whose machines must be there.
pub async fn lines(one: &Block, nodes: Vec<Target>, clock: &Arc<dyn Clock>) -> Vec<Line> {
    let what = format!("cloud {}", one.name);
    let line = |found| Line::new(what.clone(), found);
    let mut lines: Vec<Line> = match wiring::adapter(one, clock) {
        Ok(adapter) => adapter
            .examine(&nodes)
            .await
            .into_iter()
            .map(|finding| match finding {
                Finding::Well(text) => Found::Well(format!("{}: {text}", one.place())),
                Finding::Lacking(fault) => Found::Lacking(fault.to_string()),
                Finding::Failed(fault) => Found::Failed(fault.to_string()),
            })
            .map(line)
            .collect(),
        Err(error) => vec![line(Found::Failed(format!("{error:#}")))],
    };
    if !one.allow.contains(&Allow::Start) {
        let text =
            "it is not allowed to start machines; add \"start\" to its allow if it should be";
        lines.push(line(Found::Lacking(text.to_owned())));
    }
    lines
}
