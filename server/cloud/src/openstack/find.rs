//! Which machine belongs to a node: by provider id, else by exactly its address.

use super::UserStop;
use super::nova::Nova;
use super::past;
use super::server::Server;
use super::state::facts;
use crate::key::Key;
use crate::trouble::Trouble;
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use std::net::IpAddr;

/// Most pages of machines that are looked through for one address.
const PAGES_MAX: usize = 20;
/// Status of a machine whose cell does not answer.
const UNKNOWN: &str = "UNKNOWN";

/// Reads the machine of a node.
pub async fn machine(nova: &Nova, target: &Target, stop: UserStop) -> Reading<MachineFacts> {
    let found = match key(target) {
        Ok(Key::Provider(id)) => nova.server(id).await.map(|server| vec![server]),
        Ok(Key::Address(address)) => by_address(nova, address).await,
        Err(why) => return Reading::Unreadable(why),
    };
    match found {
        Ok(servers) => match only(servers, target) {
            Reading::Seen(machine) => Reading::Seen(past::told(nova, machine, stop).await),
            other => other,
        },
        Err(trouble) if trouble.code() == Some(404) => Reading::Absent,
        Err(trouble) => Reading::Unreadable(trouble.to_string()),
    }
}

fn only(mut servers: Vec<Server>, target: &Target) -> Reading<MachineFacts> {
    match (servers.pop(), servers.as_slice()) {
        (None, _) => Reading::Absent,
        (Some(one), []) if one.status == UNKNOWN => Reading::Unreadable(format!(
            "Nova cannot see machine {}: its cell is down",
            one.id
        )),
        (Some(one), []) => Reading::Seen(facts(one)),
        (Some(last), others) => {
            let ids: Vec<&str> = others
                .iter()
                .chain([&last])
                .map(|server| server.id.as_str())
                .collect();
            let address = target.ip.as_deref().unwrap_or_default();
            Reading::Unreadable(format!(
                "several machines have the address {address}: {}",
                ids.join(", ")
            ))
        }
    }
}

/// `openstack:///<uuid>` or `openstack://region/<uuid>`, else the address.
fn key(target: &Target) -> Result<Key<'_>, String> {
    match crate::key::key(target, "openstack")? {
        Key::Provider(rest) => {
            let id = rest.rsplit('/').next().unwrap_or_default();
            match valid(id) {
                true => Ok(Key::Provider(id)),
                false => Err(format!(
                    "the provider id openstack://{rest} of {} ends in no machine id",
                    target.node
                )),
            }
        }
        address => Ok(address),
    }
}

/// Whether a text can be a machine's id.
pub fn valid(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 64
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Nova's filter is a regex on its own data or a substring in Neutron, depending on the cloud, so it gets the bare
/// address, which both take, and what comes back is compared exactly. It is empty, too, when Neutron has trouble:
/// then all machines are looked through before we say that there is none.
async fn by_address(nova: &Nova, address: IpAddr) -> Result<Vec<Server>, Trouble> {
    let filter = if address.is_ipv4() { "ip" } else { "ip6" };
    let text = address.to_string();
    let found = all(nova, &[(filter, &text)], address).await?;
    if found.is_empty() {
        all(nova, &[], address).await
    } else {
        Ok(found)
    }
}

async fn all(
    nova: &Nova,
    filter: &[(&str, &str)],
    address: IpAddr,
) -> Result<Vec<Server>, Trouble> {
    let mut found = Vec::new();
    let mut hidden = None;
    let mut marker: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut query = filter.to_vec();
        query.extend(marker.as_deref().map(|id| ("marker", id)));
        let page = nova.servers(&query).await?;
        let more = page.more();
        marker = page.servers.last().map(|server| server.id.clone());
        hidden = hidden.or_else(|| {
            page.servers
                .iter()
                .find(|one| one.status == UNKNOWN)
                .map(|one| one.id.clone())
        });
        found.extend(
            page.servers
                .into_iter()
                .filter(|server| server.has(address)),
        );
        if !more || marker.is_none() {
            // A machine whose cell is down shows no address: it may be the one.
            return match hidden {
                Some(id) if found.is_empty() => Err(Trouble::Blind(format!(
                    "Nova cannot see machine {id}: its cell is down"
                ))),
                Some(_) | None => Ok(found),
            };
        }
    }
    Err(Trouble::Blind(format!(
        "Nova shows more than {PAGES_MAX} pages of machines: give the nodes their provider id"
    )))
}

#[cfg(test)]
mod tests;
