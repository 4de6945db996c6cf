//! `/api/v1/clusters`.

use crate::web::AppState;
use crate::web::api::moment::{basis, written};
use crate::web::api::{Begun, List};
use crate::web::guard::Signed;
use crate::web::input::{Body, named};
use crate::web::problem::Problem;
use app::desk::views::{ClusterCard, NodeView, StartOrder};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::health::{Health as Seen, Verdict};
use domain::id::{ClusterName, NodeName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A cluster in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cluster {
    /// Name.
    pub name: String,
    /// Its own switch: `run`, `pause` or `freeze`.
    pub switch: &'static str,
    /// Health as seen last.
    #[serde(flatten)]
    pub health: Health,
}

/// Health of a cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Health {
    /// Which cluster.
    pub cluster: String,
    /// `healthy`, `degraded`, `down` or `blind`.
    pub verdict: &'static str,
    /// One sentence.
    pub sentence: String,
    /// Node counts.
    pub nodes: NodeCounts,
    /// Nodes that are not well.
    pub sick: Vec<SickNode>,
    /// Pods.
    pub pods: Pods,
    /// Controllers that are short of pods.
    pub workloads: Vec<Workload>,
    /// Pods that can run only on a node that is down.
    pub pinned: Vec<Pinned>,
    /// When it was seen.
    pub seen_at: String,
    /// Since when it cannot be read; null while it can.
    pub blind_since: Option<String>,
}

/// Node counts.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct NodeCounts {
    /// Ready.
    pub ready: u32,
    /// All.
    pub total: u32,
    /// Cordoned, by whomever.
    pub cordoned: u32,
}

/// A node that is not well.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SickNode {
    /// Name.
    pub name: String,
    /// In words.
    pub what: String,
    /// Since when.
    pub since: Option<String>,
}

/// Pods of a cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Pods {
    /// Running and Ready, or ended well.
    pub running: u32,
    /// All but those being deleted.
    pub total: u32,
    /// Those that are not well, worst and newest first.
    pub broken: Vec<BrokenPod>,
}

/// A pod that is not well.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BrokenPod {
    /// `namespace/name`.
    pub pod: String,
    /// Node it is bound to.
    pub node: Option<String>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: String,
}

/// A controller that is short of pods.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Workload {
    /// `Kind namespace/name`.
    pub workload: String,
    /// Ready.
    pub ready: u32,
    /// Wanted.
    pub desired: u32,
}

/// A pod that waits for a node.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Pinned {
    /// `namespace/name`.
    pub pod: String,
    /// The node.
    pub node: String,
    /// Why.
    pub why: String,
}

/// A node.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Node {
    /// Name.
    pub name: String,
    /// UID.
    pub uid: String,
    /// InternalIP.
    pub internal_ip: Option<String>,
    /// Ready.
    pub ready: bool,
    /// Cordoned by anybody.
    pub cordoned: bool,
    /// Who cordoned it.
    pub cordon_owner: Option<String>,
    /// Power state as last read.
    pub machine_state: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Zone.
    pub zone: Option<String>,
    /// Physical host.
    pub host: Option<String>,
}

/// Body of a start.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBody {
    /// The node's short name, where a warning asks for it.
    pub confirm: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The version of the facts as `GET` of the node told them: changed ones are 412.
    pub facts: Option<String>,
    /// Refused after that time, 412.
    pub not_after: Option<String>,
}

impl From<ClusterCard> for Cluster {
    fn from(card: ClusterCard) -> Self {
        Self {
            name: card.name.into(),
            switch: card.switch.word(),
            health: card.health.into(),
        }
    }
}

