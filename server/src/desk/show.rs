//! Turns rows and facts into what pages and programs are shown.

use super::TheDesk;
use app::desk::views::{AlarmView, NodeView, RecoveryItem, SwitchView};
use app::error::AppError;
use domain::alarm::Status;
use domain::facts::Facts;
use domain::id::ClusterName;
use domain::moment::clock;
use domain::recovery::{State, replay};
use domain::timeline::{self, Timeline};
use domain::world::{Cordon, NodeFacts, Ready};
use engine::ports::{AlarmRow, RecoveryRow, SwitchRow};

impl TheDesk {
    /// The whole timeline of a recovery, as persons arranged it; what cannot be read is counted and left out.
    pub(super) async fn timeline(&self, id: domain::id::RecoveryId) -> Result<Timeline, AppError> {
        let (events, lost) = self
            .store()
            .readable(id)
            .await
            .map_err(super::errors::store)?;
        if events.is_empty() && lost == 0 {
            return Err(AppError::NotFound {
                what: format!("recovery {id}"),
            });
        }
        let told = timeline::of_readable(&events, lost, self.house.engine.now());
        let mut told = told.map_err(|error| {
            super::errors::store(engine::ports::StoreError::Failed(error.to_string()))
        })?;
        let marks = self
            .store()
            .story_marks(id)
            .await
            .map_err(super::errors::store)?;
        timeline::curate(&mut told.lines, &marks);
        told.impact = self
            .store()
            .samples(id)
            .await
            .map_err(super::errors::store)?;
        if told.state == State::Running {
            told.waits_for = self.house.engine.waits_for(id);
        }
        Ok(told)
    }

    /// The timeline with what we said of it in chats: for readers; nothing that acts waits for this.
    pub(super) async fn timeline_with_words(
        &self,
        id: domain::id::RecoveryId,
    ) -> Result<Timeline, AppError> {
        let mut told = self.timeline(id).await?;
        let words = self.house.store.chat_words(id).await;
        told.words = words.map_err(super::errors::store)?;
        Ok(told)
    }

    /// A recovery as a list item.
    pub(super) async fn item(&self, row: RecoveryRow) -> Result<RecoveryItem, AppError> {
        let needs = row.listing.needs.clone();
        // Nothing is ordered from the row of an ended one: its own page has the facts for that.
        let (headline, facts) = if row.active {
            self.headline_now(row.id).await?
        } else {
            (row.listing.headline, String::new())
        };
        Ok(RecoveryItem {
            id: row.id,
            cluster: row.cluster,
            node: row.node,
            state: row.state,
            outcome: row.outcome,
            trigger: row.listing.trigger,
            started_at: row.started_at,
            ended_at: row.ended_at,
            headline,
            needs,
            facts,
        })
    }

    /// The headline of a recovery under way speaks of the present; that of an ended one stands in its row.
    async fn headline_now(&self, id: domain::id::RecoveryId) -> Result<(String, String), AppError> {
        let events = self
            .store()
            .events(id)
            .await
            .map_err(super::errors::store)?;
        let recovery = replay(&events).map_err(|error| {
            super::errors::store(engine::ports::StoreError::Failed(error.to_string()))
        })?;
        let facts = Facts::of_recovery(&recovery).to_string();
        Ok((
            timeline::headline(&recovery, self.house.engine.now()),
            facts,
        ))
    }
}

/// A node as a list item; `machine` is its power state if it was read.
pub fn node(cluster: &ClusterName, facts: &NodeFacts, machine: Option<&str>) -> NodeView {
    let since = clock(facts.ready_since);
    let (owner, recovery) = super::cordons::owner_of(&facts.cordon);
    NodeView {
        cluster: cluster.clone(),
        name: facts.name.clone(),
        uid: facts.uid.to_string(),
        internal_ip: facts.ip().map(str::to_owned),
        ready: facts.ready == Ready::True,
        ready_text: match facts.ready {
            Ready::True => format!("Ready since {since}"),
            Ready::False => format!("not Ready since {since}"),
            Ready::Unknown => format!("silent since {since}"),
        },
        cordoned: facts.cordon != Cordon::Open,
        cordon_owner: owner,
        cordon_recovery: recovery,
        machine_state: machine.unwrap_or("unknown").to_owned(),
        roles: facts.roles.clone(),
        zone: facts.zone.clone(),
        host: facts.host.clone(),
    }
}

/// An alarm with what became of it.
pub fn alarm(row: AlarmRow) -> AlarmView {
    AlarmView {
        id: row.alarm.id,
        source: row.alarm.source,
        received_at: row.alarm.received_at,
        starts_at: row.alarm.starts_at,
        text: row.alarm.text,
        labels: row.alarm.labels,
        disposition: row.verdict.disposition.word().to_owned(),
        rule_id: row.verdict.rule,
        recovery_id: row.verdict.recovery,
        status: match row.alarm.status {
            Status::Firing => "firing",
            Status::Resolved => "resolved",
            Status::Closed => "closed",
        }
        .to_owned(),
        note: row.verdict.note,
        acknowledged_by: row.acknowledged.map(|(_, who)| who),
    }
}

/// A switch.
pub fn switch(row: SwitchRow) -> SwitchView {
    SwitchView {
        cluster: row.cluster,
        mode: row.mode,
        set_by: Some(row.set_by),
        set_at: Some(row.set_at),
        reason: row.reason,
        in_flight: row.in_flight,
    }
}
