//! From nodes to controllers.

use super::*;
use crate::pace::Budget;
use crate::redfish::SignIn;
use crate::secret::SecretSource;
use domain::id::{ClusterName, NodeName, NodeUid};

fn settings(controller: Option<&str>) -> Settings {
    Settings {
        name: "rack".into(),
        controller: controller.map(Into::into),
        system: None,
        machines: BTreeMap::from([("odd".into(), "https://10.9.0.1/redfish/v1/Systems/7".into())]),
        username: "ops".into(),
        password: SecretSource::Env("NOT_READ".into()),
        sign_in: SignIn::Auto,
        ca: None,
        budget: Budget::default(),
    }
}

fn target(node: &str, ip: Option<&str>) -> Target {
    Target {
        cluster: ClusterName::parse("prod").expect("is valid"),
        node: NodeName::parse(node).expect("is valid"),
        uid: NodeUid::parse("u").expect("is valid"),
        provider_id: None,
        ip: ip.map(Into::into),
    }
}

#[test]
fn a_node_has_its_own_entry_or_the_template_with_its_name_or_address_in_it() {
    for (template, node, ip, place) in [
        (
            "https://{node}.bmc.example",
            "node-12",
            None,
            "https://node-12.bmc.example/",
        ),
        (
            "https://{short}-bmc.example:8443",
            "node-12.prod",
            None,
            "https://node-12-bmc.example:8443/",
        ),
        (
            "https://[fd00::1]/{node}",
            "odd",
            None,
            "https://10.9.0.1/redfish/v1/Systems/7",
        ),
        (
            "http://{ip}:8000",
            "node-12",
            Some("10.0.0.12"),
            "http://10.0.0.12:8000/",
        ),
        (
            "http://{ip}",
            "node-12",
            Some("fd00::12"),
            "http://[fd00::12]/",
        ),
    ] {
        let map = Map::new(&settings(Some(template))).expect("is valid");
        assert_eq!(
            map.place(&target(node, ip)).expect("is there").as_str(),
            place
        );
    }
    let map = Map::new(&settings(None)).expect("is valid");
    assert_eq!(
        map.place(&target("node-12", None)),
        Err("node-12 has no entry in machines".into())
    );
}

#[test]
fn a_template_without_a_placeholder_or_with_an_unknown_one_is_refused() {
    for template in [
        "https://bmc.example",
        "https://{name}.example",
        "bmc-{node}",
    ] {
        assert!(Map::new(&settings(Some(template))).is_err(), "{template}");
    }
}

#[test]
fn the_password_goes_only_where_the_config_points() {
    let map = Map::new(&settings(Some("https://{node}.bmc.example:8443/x"))).expect("is valid");
    for (machine, known) in [
        ("https://node-1.bmc.example:8443/redfish/v1/Systems/1", true),
        ("https://10.9.0.1/redfish/v1/Systems/8", true),
        ("http://node-1.bmc.example:8443/redfish/v1/Systems/1", false),
        ("https://node-1.bmc.example/redfish/v1/Systems/1", false),
        ("https://.bmc.example.evil:8443/redfish/v1/Systems/1", false),
        ("https://evil.example/redfish/v1/Systems/1", false),
        ("node-1", false),
    ] {
        assert_eq!(map.known(machine).is_ok(), known, "{machine}");
    }
}
