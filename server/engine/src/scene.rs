//! What the guards look at: limits, switch, weather, and what is counted in memory and in the book.

use crate::ports::StoreError;
use crate::{Engine, Site};
use domain::guard::{Gate, Scene, gate};
use domain::id::NodeName;
use domain::recovery::Recovery;
use domain::step::StepKind;
use domain::world::{Cordon, Healers, NodeFacts, Reading};
use jiff::SignedDuration;
use std::collections::BTreeSet;

impl Engine {
    /// What the guards look at for this node, to show what an act would meet, or, while holding `turn`, to decide.
    pub async fn scene(
        &self,
        site: &Site,
        node: &NodeName,
        fresh: Option<&NodeFacts>,
    ) -> Result<Scene, StoreError> {
        let now = self.now();
        let cluster = site.cluster.name();
        let last_ended = self.store().last_ended(cluster, node).await?;
        let window = SignedDuration::from_secs(site.guards.flap_window_s.into());
        let mut recent = self.store().recent(cluster, node, now - window).await?;
        let starts = self
            .store()
            .starts(now - SignedDuration::from_hours(1))
            .await?;
        let of = |wanted: &dyn Fn(&Site) -> bool| {
            starts
                .iter()
                .filter(|(name, _)| {
                    self.sites()
                        .iter()
                        .any(|one| one.cluster.name() == name && wanted(one))
                })
                .map(|(_, count)| count)
                .sum::<u32>()
        };
        let nodes = site.cluster.nodes();
        let known = fresh.or_else(|| nodes.iter().find(|one| one.name == *node));
        let live = self.live();
        let here =
            |one: &Recovery| one.plan.target.cluster == *cluster && one.plan.target.node == *node;
        // The recovery that asks is not one of the recent ones.
        if live.values().any(here) {
            recent = recent.saturating_sub(1);
        }
        let zone = known.and_then(|node| node.zone.clone());
        let acting = |wanted: &dyn Fn(&Recovery) -> bool| {
            let others = live.values().filter(|one| !here(one) && one.acting(now));
            count(others.filter(|one| wanted(one)).count())
        };
        let zone_of = |one: &Recovery| {
            nodes
                .iter()
                .find(|known| known.name == one.plan.target.node)
                .and_then(|known| known.zone.clone())
        };
        let scene = Scene {
            cluster: cluster.clone(),
            switch: self.switch(cluster),
            guards: site.guards.clone(),
            own_node: site.own_node.clone(),
            active: live
                .values()
                .find(|one| here(one))
                .map(|one| (one.id, one.state())),
            nodes: count(nodes.len()),
            cordoned: cordoned(site, node, &nodes, &live),
            acting_cluster: acting(&|one| one.plan.target.cluster == *cluster),
            acting_total: acting(&|_| true),
            last_ended,
            now,
            acting_zone: if zone.is_none() {
                0
            } else {
                acting(&|one| one.plan.target.cluster == *cluster && zone_of(one) == zone)
            },
            zone,
            breaker: self.breaker(cluster),
            starts_cluster: of(&|one| one.cluster.name() == cluster),
            starts_account: of(&|one| match &site.account {
                Some(account) => one.account.as_ref() == Some(account),
                None => one.cluster.name() == cluster,
            }),
            recent,
            blocking: self.blocking_alarm(cluster),
            created_at: None,
            shutdown: None,
            purpose: None,
            excluded: false,
            host_down: self.host_down(cluster, node),
            healers: Healers::default(),
        };
        Ok(match known {
            Some(node) => scene.of_node(node),
            None => scene,
        })
    }

    /// Whether a step of this recovery may begin, or its call be made, by what is known now.
    pub(crate) async fn gate(
        &self,
        recovery: &Recovery,
        step: StepKind,
        fresh: Option<&Reading<NodeFacts>>,
        healers: Option<&Healers>,
    ) -> Result<Gate, StoreError> {
        let target = &recovery.plan.target;
        let Some(site) = self.site_of(target) else {
            let why = format!("cluster {} is not configured", target.cluster);
            return Ok(Gate::Blocked(why));
        };
        let fresh = match fresh {
            Some(Reading::Seen(node)) => Some(node),
            Some(Reading::Absent | Reading::Unreadable(_)) | None => None,
        };
        let mut scene = self.scene(&site, &target.node, fresh).await?;
        let down = &recovery.step(StepKind::ConfirmDown).evidence;
        scene.purpose.clone_from(&down.purpose);
        if let Some(healers) = healers {
            scene.healers.clone_from(healers);
        }
        let trigger = &recovery.plan.trigger;
        Ok(gate(step, trigger, recovery.approved(), &scene))
    }
}

/// Other nodes that we cordoned or are about to.
fn cordoned(
    site: &Site,
    node: &NodeName,
    nodes: &[NodeFacts],
    live: &std::collections::HashMap<domain::id::RecoveryId, Recovery>,
) -> u32 {
    let begun = live.values().filter(|one| {
        one.plan.target.cluster == *site.cluster.name()
            && one.plan.target.node != *node
            && one.step(StepKind::Cordon).attempt > 0
            && !one.cordon_ended()
    });
    let mut all: BTreeSet<&NodeName> = begun.map(|one| &one.plan.target.node).collect();
    all.extend(
        nodes
            .iter()
            .filter(|one| one.name != *node && matches!(one.cordon, Cordon::Ours(_)))
            .map(|one| &one.name),
    );
    count(all.len())
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
