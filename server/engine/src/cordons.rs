//! What persons do with cordons: take over, hand back, lift; the intent is stored before, the outcome after.

use crate::ports::{CordonAct, Marking, StoreError};
use crate::tell::Told;
use crate::{Engine, OrderError, Site};
use domain::access::Person;
use domain::guard::Switch;
use domain::ledger::{CordonVerb, may};
use domain::plan::Refusal;
use domain::recovery::Recovery;
use domain::step::{Answer, StepKind};
use domain::target::Target;
use domain::world::{Cordon, HolderMark, NodeFacts, OwnerMark, Reading};

/// A cordon somebody wants something done with.
#[derive(Debug, Clone)]
pub struct CordonOrder {
    /// The node.
    pub target: Target,
    /// What.
    pub verb: CordonVerb,
    /// Why.
    pub reason: Option<String>,
}

impl Engine {
    /// Does one act on a cordon by order of a person, and says in words what became of it.
    pub async fn order_cordon(
        &self,
        who: &Person,
        order: CordonOrder,
    ) -> Result<String, OrderError> {
        let target = &order.target;
        let site = self.site_of(target).ok_or_else(|| {
            OrderError::NotNow(format!("cluster {} is not configured", target.cluster))
        })?;
        self.unfrozen(&order)?;
        let node = self.cordoned_node(target).await?;
        let working = self.at_work(target);
        let keeps = working.as_ref().is_some_and(|one| self.keeps_cordon(one));
        if !may(&node.cordon, keeps).contains(&order.verb) {
            let why = why_not(order.verb, &node.cordon);
            return Err(OrderError::NotNow(why.to_owned()));
        }
        let marking = marking(who, order.verb, working.as_ref(), self.now());
        let act = CordonAct {
            id: 0,
            cluster: target.cluster.clone(),
            node: target.node.clone(),
            verb: order.verb,
            by: who.name.clone(),
            at: self.now(),
            reason: order.reason.clone(),
            outcome: None,
        };
        let id = self.store().add_cordon_act(&act).await?;
        // The switch may have been thrown while this was read and stored.
        if let Err(frozen) = self.unfrozen(&order) {
            let words = format!("nothing was changed: {frozen}");
            self.store().end_cordon_act(id, &words).await?;
            return Err(frozen);
        }
        let answer = self.do_cordon(&site, target, &node, marking).await;
        let (done, words) = outcome(order.verb, &answer, target);
        self.store().end_cordon_act(id, &words).await?;
        self.tell(Told::Cordon);
        self.wake_all();
        if done {
            Ok(words)
        } else {
            Err(OrderError::NotNow(words))
        }
    }

    /// Undo by hand is never taken away; everything else waits while frozen.
    fn unfrozen(&self, order: &CordonOrder) -> Result<(), OrderError> {
        let switch = self.switch(&order.target.cluster);
        if switch == Switch::Freeze && order.verb != CordonVerb::Lift {
            return Err(Refusal::Switched { switch }.into());
        }
        Ok(())
    }

    async fn cordoned_node(&self, target: &Target) -> Result<NodeFacts, OrderError> {
        let gone = |text: String| OrderError::Refused(Refusal::Gone { text });
        match self.read_node(target).await {
            Reading::Seen(node) if node.uid != target.uid => {
                Err(gone(format!("{} was re-created meanwhile", target.node)))
            }
            Reading::Seen(node) if node.cordon == Cordon::Open => Err(OrderError::NotNow(format!(
                "{} is not cordoned",
                target.node
            ))),
            Reading::Seen(node) => Ok(node),
            Reading::Absent => Err(gone(format!("{} is no longer in the cluster", target.node))),
            Reading::Unreadable(why) => Err(Refusal::Blind {
                text: format!("the cluster cannot be read: {why}"),
            }
            .into()),
        }
    }

    /// Whether this recovery will see to its cordon without a person. While frozen it cannot, and a stopped one is done
    /// with: undo by hand is never taken away.
    pub fn keeps_cordon(&self, recovery: &Recovery) -> bool {
        let frozen = self.switch(&recovery.plan.target.cluster) == Switch::Freeze;
        recovery.human.is_none() && !recovery.stopped && !frozen
    }

