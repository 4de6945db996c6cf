//! The end of a machine's hardware log, in place of a console: what the hardware itself noticed before the start.

use super::controller::{Controllers, join};
use super::system::{Link, Members, System};
use crate::{console, trouble::Trouble};
use domain::world::Reading;
use reqwest::Url;
use serde::Deserialize;

/// Newest entries that are kept.
const ENTRIES: usize = 40;
/// Logs of hardware, as their makers call them; a log of sign-ins to the controller is not wanted.
const NAMES: [&str; 8] = [
    "sel",
    "iml",
    "log",
    "log1",
    "eventlog",
    "event",
    "systemlog",
    "platformlog",
];

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WithLogs {
    log_services: Link,
}

#[derive(Deserialize)]
struct Entries {
    #[serde(rename = "Members", default)]
    members: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    #[serde(default)]
    created: Option<String>,
    #[serde(default)]
    severity: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

/// Reads it; a controller without such a log has none to give.
pub async fn end(all: &Controllers, url: &Url) -> Reading<String> {
    match read(all, url).await {
        Ok(Some(text)) => console::end(&text),
        Ok(None) => Reading::Absent,
        Err(trouble) if matches!(trouble.code(), Some(404 | 501)) => Reading::Absent,
        Err(trouble) => Reading::Unreadable(trouble.to_string()),
    }
}

async fn read(all: &Controllers, url: &Url) -> Result<Option<String>, Trouble> {
    let system: System = all.read(url).await?;
    let mut place = system.log_services.path;
    if place.is_empty()
        && let Some(manager) = system.links.managed_by.first()
    {
        let manager: WithLogs = all.read(&join(url, &manager.path)?).await?;
        place = manager.log_services.path;
    }
    if !place.is_empty() {
        let services: Members = all.read(&join(url, &place)?).await?;
        let named = |link: &&Link| {
            let name = link
                .path
                .trim_end_matches('/')
                .rsplit('/')
                .next()
                .unwrap_or_default();
            NAMES.contains(&name.to_lowercase().as_str())
        };
        if let Some(log) = services.members.iter().find(named) {
            let path = format!("{}/Entries", log.path.trim_end_matches('/'));
            let entries: Entries = all.read(&join(url, &path)?).await?;
            return Ok(Some(text(entries.members)));
        }
    }
    Ok(None)
}

/// Oldest first, as a log reads; makers give either order.
fn text(mut entries: Vec<Entry>) -> String {
    entries.sort_by(|one, other| one.created.cmp(&other.created));
    let from = entries.len().saturating_sub(ENTRIES);
    let lines = entries[from..].iter().map(|entry| {
        let of = |text: &Option<String>| text.clone().unwrap_or_default();
        format!(
            "{} {} {}\n",
            of(&entry.created),
            of(&entry.severity),
            of(&entry.message)
        )
    });
    lines.collect()
}