impl From<Seen> for Health {
    fn from(seen: Seen) -> Self {
        let broken = seen.pods.broken.into_iter().map(|pod| BrokenPod {
            pod: pod.pod,
            node: pod.node.map(String::from),
            reason: pod.reason,
            since: written(pod.since),
        });
        let sick = seen.sick.into_iter().map(|node| SickNode {
            name: node.name.into(),
            what: node.what,
            since: node.since.map(written),
        });
        let short = seen.workloads.into_iter();
        let pinned = seen.pinned.into_iter();
        Self {
            cluster: seen.cluster.into(),
            verdict: match seen.verdict {
                Verdict::Healthy => "healthy",
                Verdict::Degraded => "degraded",
                Verdict::Down => "down",
                Verdict::Blind => "blind",
            },
            sentence: seen.sentence,
            nodes: NodeCounts {
                ready: seen.nodes.ready,
                total: seen.nodes.total,
                cordoned: seen.nodes.cordoned,
            },
            sick: sick.collect(),
            pods: Pods {
                running: seen.pods.running,
                total: seen.pods.total,
                broken: broken.collect(),
            },
            workloads: short
                .map(|one| Workload {
                    workload: one.workload,
                    ready: one.ready,
                    desired: one.desired,
                })
                .collect(),
            pinned: pinned
                .map(|one| Pinned {
                    pod: one.pod,
                    node: one.node.into(),
                    why: one.why,
                })
                .collect(),
            seen_at: written(seen.seen_at),
            blind_since: seen.blind_since.map(written),
        }
    }
}

impl From<NodeView> for Node {
    fn from(view: NodeView) -> Self {
        Self {
            name: view.name.into(),
            uid: view.uid,
            internal_ip: view.internal_ip,
            ready: view.ready,
            cordoned: view.cordoned,
            cordon_owner: view.cordon_owner,
            machine_state: view.machine_state,
            roles: view.roles,
            zone: view.zone,
            host: view.host,
        }
    }
}

/// All clusters, as seen last.
#[utoipa::path(get, path = "/api/v1/clusters", tag = "clusters", responses((status = 200, body = List<Cluster>)))]
pub async fn list(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Json<List<Cluster>>, Problem> {
    let items = state
        .desk
        .clusters(&signed.person)
        .await?
        .into_iter()
        .map(Cluster::from)
        .collect();
    Ok(Json(List { items, next: None }))
}

/// Health of a cluster, read now, within 8 s.
#[utoipa::path(get, path = "/api/v1/clusters/{c}/health", tag = "clusters", params(("c" = String, Path)),
    responses((status = 200, body = Health), (status = 404, body = Problem)))]
pub async fn health(
    State(state): State<AppState>,
    signed: Signed,
    Path(cluster): Path<String>,
) -> Result<Json<Health>, Problem> {
    let cluster = named("cluster", ClusterName::parse(&cluster))?;
    Ok(Json(
        state.desk.health(&signed.person, &cluster).await?.into(),
    ))
}

/// Nodes of a cluster.
#[utoipa::path(get, path = "/api/v1/clusters/{c}/nodes", tag = "clusters", params(("c" = String, Path)),
    responses((status = 200, body = List<Node>), (status = 404, body = Problem)))]
pub async fn nodes(
    State(state): State<AppState>,
    signed: Signed,
    Path(cluster): Path<String>,
) -> Result<Json<List<Node>>, Problem> {
    let cluster = named("cluster", ClusterName::parse(&cluster))?;
    let items = state
        .desk
        .nodes(&signed.person, &cluster)
        .await?
        .into_iter()
        .map(Node::from)
        .collect();
    Ok(Json(List { items, next: None }))
}

/// Starts a node, or approves the recovery that waits for it.
#[utoipa::path(post, path = "/api/v1/clusters/{c}/nodes/{n}/start", tag = "clusters",
    params(("c" = String, Path), ("n" = String, Path)), request_body = StartBody,
    responses((status = 202, body = Begun), (status = 409, body = Problem), (status = 412, body = Problem), (status = 423, body = Problem)))]
pub async fn start(
    State(state): State<AppState>,
    signed: Signed,
    Path((cluster, node)): Path<(String, String)>,
    Body(body): Body<StartBody>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let order = StartOrder {
        cluster: named("cluster", ClusterName::parse(&cluster))?,
        node: named("node", NodeName::parse(&node))?,
        confirm: body.confirm,
        reason: body.reason,
        basis: basis(body.facts, body.not_after.as_deref())?,
    };
    let id = state.desk.start(&signed.person, &order).await?;
    Ok((StatusCode::ACCEPTED, Json(Begun { recovery_id: id.0 })))
}
