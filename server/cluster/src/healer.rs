//! Who else heals a node: by its labels and annotations, and by the objects of those healers that the cluster serves.

mod capi;
mod label;
mod medik8s;
mod objects;
mod selector;

use crate::ask::{self, Trouble};
use crate::kind::Kind;
use crate::wire::node::Node;
use domain::target::Target;
use domain::world::{Claim, Healer, Healers, Unseen};
use http::Request;
use kube::Client;
use objects::{Groups, NodeClaim};

/// Asks within 8 s. Healers in `own` are asked after no more.
pub async fn read(client: &Client, target: &Target, own: &[Healer]) -> Healers {
    let looked = async {
        let (node, groups) = tokio::join!(
            ask::get::<Node>(client, target.node.as_str()),
            groups(client)
        );
        let node = match node {
            Ok(node) if node.metadata.uid == target.uid.as_str() => node,
            // There is no such node: nobody heals it, and we do not either.
            Ok(_) => return Healers::default(),
            Err(trouble) if trouble.code() == Some(404) => return Healers::default(),
            Err(trouble) => return blind(&trouble.about(Node::WHAT)),
        };
        let mut found = Healers {
            claims: label::claims(&node),
            unseen: Vec::new(),
        };
        match groups {
            Ok(groups) => of_objects(client, &groups, Some(&node), own, &mut found).await,
            Err(trouble) => found
                .unseen
                .push(unseen(Vec::from(IN_CLUSTER), &trouble, GROUPS)),
        }
        found.without(own)
    };
    tokio::time::timeout(ask::LIMIT, looked)
        .await
        .unwrap_or_else(|_| {
            let silent = Trouble::Silent(ask::LIMIT.as_secs());
            blind(&silent.to_string()).without(own)
        })
}

/// The same reads without a node: what of the healers that are served here may not be read.
pub async fn look_over(client: &Client, own: &[Healer]) -> Healers {
    let mut found = Healers::default();
    match ask::in_time(groups(client)).await {
        Ok(groups) => of_objects(client, &groups, None, own, &mut found).await,
        Err(trouble) => found
            .unseen
            .push(unseen(Vec::from(IN_CLUSTER), &trouble, GROUPS)),
    }
    found.without(own)
}

/// Healers that show themselves by objects in the cluster.
const IN_CLUSTER: [Healer; 3] = [Healer::ClusterApi, Healer::Medik8s, Healer::Karpenter];
const GROUPS: &str = "API groups";

/// What healers' objects say; without a node only whether they can be read.
async fn of_objects(
    client: &Client,
    groups: &Groups,
    node: Option<&Node>,
    own: &[Healer],
    found: &mut Healers,
) {
    let asks = |healer: Healer| {
        // Who has the node already by its labels need not say so twice.
        !own.contains(&healer) && !found.claims.iter().any(|one| one.healer == healer)
    };
    let (capi, medik8s, karpenter) = (
        asks(Healer::ClusterApi),
        asks(Healer::Medik8s),
        asks(Healer::Karpenter),
    );
    let parts = tokio::join!(
        async {
            match capi {
                true => capi::claims(client, groups, node).await,
                false => Vec::new(),
            }
        },
        async {
            match medik8s {
                true => medik8s::claims(client, groups, node).await,
                false => Vec::new(),
            }
        },
        async {
            match karpenter {
                true => vec![node_claims(client, groups, node).await],
                false => Vec::new(),
            }
        },
    );
    let healers = [Healer::ClusterApi, Healer::Medik8s, Healer::Karpenter];
    for (healer, part) in healers.into_iter().zip([parts.0, parts.1, parts.2]) {
        for answer in part {
            match answer {
                Ok(evidence) => found.claims.extend(
                    evidence
                        .into_iter()
                        .map(|evidence| Claim { healer, evidence }),
                ),
                Err((what, trouble)) => found.unseen.push(unseen(vec![healer], &trouble, &what)),
            }
        }
    }
}

/// What was found in one collection, or which one could not be read.
type Answer = Result<Vec<String>, (String, Trouble)>;

async fn node_claims(client: &Client, groups: &Groups, node: Option<&Node>) -> Answer {
    let Some(group) = groups.find("karpenter.sh") else {
        return Ok(Vec::new());
    };
    let all: Vec<NodeClaim> = group.list(client, "nodeclaims", None).await?;
    let Some(node) = node else {
        return Ok(Vec::new());
    };
    Ok(all
        .iter()
        .filter(|one| one.status.node_name == node.metadata.name)
        .map(|one| format!("its NodeClaim is {}", one.metadata.name))
        .collect())
}

async fn groups(client: &Client) -> Result<Groups, Trouble> {
    let request = Request::get("/apis")
        .body(Vec::new())
        .map_err(|error| ask::unasked(&error))?;
    ask::parse(GROUPS, &ask::send(client, request).await?)
}

fn unseen(of: Vec<Healer>, trouble: &Trouble, what: &str) -> Unseen {
    Unseen {
        of,
        why: trouble.about(what),
        denied: trouble.code() == Some(403),
    }
}

fn blind(why: &str) -> Healers {
    Healers {
        claims: Vec::new(),
        unseen: vec![Unseen {
            of: Healer::ALL
                .into_iter()
                .filter(|one| *one != Healer::AutoscalingGroup)
                .collect(),
            why: why.to_owned(),
            denied: false,
        }],
    }
}
