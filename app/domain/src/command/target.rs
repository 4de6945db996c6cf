//! Reads the word that names a node: an address, a name, or `@last`.

use super::{Named, NotACommand, fold::Word};
use crate::id::{ClusterName, NodeName};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The target a word names, or why it cannot be one.
pub(super) fn target(word: &Word) -> Result<Named, NotACommand> {
    let text = word.text.as_str();
    if text == "@last" {
        return Ok(Named::Last);
    }
    if text.starts_with('@') {
        return Err(refused(word, format!("{text} is not known; @last is")));
    }
    if let Some(ip) = address(word, text)? {
        return Ok(Named::Ip { ip });
    }
    let (cluster, node) = match text.split_once('/') {
        Some((cluster, node)) => {
            let cluster = ClusterName::parse(cluster)
                .map_err(|error| refused(word, error.to_string()))?
                .to_string();
            (Some(cluster), node)
        }
        None => (None, text),
    };
    let node = match address(word, node)? {
        Some(ip) => ip,
        None => NodeName::parse(node)
            .map_err(|error| refused(word, error.to_string()))?
            .to_string(),
    };
    Ok(Named::Node { cluster, node })
}

/// The address a word is, normalised; `None` when it does not look like one.
fn address(word: &Word, text: &str) -> Result<Option<String>, NotACommand> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    if bare.contains(':') {
        return match bare.parse::<Ipv6Addr>() {
            Ok(ip) => Ok(Some(IpAddr::V6(ip).to_canonical().to_string())),
            Err(_) => Err(refused(word, format!("{text} is not an address"))),
        };
    }
    let numeric = bare.contains('.') && bare.chars().all(|c| c.is_ascii_digit() || c == '.');
    if !numeric {
        return Ok(None);
    }
    if let Some(part) = bare
        .split('.')
        .find(|part| part.len() > 1 && part.starts_with('0'))
    {
        return Err(refused(
            word,
            format!(
                "{text} is not taken: {part} has a leading zero, which some programs read as octal; write it without"
            ),
        ));
    }
    match bare.parse::<Ipv4Addr>() {
        Ok(ip) => Ok(Some(ip.to_string())),
        Err(_) => Err(refused(
            word,
            format!("{text} is not an address: it needs four numbers from 0 to 255"),
        )),
    }
}

fn refused(word: &Word, message: String) -> NotACommand {
    NotACommand {
        message,
        nearest: None,
        position: word.at,
    }
}
