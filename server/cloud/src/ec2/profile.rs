//! Keys out of AWS's file of profiles.

use super::keys::Keys;
use crate::secret::Secret;
use crate::trouble::Trouble;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Whether there is a file where AWS's own tools look for one.
pub fn there() -> bool {
    usual().is_some_and(|path| path.exists())
}

/// Reads a profile now.
pub fn read(file: Option<&Path>, name: Option<&str>) -> Result<Keys, Trouble> {
    let path = file.map(Path::to_owned).or_else(usual).ok_or_else(|| {
        Trouble::Setup("there is no home folder to look for .aws/credentials in".to_owned())
    })?;
    let wanted = name.map_or_else(
        || std::env::var("AWS_PROFILE").unwrap_or_else(|_| "default".to_owned()),
        str::to_owned,
    );
    let text = std::fs::read_to_string(&path).map_err(|why| {
        Trouble::Setup(format!(
            "the profiles {} cannot be read: {why}",
            path.display()
        ))
    })?;
    let origin = format!("profile {wanted} of {}", path.display());
    keys(&text, &wanted, &origin).map_err(Trouble::Setup)
}

/// The keys of one profile of a text.
fn keys(text: &str, wanted: &str, origin: &str) -> Result<Keys, String> {
    let Some(profile) = profile(text, wanted) else {
        return Err(format!("{origin} is not there"));
    };
    let of = |key: &str| profile.get(key).copied().filter(|value| !value.is_empty());
    match (of("aws_access_key_id"), of("aws_secret_access_key")) {
        (Some(id), Some(secret)) => Ok(Keys {
            id: id.to_owned(),
            secret: Secret::new(secret),
            session: of("aws_session_token").map(Secret::new),
            until: None,
            origin: origin.to_owned(),
        }),
        _ => {
            let other = [
                "credential_process",
                "sso_session",
                "sso_start_url",
                "source_profile",
            ]
            .into_iter()
            .find(|key| profile.contains_key(key));
            Err(match other {
                Some(key) => format!(
                    "{origin} uses {key}, which is not supported: use keys, web identity or the instance's role"
                ),
                None => format!("{origin} has no aws_access_key_id with aws_secret_access_key"),
            })
        }
    }
}

/// `[name]`, or `[profile name]` as in AWS's config file, and its `key = value` lines.
fn profile<'a>(text: &'a str, wanted: &str) -> Option<BTreeMap<&'a str, &'a str>> {
    let mut found: Option<BTreeMap<&str, &str>> = None;
    let mut here = false;
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(head) = line
            .strip_prefix('[')
            .and_then(|rest| rest.split(']').next())
        {
            let name = head.trim();
            here = name == wanted || name.strip_prefix("profile ").map(str::trim) == Some(wanted);
            if here {
                found.get_or_insert_default();
            }
        } else if let (true, Some((key, value))) = (here, line.split_once('=')) {
            found
                .get_or_insert_default()
                .insert(key.trim(), value.trim());
        }
    }
    found
}

fn usual() -> Option<PathBuf> {
    std::env::var_os("AWS_SHARED_CREDENTIALS_FILE")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".aws/credentials")))
}

#[cfg(test)]
mod tests;
