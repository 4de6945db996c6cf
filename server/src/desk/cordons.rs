//! The cordon ledger for people: every cordon with owner, reason and time, and what may be done with it.

use super::{TheDesk, errors, needs};
use app::desk::views::{CordonActView, CordonOrder, CordonView, CordonsView};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::id::{NodeName, RecoveryId};
use domain::ledger::{CordonVerb, Owner, may, since};
use domain::recovery::{Recovery, replay};
use domain::target::Target;
use domain::trigger::Trigger;
use domain::world::{Cordon, NodeFacts, Ready, Sight};
use engine::Site;
use engine::ports::CordonAct;
use jiff::Timestamp;

/// Acts of persons shown.
const SHOWN: u32 = 50;

/// A cordon, read or remembered.
struct Cordoned {
    node: NodeName,
    cordon: Cordon,
    ready: Option<bool>,
    unseen_since: Option<Timestamp>,
    /// Whether this process has seen the node: without it nothing can be done to it.
    known: bool,
}

impl TheDesk {
    pub(super) async fn read_cordons(&self, who: &Person) -> Result<CordonsView, AppError> {
        needs(who, Role::Viewer)?;
        let acts = self
            .house
            .engine
            .cordon_acts(SHOWN)
            .await
            .map_err(errors::store)?;
        let mut items = self.all_cordons(&acts).await?;
        items.sort_by_key(|one| {
            (
                !kept_here(&one.owner),
                one.cluster.clone(),
                one.node.clone(),
            )
        });
        let acts = acts
            .into_iter()
            .map(|act| CordonActView {
                cluster: act.cluster,
                node: act.node,
                verb: act.verb,
                by: act.by,
                at: act.at,
                reason: act.reason,
                outcome: act.outcome,
            })
            .collect();
        Ok(CordonsView { items, acts })
    }

    /// Cordons kept here while no recovery is at work on the node: each is an open item.
    pub(super) async fn left_cordoned(&self) -> Result<Vec<CordonView>, AppError> {
        let acts = self
            .house
            .engine
            .cordon_acts(SHOWN)
            .await
            .map_err(errors::store)?;
        let mut items = self.all_cordons(&acts).await?;
        items.retain(|one| kept_here(&one.owner) && one.at_work.is_none());
        Ok(items)
    }

    async fn all_cordons(&self, acts: &[CordonAct]) -> Result<Vec<CordonView>, AppError> {
        let running = self.house.engine.running();
        let mut items = Vec::new();
        for site in self.house.engine.sites().iter() {
            for one in self.cordoned(site) {
                if let Some(owner) = Owner::of(&one.cordon) {
                    items.push(self.cordon(site, &one, owner, &running, acts).await?);
                }
            }
        }
        Ok(items)
    }

    /// Every cordon of a cluster; of one that this process could not read yet, those of ours that were seen before it began.
    fn cordoned(&self, site: &Site) -> Vec<Cordoned> {
        let (unseen_since, nodes) = match site.cluster.sight() {
            Sight::Live => (None, site.cluster.nodes()),
            Sight::Blind { since, .. } => (Some(since), site.cluster.nodes()),
        };
        if unseen_since.is_some() && nodes.is_empty() {
            let kept = self.house.engine.kept_cordons(site.cluster.name());
            let of = |(node, cordon)| Cordoned {
                node,
                cordon,
                ready: None,
                unseen_since,
                known: false,
            };
            return kept.into_iter().map(of).collect();
        }
        let of = |node: &NodeFacts| Cordoned {
            node: node.name.clone(),
            cordon: node.cordon.clone(),
            ready: unseen_since.is_none().then_some(node.ready == Ready::True),
            unseen_since,
            known: true,
        };
        nodes.iter().map(of).collect()
    }

    async fn cordon(
        &self,
        site: &Site,
        of: &Cordoned,
        owner: Owner,
        running: &[Recovery],
        acts: &[CordonAct],
    ) -> Result<CordonView, AppError> {
        let cluster = site.cluster.name();
        let at_work = running
            .iter()
            .find(|one| one.plan.target.cluster == *cluster && one.plan.target.node == of.node);
        let reason = match &owner {
            Owner::Recovery { recovery } => self.why(*recovery).await?,
            Owner::Person { here: true, .. } => acts
                .iter()
                .find(|act| {
                    act.cluster == *cluster
                        && act.node == of.node
                        && act.verb == CordonVerb::TakeOver
                })
                .and_then(|act| act.reason.clone()),
            Owner::Person { here: false, .. } | Owner::Tool { .. } => None,
        };
        let working = at_work.is_some_and(|one| self.house.engine.keeps_cordon(one));
        Ok(CordonView {
            cluster: cluster.clone(),
            node: of.node.clone(),
            ready: of.ready,
            unseen_since: of.unseen_since,
            owner_text: owner.text(),
            owner,
            since: since(&of.cordon),
            reason,
            at_work: at_work.map(|one| one.id),
            may: if of.known {
                may(&of.cordon, working)
            } else {
                Vec::new()
            },
        })
    }

    /// Why a recovery began, in one line.
    async fn why(&self, id: RecoveryId) -> Result<Option<String>, AppError> {
        let events = self.store().events(id).await.map_err(errors::store)?;
        let Ok(recovery) = replay(&events) else {
            return Ok(None);
        };
        Ok(Some(match &recovery.plan.trigger {
            Trigger::Alarm { text, .. } => text.clone(),
            Trigger::Person { name, reason, .. } => match reason {
                Some(reason) => format!("started by {name}: {reason}"),
                None => format!("started by {name}"),
            },
        }))
    }

    pub(super) async fn order_cordon(
        &self,
        who: &Person,
        order: &CordonOrder,
    ) -> Result<String, AppError> {
        needs(who, Role::Responder)?;
        let site = self.site(&order.cluster)?;
        let nodes = site.cluster.nodes();
        let node = nodes.iter().find(|node| node.name == order.node);
        let node = node.ok_or_else(|| AppError::NotFound {
            what: format!("node {} in cluster {}", order.node, order.cluster),
        })?;
        let reason = order.reason.as_deref().map(str::trim);
        let order = engine::cordons::CordonOrder {
            target: Target::of(site.cluster.name(), node),
            verb: order.verb,
            reason: reason.filter(|text| !text.is_empty()).map(str::to_owned),
        };
        self.house
            .engine
            .order_cordon(who, order)
            .await
            .map_err(errors::order)
    }
}

/// Whether it carries our annotation.
const fn kept_here(owner: &Owner) -> bool {
    matches!(
        owner,
        Owner::Recovery { .. } | Owner::Person { here: true, .. }
    )
}

/// In words, for a node in a list.
pub fn owner_of(cordon: &Cordon) -> (Option<String>, Option<RecoveryId>) {
    let owner = Owner::of(cordon);
    let recovery = match &owner {
        Some(Owner::Recovery { recovery }) => Some(*recovery),
        Some(Owner::Person { .. } | Owner::Tool { .. }) | None => None,
    };
    (owner.map(|owner| owner.text()), recovery)
}
