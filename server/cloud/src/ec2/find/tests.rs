//! Provider ids and what EC2 takes for one of its own.

use super::*;
use domain::id::{ClusterName, NodeName, NodeUid};

fn node() -> Target {
    Target {
        cluster: ClusterName::parse("prod").expect("is valid"),
        node: NodeName::parse("node-12").expect("is valid"),
        uid: NodeUid::parse("u").expect("is valid"),
        provider_id: None,
        ip: None,
    }
}

#[test]
fn the_id_is_the_last_part_and_its_zone_must_be_ours() {
    for (rest, found) in [
        (
            "/eu-central-1a/i-24519b9d6af0a1cb5",
            Ok("i-24519b9d6af0a1cb5"),
        ),
        ("i-24519b9d6af0a1cb5", Ok("i-24519b9d6af0a1cb5")),
        ("/eu-central-1-ham-1a/i-24519b9d", Ok("i-24519b9d")),
        (
            "/us-east-1a/i-24519b9d6af0a1cb5",
            Err("not in the region eu-central-1"),
        ),
        (
            "/eu-central-1a/fargate-ip-10-0-0-1",
            Err("ends in no instance id"),
        ),
        ("/eu-central-1a/i-../x", Err("ends in no instance id")),
    ] {
        match (here(rest, &node(), "eu-central-1"), found) {
            (Ok(id), Ok(wanted)) => assert_eq!(id, wanted),
            (Err(why), Err(words)) => assert!(why.contains(words), "{why}"),
            (other, _) => panic!("{rest}: {other:?}"),
        }
    }
}
