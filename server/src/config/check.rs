//! Values that must fit each other; each fault names its line, its key and what was expected.

use super::place::place;
use super::{Config, ConfigError};
use std::path::Path;

impl Config {
    pub(super) fn check(&self, text: &str, path: &Path) -> Result<(), ConfigError> {
        let wrong = |at: usize, key: &str, message: String| {
            let line = text
                .get(..at)
                .map_or(1, |before| before.matches('\n').count() + 1);
            ConfigError::Value {
                path: path.to_owned(),
                line,
                key: key.to_owned(),
                message,
            }
        };
        let at = |needle: &str| text.find(needle).unwrap_or(0);
        if !(self.server.public_url.starts_with("http://")
            || self.server.public_url.starts_with("https://"))
        {
            return Err(wrong(
                at("public_url"),
                "server.public_url",
                "expected an address that begins with http:// or https://".to_owned(),
            ));
        }
        for (index, cluster) in self.clusters.iter().enumerate() {
            if self.clusters[..index]
                .iter()
                .any(|other| other.name == cluster.name)
            {
                return Err(wrong(
                    at(cluster.name.as_str()),
                    "cluster.name",
                    format!(
                        "{} is given twice; expected a name of its own",
                        cluster.name
                    ),
                ));
            }
            if let Err((key, expected)) = cluster.sound() {
                return Err(wrong(at(cluster.name.as_str()), key, expected));
            }
            if let Some(cloud) = &cluster.cloud
                && !self.clouds.iter().any(|one| &one.name == cloud.get_ref())
            {
                let known: Vec<&str> = self.clouds.iter().map(|one| one.name.as_str()).collect();
                return Err(wrong(
                    cloud.span().start,
                    "cluster.cloud",
                    format!(
                        "no [[cloud]] is called {:?}; expected one of: {}",
                        cloud.get_ref(),
                        known.join(", ")
                    ),
                ));
            }
        }
        self.check_watches(&wrong)?;
        self.check_team(text, &wrong)?;
        for (index, cloud) in self.clouds.iter().enumerate() {
            if self.clouds[..index]
                .iter()
                .any(|one| one.name == cloud.name)
            {
                return Err(wrong(
                    at(&format!("\"{}\"", cloud.name)),
                    "cloud.name",
                    format!("{} is given twice; expected a name of its own", cloud.name),
                ));
            }
            if let Err((key, expected)) = cloud.sound() {
                let block = at(&format!("\"{}\"", cloud.name));
                let after = text.get(block..).and_then(|rest| rest.find(key));
                return Err(wrong(
                    block + after.unwrap_or(0),
                    &format!("cloud.{key}"),
                    format!("{expected} for {}", cloud.name),
                ));
            }
        }
        if let Some((index, key, message)) = self.notify.fault() {
            return Err(wrong(place(text, key, index), key, message));
        }
        self.check_chats(text, &wrong)?;
        self.check_sources(&wrong, &at)?;
        Ok(())
    }
}
