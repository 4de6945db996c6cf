//! Which machine belongs to a node: by provider id, else by exactly its address; and its console.

use super::Settings;
use super::api::Api;
use super::instance::Instance;
use super::state::{facts, state};
use crate::console;
use crate::key::{Key, key};
use crate::trouble::Trouble;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::target::Target;
use domain::world::{MachineFacts, MachineState, Reading};
use std::net::IpAddr;

/// Most pages of machines that are looked through for one address.
const PAGES_MAX: usize = 20;

/// Reads the machine of a node.
pub async fn machine(api: &Api, settings: &Settings, target: &Target) -> Reading<MachineFacts> {
    let found = match key(target, "aws") {
        Ok(Key::Provider(rest)) => match here(rest, target, api.region()) {
            Ok(id) => api.instance(id).await.map(|one| one.into_iter().collect()),
            Err(why) => return Reading::Unreadable(why),
        },
        Ok(Key::Address(address)) => by_address(api, settings, address).await,
        Err(why) => return Reading::Unreadable(why),
    };
    let mut found: Vec<Instance> = match found {
        Ok(found) => found,
        Err(trouble) if gone(&trouble) => return Reading::Absent,
        Err(trouble) => return Reading::Unreadable(trouble.to_string()),
    };
    match (found.pop(), found.as_slice()) {
        (None, _) => Reading::Absent,
        (Some(one), []) => {
            let status = match state(&one.state) {
                // Without the right to read it, less is said and nothing else changes.
                MachineState::On | MachineState::Off => api.status(&one.id).await.ok().flatten(),
                MachineState::Starting
                | MachineState::Stopping
                | MachineState::Error
                | MachineState::Other => None,
            };
            Reading::Seen(facts(one, status.as_ref(), settings))
        }
        (Some(last), others) => {
            let ids: Vec<&str> = others
                .iter()
                .chain([&last])
                .map(|one| one.id.as_str())
                .collect();
            let address = target.ip.as_deref().unwrap_or_default();
            Reading::Unreadable(format!(
                "several machines have the address {address}: {}; set vpc, or give the nodes their provider id",
                ids.join(", ")
            ))
        }
    }
}

/// `aws:///eu-central-1a/i-0123`: its last part, if its zone is in our region.
fn here<'a>(rest: &'a str, target: &Target, region: &str) -> Result<&'a str, String> {
    let mut parts = rest.rsplit('/');
    let id = parts.next().unwrap_or_default();
    let zone = parts.next().unwrap_or_default();
    if !valid(id) {
        return Err(format!(
            "the provider id aws://{rest} of {} ends in no instance id",
            target.node
        ));
    }
    // A local zone is named after its region, too: us-west-2-lax-1a.
    if !zone.is_empty() && !zone.starts_with(region) {
        return Err(format!(
            "{} runs in zone {zone}, which is not in the region {region} of this cloud",
            target.node
        ));
    }
    Ok(id)
}

/// Whether a text can be an instance's id.
pub fn valid(id: &str) -> bool {
    id.strip_prefix("i-").is_some_and(|rest| {
        (8..=40).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Whether the machine is not there, rather than not to be seen.
pub fn gone(trouble: &Trouble) -> bool {
    trouble
        .refusal()
        .is_some_and(|refusal| refusal.name().starts_with("InvalidInstanceID"))
}

async fn by_address(
    api: &Api,
    settings: &Settings,
    address: IpAddr,
) -> Result<Vec<Instance>, Trouble> {
    let text = address.to_string();
    let filter = if address.is_ipv4() {
        "private-ip-address"
    } else {
        "ipv6-address"
    };
    let mut query = vec![
        ("Filter.1.Name", filter),
        ("Filter.1.Value.1", text.as_str()),
    ];
    if let Some(vpc) = &settings.vpc {
        query.extend([
            ("Filter.2.Name", "vpc-id"),
            ("Filter.2.Value.1", vpc.as_str()),
        ]);
    }
    let mut found = Vec::new();
    let mut next: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut query = query.clone();
        query.extend(next.as_deref().map(|token| ("NextToken", token)));
        let page = api.instances(&query).await?;
        let has = |one: &Instance| one.addresses.iter().any(|own| own.parse() == Ok(address));
        found.extend(page.instances.into_iter().filter(has));
        next = page.next;
        if next.is_none() {
            return Ok(found);
        }
    }
    Err(Trouble::Blind(format!(
        "EC2 shows more than {PAGES_MAX} pages of machines: give the nodes their provider id"
    )))
}

/// The end of the console log. The newest is to be had on Nitro only; elsewhere AWS keeps what it last saved.
pub async fn console(api: &Api, machine: &str) -> Reading<String> {
    if !valid(machine) {
        return Reading::Unreadable(format!("{machine:?} is not an instance id"));
    }
    let log = match api.console(machine, true).await {
        Err(trouble) if unsupported(&trouble) => api.console(machine, false).await,
        other => other,
    };
    match log {
        Ok(None) => Reading::Absent,
        Ok(Some(text)) => {
            let text: String = text.split_whitespace().collect();
            match STANDARD.decode(text) {
                Ok(bytes) => console::end(&String::from_utf8_lossy(&bytes)),
                Err(why) => Reading::Unreadable(format!("the console log makes no sense: {why}")),
            }
        }
        Err(trouble) if gone(&trouble) || unsupported(&trouble) => Reading::Absent,
        Err(trouble) => Reading::Unreadable(trouble.to_string()),
    }
}

fn unsupported(trouble: &Trouble) -> bool {
    let name = trouble.refusal().map_or("", |refusal| refusal.name());
    matches!(
        name,
        "UnsupportedOperation" | "Unsupported" | "UnknownParameter"
    )
}

#[cfg(test)]
mod tests;
