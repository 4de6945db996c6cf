//! What a start of a node would do: cause, steps with their usual times, guards, and who waits for it.

use super::{TheDesk, errors, needs};
use app::desk::views::{SheetStep, SheetView};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::id::{ClusterName, NodeName};
use domain::target::Target;
use domain::trigger::Trigger;
use domain::world::{NodeFacts, Ready};
use engine::Site;
use jiff::Timestamp;

impl TheDesk {
    pub(super) async fn read_sheet(
        &self,
        who: &Person,
        cluster: &ClusterName,
        name: &NodeName,
    ) -> Result<SheetView, AppError> {
        needs(who, Role::Viewer)?;
        let site = self.site(cluster)?;
        let nodes = site.cluster.nodes();
        let node = nodes.iter().find(|node| &node.name == name);
        let node = node.ok_or_else(|| AppError::NotFound {
            what: format!("node {name} in cluster {cluster}"),
        })?;
        let scene = self
            .house
            .engine
            .scene(&site, name, Some(node))
            .await
            .map_err(errors::store)?;
        let (cause, alarmed) = self.cause(cluster, node).await?;
        let usual = self.read_usual(who, cluster).await?;
        let steps = domain::plan::steps(&site.guards, &site.planned_checks(), alarmed)
            .into_iter()
            .map(|planned| SheetStep {
                title: planned.step.title().into_owned(),
                usual: usual.words(planned.step),
            })
            .collect();
        let (waits, only_here) = waiting(&site, name);
        Ok(SheetView {
            cause,
            steps,
            starts: starts(scene.starts_cluster, scene.guards.starts_per_hour),
            acting: self.others(cluster, name).await,
            waits,
            only_here,
        })
    }

    /// Why it is thought to be down, and whether an alarm says so.
    async fn cause(
        &self,
        cluster: &ClusterName,
        node: &NodeFacts,
    ) -> Result<(Option<(String, Timestamp)>, bool), AppError> {
        if let Some(at_work) = self.at_work(cluster, &node.name)
            && let Trigger::Alarm {
                text, starts_at, ..
            } = &at_work.plan.trigger
        {
            return Ok((Some((text.clone(), *starts_at)), true));
        }
        let target = Target::of(cluster, node);
        let open = self.house.engine.open_alarm(&target).await;
        if let Some((id, _)) = open.map_err(errors::store)?
            && let Some(row) = self.store().alarm(id).await.map_err(errors::store)?
        {
            return Ok((Some((row.alarm.text, row.alarm.starts_at)), true));
        }
        let text = match node.ready {
            Ready::True => return Ok((None, false)),
            Ready::False => "Its kubelet says that it is not Ready.",
            Ready::Unknown => "Its kubelet is silent.",
        };
        Ok((Some((text.to_owned(), node.ready_since)), false))
    }

    async fn others(&self, cluster: &ClusterName, name: &NodeName) -> Vec<String> {
        let mut others = Vec::new();
        for one in self.house.engine.running() {
            let target = &one.plan.target;
            if target.cluster != *cluster
                || target.node == *name
                || !one.acting(self.house.engine.now())
            {
                continue;
            }
            let by = self.asked_by(one.id).await.unwrap_or_default();
            others.push(format!("{}: {by}", target.node));
        }
        others
    }
}

fn starts(now: u32, most: u32) -> String {
    match (now, most) {
        (0, 0) => "No start this hour; there is no limit.".to_owned(),
        (now, 0) => format!("{now} this hour; there is no limit."),
        (now, most) => format!("{now} of {most} starts this hour."),
    }
}

/// Pods that are not well and wait for the node, and those that can run nowhere else.
fn waiting(site: &Site, name: &NodeName) -> (Vec<String>, Vec<String>) {
    let facts = site.cluster.facts();
    let (mut waits, mut only) = (Vec::new(), Vec::new());
    for pod in facts.pods.iter() {
        let pin = pod.pinned.as_ref().filter(|pin| &pin.node == name);
        if let Some(pin) = pin {
            only.push(format!("{} ({})", pod.key(), pin.why));
        }
        if !pod.ready && (pin.is_some() || pod.node.as_ref() == Some(name)) {
            let reason = pod.reason.as_deref().unwrap_or("not Ready");
            waits.push(format!("{}: {reason}", pod.key()));
        }
    }
    (waits, only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hourly_limit_is_told_with_what_is_used_of_it() {
        assert_eq!(starts(1, 3), "1 of 3 starts this hour.");
        assert_eq!(starts(2, 0), "2 this hour; there is no limit.");
    }
}
