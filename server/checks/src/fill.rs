//! `{node}`, `{ip}` and `{cluster}` in what the config says, for the node that came back.

use domain::target::Target;
use std::net::IpAddr;

/// The text with the node's own words; only whole words in braces are replaced.
pub fn fill(text: &str, target: &Target) -> Result<String, String> {
    let mut filled = text
        .replace("{node}", target.node.as_str())
        .replace("{cluster}", target.cluster.as_str());
    if filled.contains("{ip}") {
        let ip = target.ip.as_deref().unwrap_or_default();
        // Whatever else a cluster says here must not become part of an address.
        let ip: IpAddr = ip
            .parse()
            .map_err(|_| format!("{} has no InternalIP that can be used", target.node))?;
        let written = match ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        filled = filled.replace("{ip}", &written);
    }
    Ok(filled)
}
