//! A machine as EC2 writes it.

use super::xml::{child, items, text};
use jiff::Timestamp;
use roxmltree::Node;

/// One page of machines.
pub struct Page {
    /// The machines.
    pub instances: Vec<Instance>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// One machine.
#[derive(Debug, Clone, Default)]
pub struct Instance {
    /// Such as `i-0123456789abcdef0`.
    pub id: String,
    /// Such as `stopped`.
    pub state: String,
    /// Why it last changed, as a code such as `Client.UserInitiatedShutdown`.
    pub why: Option<String>,
    /// The same in words.
    pub why_words: Option<String>,
    /// `User initiated (2026-11-22 19:26:01 GMT)`.
    pub transition: Option<String>,
    /// Last start.
    pub launched: Option<Timestamp>,
    /// Zone.
    pub zone: Option<String>,
    /// Dedicated host.
    pub host: Option<String>,
    /// Its addresses inside.
    pub addresses: Vec<String>,
    /// Tags.
    pub tags: Vec<(String, String)>,
}

impl Instance {
    /// Reads an `item`; `None` where id or state are missing.
    pub fn read(item: Node<'_, '_>) -> Option<Self> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let reason = child(item, "stateReason");
        let placement = child(item, "placement");
        let primary = [text(item, "privateIpAddress"), text(item, "ipv6Address")];
        let cards = items(item, "networkInterfaceSet").flat_map(|card| {
            let four = items(card, "privateIpAddressesSet");
            let six = items(card, "ipv6AddressesSet");
            let four = four.filter_map(|one| text(one, "privateIpAddress"));
            four.chain(six.filter_map(|one| text(one, "ipv6Address")))
        });
        Some(Self {
            id: text(item, "instanceId")?.to_owned(),
            state: text(child(item, "instanceState")?, "name")?.to_owned(),
            why: owned(reason.and_then(|reason| text(reason, "code"))),
            why_words: owned(reason.and_then(|reason| text(reason, "message"))),
            transition: owned(text(item, "reason")),
            launched: text(item, "launchTime").and_then(|time| time.parse().ok()),
            zone: owned(placement.and_then(|place| text(place, "availabilityZone"))),
            host: owned(placement.and_then(|place| text(place, "hostId"))),
            addresses: primary
                .into_iter()
                .flatten()
                .chain(cards)
                .map(str::to_owned)
                .collect(),
            tags: items(item, "tagSet")
                .filter_map(|tag| {
                    let value = text(tag, "value").unwrap_or_default();
                    Some((text(tag, "key")?.to_owned(), value.to_owned()))
                })
                .collect(),
        })
    }

    /// The value of a tag.
    pub fn tag(&self, key: &str) -> Option<&str> {
        let found = self.tags.iter().find(|(name, _)| name == key);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// AWS's own checks of a machine and what it plans to do with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Of the physical host below: `ok`, `impaired` ..
    pub system: Option<String>,
    /// Of the operating system's network.
    pub instance: Option<String>,
    /// What is planned: `instance-retirement, not before 2026-11-30T00:00:00Z`.
    pub planned: Vec<String>,
}

impl Status {
    /// Reads an `item`.
    pub fn read(item: Node<'_, '_>) -> Self {
        let of = |name: &str| child(item, name).and_then(|one| text(one, "status"));
        let planned = items(item, "eventsSet").filter_map(|event| {
            let words = text(event, "description").unwrap_or_default();
            if words.starts_with("[Completed]") || words.starts_with("[Canceled]") {
                return None;
            }
            let code = text(event, "code")?;
            Some(match text(event, "notBefore") {
                Some(time) => format!("{code}, not before {time}"),
                None => code.to_owned(),
            })
        });
        Self {
            system: of("systemStatus").map(str::to_owned),
            instance: of("instanceStatus").map(str::to_owned),
            planned: planned.collect(),
        }
    }
}
