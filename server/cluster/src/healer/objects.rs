//! The API groups a cluster serves, and the objects of healers in them, trimmed to what says whose a node is.

use super::selector::LabelSelector;
use crate::ask::{self, Trouble};
use crate::wire::{Meta, or_default};
use kube::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// `/apis`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Groups {
    #[serde(deserialize_with = "or_default")]
    groups: Vec<Group>,
}

/// One API group.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Group {
    name: String,
    preferred_version: Version,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Version {
    version: String,
}

impl Groups {
    /// The group of a name, if it is served.
    pub fn find(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|one| one.name == name)
    }
}

impl Group {
    /// All objects of a collection, of one namespace or of all; none where the collection is not served.
    pub async fn list<T: DeserializeOwned>(
        &self,
        client: &Client,
        plural: &str,
        namespace: Option<&str>,
    ) -> Result<Vec<T>, (String, Trouble)> {
        let path = self.path(plural, namespace);
        match ask::chosen(client, &path, "objects of a healer", "").await {
            Ok(all) => Ok(all),
            Err(trouble) if trouble.code() == Some(404) => Ok(Vec::new()),
            Err(trouble) => Err((format!("{plural}.{}", self.name), trouble)),
        }
    }

    /// One object; none where it or its collection is not there.
    pub async fn get<T: DeserializeOwned>(
        &self,
        client: &Client,
        plural: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Option<T>, (String, Trouble)> {
        let path = self.path(plural, Some(namespace));
        let asked = async {
            let request = kube::core::Request::new(path)
                .get(name, &kube::api::GetParams::default())
                .map_err(|error| ask::unasked(&error))?;
            ask::parse("an object of a healer", &ask::send(client, request).await?)
        };
        match asked.await {
            Ok(one) => Ok(Some(one)),
            Err(trouble) if trouble.code() == Some(404) => Ok(None),
            Err(trouble) => Err((format!("{plural}.{}", self.name), trouble)),
        }
    }

    fn path(&self, plural: &str, namespace: Option<&str>) -> String {
        let place = namespace.map_or(String::new(), |one| format!("/namespaces/{one}"));
        let version = &self.preferred_version.version;
        format!("/apis/{}/{version}{place}/{plural}", self.name)
    }
}

/// A Machine of Cluster API or OpenShift.
#[derive(Debug, Deserialize)]
pub struct Machine {
    pub metadata: Meta,
    #[serde(default)]
    pub spec: MachineSpec,
    #[serde(default)]
    pub status: MachineStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MachineSpec {
    #[serde(deserialize_with = "or_default")]
    pub cluster_name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MachineStatus {
    #[serde(deserialize_with = "or_default")]
    pub node_ref: NodeRef,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NodeRef {
    pub name: String,
}

/// A MachineHealthCheck or a NodeHealthCheck.
#[derive(Debug, Deserialize)]
pub struct HealthCheck {
    pub metadata: Meta,
    #[serde(default)]
    pub spec: HealthCheckSpec,
    #[serde(default)]
    pub status: HealthCheckStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct HealthCheckSpec {
    #[serde(deserialize_with = "or_default")]
    pub cluster_name: String,
    #[serde(deserialize_with = "or_default")]
    pub selector: LabelSelector,
    #[serde(deserialize_with = "or_default")]
    pub pause_requests: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct HealthCheckStatus {
    /// Of a NodeHealthCheck: nodes with a remediation under way, and since when.
    #[serde(deserialize_with = "or_default")]
    pub in_flight_remediations: BTreeMap<String, String>,
    #[serde(deserialize_with = "or_default")]
    pub unhealthy_nodes: Vec<UnhealthyNode>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct UnhealthyNode {
    pub name: String,
    #[serde(deserialize_with = "or_default")]
    pub remediations: Vec<serde_json::Value>,
}

/// A remediation of medik8s, whatever its kind.
#[derive(Debug, Deserialize)]
pub struct Remediation {
    pub metadata: Meta,
}

/// A NodeClaim of Karpenter.
#[derive(Debug, Deserialize)]
pub struct NodeClaim {
    pub metadata: Meta,
    #[serde(default)]
    pub status: NodeClaimStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NodeClaimStatus {
    #[serde(deserialize_with = "or_default")]
    pub node_name: String,
}
