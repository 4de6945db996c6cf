//! The limits of each cluster: `[guards]`, with what `[cluster.guards]` says instead.

use super::{Config, ConfigError};
use domain::guard::Guards;
use domain::rule::pattern::Pattern;
use std::path::Path;

/// Longest life of an alarm, in seconds: half an hour.
const ALARM_TTL_MAX: u32 = 1800;

impl Config {
    pub(super) fn limit(&mut self, text: &str, path: &Path) -> Result<(), ConfigError> {
        let line = |at: usize| {
            text.get(..at)
                .map_or(1, |before| before.matches('\n').count() + 1)
        };
        let wrong = |at: usize, key: &str, message: String| ConfigError::Value {
            path: path.to_owned(),
            line: line(at),
            key: key.to_owned(),
            message,
        };
        let base = self.guards.clone();
        let at = text.find("[guards]").unwrap_or(0);
        sound(&base).map_err(|(key, message)| wrong(at, key, message))?;
        for cluster in &mut self.clusters {
            let Some(own) = &cluster.guards else {
                cluster.limits = base.clone();
                continue;
            };
            let at = own.span().start;
            cluster.limits =
                over(&base, own.get_ref()).map_err(|why| wrong(at, "cluster.guards", why))?;
            sound(&cluster.limits).map_err(|(key, message)| wrong(at, key, message))?;
        }
        Ok(())
    }
}

/// The limits with some of them replaced.
fn over(base: &Guards, own: &toml::Table) -> Result<Guards, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string().trim_end().to_owned();
    let mut table = toml::Table::try_from(base).map_err(|error| said(&error))?;
    table.extend(own.clone());
    table.try_into().map_err(|error| said(&error))
}

/// Values that must make sense together.
fn sound(guards: &Guards) -> Result<(), (&'static str, String)> {
    for pattern in &guards.blocking_alarms {
        Pattern::plain(pattern).map_err(|error| {
            (
                "guards.blocking_alarms",
                format!("{pattern:?}: {}", error.message),
            )
        })?;
    }
    for (key, percent) in [
        ("guards.cordon_percent", guards.cordon_percent),
        ("guards.storm_percent", guards.storm_percent),
    ] {
        if percent > 100 {
            return Err((key, format!("expected 0 to 100, not {percent}")));
        }
    }
    if guards.alarm_ttl_s > ALARM_TTL_MAX {
        return Err((
            "guards.alarm_ttl_s",
            format!(
                "expected at most {ALARM_TTL_MAX}, not {}: old news starts nothing",
                guards.alarm_ttl_s
            ),
        ));
    }
    Ok(())
}