    /// The recovery that will still look at this node's cordon.
    fn at_work(&self, target: &Target) -> Option<Recovery> {
        self.live()
            .values()
            .find(|one| {
                one.plan.target.cluster == target.cluster
                    && one.plan.target.node == target.node
                    && one.human.is_none()
            })
            .cloned()
    }

    async fn do_cordon(
        &self,
        site: &Site,
        target: &Target,
        node: &NodeFacts,
        marking: Option<Marking>,
    ) -> Answer {
        let version = &node.resource_version;
        let call = async {
            match marking {
                Some(marking) => site.cluster.mark(target, version, &marking).await,
                None => site.cluster.uncordon(target, version).await,
            }
        };
        tokio::time::timeout(crate::act::LIMIT, call)
            .await
            .unwrap_or_else(|_| Answer::Unknown("no answer in time".to_owned()))
    }
}

/// What is to stand in the annotation; `None` takes the cordon off.
fn marking(
    who: &Person,
    verb: CordonVerb,
    working: Option<&Recovery>,
    now: jiff::Timestamp,
) -> Option<Marking> {
    match verb {
        CordonVerb::TakeOver => Some(match working.filter(|one| takes_it_off(one)) {
            Some(recovery) => Marking::Recovery(OwnerMark {
                recovery: recovery.id,
                at: now,
            }),
            None => Marking::Person(HolderMark {
                person: who.name.clone(),
                at: now,
            }),
        }),
        CordonVerb::HandBack => Some(Marking::Nobody),
        CordonVerb::Lift => None,
    }
}

/// Why an act does not fit this cordon, and what does.
const fn why_not(verb: CordonVerb, cordon: &Cordon) -> &'static str {
    match (verb, cordon) {
        (CordonVerb::TakeOver, _) => "this cordon is kept here already; hand it back or lift it",
        (CordonVerb::HandBack, _) => "this cordon is not kept here; there is nothing to hand back",
        (CordonVerb::Lift, Cordon::Foreign(_)) => {
            "this cordon is somebody else's; take it over before it is lifted here"
        }
        (CordonVerb::Lift, _) => {
            "a recovery is at work on this node and takes its cordon off itself; stop it first"
        }
    }
}

/// Whether the recovery's uncordon is still to come.
fn takes_it_off(recovery: &Recovery) -> bool {
    !recovery.stopped
        && recovery.finished.is_none()
        && recovery.step(StepKind::Uncordon).ended_at.is_none()
}

fn outcome(verb: CordonVerb, answer: &Answer, target: &Target) -> (bool, String) {
    let node = &target.node;
    match answer {
        Answer::Done(_) | Answer::AlreadyThere(_) => {
            let text = match verb {
                CordonVerb::TakeOver => format!("the cordon of {node} is kept here from now on"),
                CordonVerb::HandBack => {
                    format!("{node} stays cordoned; the cordon is no longer kept here")
                }
                CordonVerb::Lift => format!("{node} takes pods again"),
            };
            (true, text)
        }
        Answer::Unknown(why) => (
            false,
            format!("no answer came ({why}): look whether {node} is cordoned before trying again"),
        ),
        Answer::Conflict(_) => (
            false,
            format!("{node} was changed by somebody else meanwhile; look and try again"),
        ),
        Answer::Denied(why) => (false, format!("no right to patch {node}: {why}")),
        Answer::Retryable(why)
        | Answer::Throttled(why, _)
        | Answer::Capacity(why)
        | Answer::NotFound(why)
        | Answer::Refused(why) => (false, format!("nothing was changed: {why}")),
    }
}

/// The last acts on cordons, newest first.
impl Engine {
    /// Reads them from the book.
    pub async fn cordon_acts(&self, limit: u32) -> Result<Vec<CordonAct>, StoreError> {
        self.store().cordon_acts(limit).await
    }
}
