//! Before a power act: whether its time is over, whether what was shown still holds, and who came first.

use super::{TheDesk, errors};
use app::desk::views::Basis;
use app::error::AppError;
use domain::access::Person;
use domain::event::What;
use domain::facts::Facts;
use domain::id::{ClusterName, NodeName, RecoveryId};
use domain::recovery::State;
use domain::trigger::{Actor, Trigger};
use jiff::Timestamp;

impl TheDesk {
    /// Refuses an act that comes after its time or whose facts are no longer as they were shown.
    /// `recovery`: the one it is about, where only its log was shown.
    pub(super) async fn holds(
        &self,
        who: &Person,
        basis: &Basis,
        place: (&ClusterName, &NodeName),
        recovery: Option<RecoveryId>,
    ) -> Result<(), AppError> {
        basis.in_time(Timestamp::now())?;
        let Some(text) = &basis.facts else {
            return Ok(());
        };
        let stale = |what: &str| AppError::Stale {
            text: format!(
                "{what} Nothing was started. Look at the facts as they are now, then tap."
            ),
        };
        let shown = Facts::parse(text)
            .ok_or_else(|| stale("The facts of this request are of another version."))?;
        let now = match recovery {
            Some(id) if !shown.live() => self.timeline(id).await?.facts,
            Some(_) | None => self.read_node(who, place.0, place.1).await?.facts,
        };
        let now = Facts::parse(&now).unwrap_or_default();
        match shown.changes(&now) {
            changes if changes.is_empty() => Ok(()),
            changes => Err(stale(&changes.join(" "))),
        }
    }

    /// The refusal for whoever comes second: it names who came first.
    pub(super) async fn joins(&self, recovery: RecoveryId) -> AppError {
        AppError::AlreadyRecovering {
            recovery,
            by: self.asked_by(recovery).await.ok(),
        }
    }

    /// The same for an order that the engine refused.
    pub(super) async fn credited(&self, error: AppError) -> AppError {
        match error {
            AppError::AlreadyRecovering { recovery, by: None } => self.joins(recovery).await,
            error => error,
        }
    }

    /// `Already requested by Kato 12 s ago.`
    pub(super) async fn asked_by(&self, id: RecoveryId) -> Result<String, AppError> {
        let events = self.store().events(id).await.map_err(errors::store)?;
        let now = self.house.engine.now();
        let ago = |at: Timestamp| match now.duration_since(at).as_secs().max(0) {
            seconds @ 0..60 => format!("{seconds} s ago"),
            seconds @ 60..3600 => format!("{} min ago", seconds / 60),
            seconds => format!("{} h ago", seconds / 3600),
        };
        let of = self.timeline(id).await?;
        if of.state == State::NeedsHuman {
            return Ok(format!(
                "Recovery {id} holds this node and needs a person: look there first."
            ));
        }
        let yes = events
            .iter()
            .rev()
            .find_map(|event| match (&event.what, &event.actor) {
                (What::Approved, Actor::Person(name)) => Some((name.clone(), event.at)),
                _ => None,
            });
        if let Some((name, at)) = yes {
            return Ok(format!("Already requested by {name} {}.", ago(at)));
        }
        Ok(match of.trigger {
            Trigger::Person { name, .. } => {
                format!("Already requested by {name} {}.", ago(of.started_at))
            }
            Trigger::Alarm { .. } => format!(
                "Recovery {id} is at work already: an alarm began it {}.",
                ago(of.started_at)
            ),
        })
    }
}
