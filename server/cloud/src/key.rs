//! How a node says which machine is its own: by provider id, else by its address.

use domain::target::Target;
use std::net::IpAddr;

/// Provider ids of distributions that name no cloud; with them the address is the way.
const NO_CLOUD: [&str; 4] = ["k3s", "rke2", "k0s", "kind"];

/// How a node names its machine.
#[derive(Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// What stands behind `kind://` in its provider id.
    Provider(&'a str),
    /// Its InternalIP.
    Address(IpAddr),
}

/// The key of a node for a cloud whose provider ids begin with `kind://`.
pub fn key<'a>(target: &'a Target, kind: &str) -> Result<Key<'a>, String> {
    if let Some((other, rest)) = target
        .provider_id
        .as_deref()
        .and_then(|id| id.split_once("://"))
    {
        if other == kind {
            return Ok(Key::Provider(rest));
        }
        if !NO_CLOUD.contains(&other) {
            // Its address could belong to somebody else here: another cloud's node is never looked up by it.
            return Err(format!(
                "{} belongs to another kind of cloud: {other}://{rest}",
                target.node
            ));
        }
    }
    address(target).map(Key::Address)
}

/// The InternalIP of a node.
pub fn address(target: &Target) -> Result<IpAddr, String> {
    match target.ip.as_deref().map(str::parse) {
        Some(Ok(address)) => Ok(address),
        Some(Err(_)) | None => Err(format!(
            "{} has neither a provider id nor an address",
            target.node
        )),
    }
}
