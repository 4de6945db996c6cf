//! Storm breakers for people: why, whom they hold back, when and how they close.

use super::{TheDesk, errors, needs};
use app::desk::views::StormView;
use app::error::AppError;
use domain::access::{Person, Role};
use domain::guard::{Closes, Gate, Guards};
use domain::id::ClusterName;
use domain::moment::clock;
use domain::recovery::Recovery;
use engine::ports::BreakerRow;
use jiff::Timestamp;

/// Breakers shown, open and closed.
const SHOWN: u32 = 50;

impl TheDesk {
    pub(super) async fn read_storms(
        &self,
        who: &Person,
        only_open: bool,
    ) -> Result<Vec<StormView>, AppError> {
        needs(who, Role::Viewer)?;
        let rows = self
            .house
            .engine
            .breakers(SHOWN)
            .await
            .map_err(errors::store)?;
        let (open, closed): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.closed.is_none());
        let mut views = Vec::new();
        for row in open {
            views.push(self.storm(row).await?);
        }
        if !only_open {
            for row in closed {
                views.push(self.storm(row).await?);
            }
        }
        Ok(views)
    }

    async fn storm(&self, row: BreakerRow) -> Result<StormView, AppError> {
        let BreakerRow { breaker, closed } = row;
        let mut held = Vec::new();
        if closed.is_none() {
            for recovery in self.held_back(&breaker.cluster) {
                if let Some(row) = self
                    .store()
                    .recovery(recovery.id)
                    .await
                    .map_err(errors::store)?
                {
                    held.push(self.item(row).await?);
                }
            }
        }
        let guards = self
            .house
            .engine
            .site(breaker.cluster.as_str())
            .map(|site| site.guards.clone())
            .unwrap_or_default();
        let now = self.house.engine.now();
        let closable_at = breaker.closable_at(&guards);
        let closable = closed.is_none() && closable_at.is_some_and(|at| at <= now);
        let how = match &closed {
            Some(end) => format!("Closed at {} by {}.", clock(end.at), end.by),
            None => how(breaker.calm_since, closable_at, &guards, now),
        };
        Ok(StormView {
            id: breaker.id,
            cluster: breaker.cluster,
            tripped_at: breaker.tripped_at,
            why: breaker.why,
            nodes: breaker.nodes,
            held,
            calm_since: breaker.calm_since,
            closable_at,
            closable,
            how,
            closed_at: closed.as_ref().map(|end| end.at),
            closed_by: closed.as_ref().map(|end| end.by.clone()),
            closed_why: closed.and_then(|end| end.reason),
        })
    }

    /// Recoveries that wait for the breaker.
    fn held_back(&self, cluster: &ClusterName) -> Vec<Recovery> {
        let mut held: Vec<Recovery> = self
            .house
            .engine
            .running()
            .into_iter()
            .filter(|one| one.plan.target.cluster == *cluster && one.human.is_none())
            .filter(|one| matches!(&one.hold, Some(hold) if matches!(hold.gate, Gate::Storm(_))))
            .collect();
        held.sort_by_key(|one| one.id);
        held
    }

    pub(super) async fn end_storm(
        &self,
        who: &Person,
        cluster: &ClusterName,
        reason: &str,
    ) -> Result<(), AppError> {
        needs(who, Role::Responder)?;
        self.site(cluster)?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(AppError::Invalid {
                field: "reason".to_owned(),
                message: "Closing the breaker needs a reason.".to_owned(),
                position: None,
            });
        }
        self.house
            .engine
            .order_close_breaker(who, cluster, reason)
            .await
            .map_err(errors::order)
    }
}

/// When and how an open breaker closes.
fn how(
    calm_since: Option<Timestamp>,
    closable_at: Option<Timestamp>,
    guards: &Guards,
    now: Timestamp,
) -> String {
    let calm = guards.storm_calm_s / 60;
    let Some((since, at)) = calm_since.zip(closable_at) else {
        return match guards.storm_closes {
            Closes::Hand => format!(
                "The storm is not over. After {calm} min of calm a person may close the breaker."
            ),
            Closes::Calm => {
                format!(
                    "The storm is not over. After {calm} min of calm the breaker closes by itself."
                )
            }
        };
    };
    let then = "Then every node is read anew; alarms that are too old by then start nothing.";
    match guards.storm_closes {
        Closes::Hand if at <= now => {
            format!(
                "Calm since {}. A person may close it now. {then}",
                clock(since)
            )
        }
        Closes::Hand => format!(
            "Calm since {}. A person may close it from {} on, if it stays calm. {then}",
            clock(since),
            clock(at)
        ),
        Closes::Calm => format!(
            "Calm since {}. It closes by itself at {}, if it stays calm. {then}",
            clock(since),
            clock(at)
        ),
    }
}
