//! How a node names its machine.

use super::*;
use domain::id::{ClusterName, NodeName, NodeUid};

fn target(provider_id: Option<&str>, ip: Option<&str>) -> Target {
    Target {
        cluster: ClusterName::parse("prod").expect("is valid"),
        node: NodeName::parse("node-12").expect("is valid"),
        uid: NodeUid::parse("u").expect("is valid"),
        provider_id: provider_id.map(Into::into),
        ip: ip.map(Into::into),
    }
}

#[test]
fn a_provider_id_comes_before_the_address() {
    let uuid = "e1607007-1345-4ac9-b7b7-6c4c370953a7";
    for id in [
        format!("openstack:///{uuid}"),
        format!("openstack://RegionOne/{uuid}"),
    ] {
        assert_eq!(
            key(&target(Some(&id), Some("10.0.0.12"))),
            Ok(Key::Provider(uuid))
        );
    }
    let address = Key::Address("10.0.0.12".parse().expect("is valid"));
    assert_eq!(key(&target(None, Some("10.0.0.12"))), Ok(address));
    let address = Key::Address("10.0.0.12".parse().expect("is valid"));
    assert_eq!(
        key(&target(Some("k3s://node-12"), Some("10.0.0.12"))),
        Ok(address)
    );
}

#[test]
fn what_names_no_machine_here_is_refused_in_words() {
    for (id, ip, why) in [
        (
            Some("aws:///eu-1a/i-1"),
            Some("10.0.0.12"),
            "node-12 belongs to another kind of cloud: aws:///eu-1a/i-1",
        ),
        (
            Some("openstack:///"),
            Some("10.0.0.12"),
            "the provider id openstack:/// of node-12 ends in no machine id",
        ),
        (
            Some("openstack:///a?b"),
            None,
            "the provider id openstack:///a?b of node-12 ends in no machine id",
        ),
        (
            None,
            None,
            "node-12 has neither a provider id nor an address",
        ),
        (
            None,
            Some("node-12.local"),
            "node-12 has neither a provider id nor an address",
        ),
    ] {
        assert_eq!(key(&target(id, ip)), Err(why.to_owned()));
    }
}
