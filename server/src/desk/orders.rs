//! What people order: each order is checked against the role and becomes an event.

use super::{TheDesk, errors, needs};
use app::desk::views::{Basis, StartOrder, SwitchReceipt};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::guard::Switch;
use domain::id::{AlarmId, ClusterName, NodeName, RecoveryId};
use domain::moment::precise;
use domain::target::Target;
use engine::orders::Start;
use engine::ports::SwitchRow;
use jiff::Timestamp;

/// Longest note, in characters.
const NOTE_MAX: usize = 4000;

impl TheDesk {
    pub(super) async fn order_start(
        &self,
        who: &Person,
        order: &StartOrder,
    ) -> Result<RecoveryId, AppError> {
        needs(who, Role::Responder)?;
        let site = self.site(&order.cluster)?;
        let node = site.known(&order.node).ok_or_else(|| AppError::NotFound {
            what: format!("node {} in cluster {}", order.node, order.cluster),
        })?;
        let target = Target::of(site.cluster.name(), &node);
        let confirmed = confirmed(order.confirm.as_deref(), &order.node)?;
        if let Some(first) = self.at_work(&order.cluster, &order.node)
            && !first.takes_yes()
        {
            return Err(self.joins(first.id).await);
        }
        self.holds(who, &order.basis, (&order.cluster, &order.node), None)
            .await?;
        let start = Start {
            target,
            confirmed,
            reason: order.reason.clone(),
            retry_of: None,
        };
        match self.house.engine.order_start(who, start).await {
            Ok(id) => Ok(id),
            Err(error) => Err(self.credited(errors::order(error)).await),
        }
    }

    pub(super) async fn order_approve(
        &self,
        who: &Person,
        id: RecoveryId,
        confirm: Option<&str>,
        basis: &Basis,
    ) -> Result<(), AppError> {
        needs(who, Role::Responder)?;
        let (cluster, node) = self.place_of(id).await?;
        let confirmed = confirmed(confirm, &node)?;
        if let Some(first) = self.at_work(&cluster, &node)
            && first.id == id
            && first.approved()
        {
            return Err(self.joins(id).await);
        }
        self.holds(who, basis, (&cluster, &node), Some(id)).await?;
        self.house
            .engine
            .order_approve(who, id, confirmed)
            .await
            .map_err(errors::order)
    }

    pub(super) async fn order_retry(
        &self,
        who: &Person,
        id: RecoveryId,
        confirm: Option<&str>,
        basis: &Basis,
    ) -> Result<RecoveryId, AppError> {
        needs(who, Role::Responder)?;
        let (cluster, node) = self.place_of(id).await?;
        let confirmed = confirmed(confirm, &node)?;
        if let Some(other) = self.at_work(&cluster, &node)
            && other.id != id
        {
            return Err(self.joins(other.id).await);
        }
        self.holds(who, basis, (&cluster, &node), Some(id)).await?;
        match self.house.engine.order_retry(who, id, confirmed).await {
            Ok(new) => Ok(new),
            Err(error) => Err(self.credited(errors::order(error)).await),
        }
    }

    pub(super) async fn order_note(
        &self,
        who: &Person,
        id: RecoveryId,
        text: &str,
        happened_at: Option<Timestamp>,
    ) -> Result<(), AppError> {
        needs(who, Role::Responder)?;
        self.node_of(id).await?;
        let text = text.trim();
        let wrong = |message: &str| AppError::Invalid {
            field: "text".to_owned(),
            message: message.to_owned(),
            position: None,
        };
        if text.is_empty() {
            return Err(wrong("The note is empty."));
        }
        if text.chars().count() > NOTE_MAX {
            return Err(wrong(&format!(
                "The note is longer than {NOTE_MAX} characters."
            )));
        }
        self.house
            .engine
            .order_note(who, id, text, happened_at)
            .await
            .map_err(errors::order)
    }

    pub(super) async fn order_seen(&self, who: &Person, id: AlarmId) -> Result<(), AppError> {
        needs(who, Role::Responder)?;
        self.store()
            .acknowledge(id, &who.name, self.house.engine.now())
            .await
            .map_err(errors::store)
    }

    /// Throwing needs no words; lifting needs a reason.
    pub(super) async fn order_switch(
        &self,
        who: &Person,
        cluster: Option<&ClusterName>,
        mode: Switch,
        reason: Option<&str>,
    ) -> Result<Vec<SwitchReceipt>, AppError> {
        needs(who, Role::Responder)?;
        if let Some(cluster) = cluster {
            self.site(cluster)?;
        }
        let reason = reason
            .map(str::trim)
            .filter(|reason| !reason.is_empty())
            .map(str::to_owned);
        let row = SwitchRow {
            cluster: cluster.cloned(),
            mode,
            set_by: who.name.clone(),
            set_at: self.house.engine.now(),
            reason,
            in_flight: None,
        };
        let at = row.set_at;
        let receipts = self
            .house
            .engine
            .throw_switch(row)
            .await
            .map_err(errors::order)?;
        Ok(receipts.into_iter().map(|one| receipt(one, at)).collect())
    }

    pub(super) async fn order_break(
        &self,
        who: &Person,
        cluster: &ClusterName,
        node: &NodeName,
    ) -> Result<(), AppError> {
        needs(who, Role::Responder)?;
        let facts = self.facts.get();
        let Some(control) = &facts.control else {
            return Err(AppError::NotFound {
                what: "a make-believe world".to_owned(),
            });
        };
        let url = format!("{control}/sandbox/clusters/{cluster}/nodes/{node}/power-off");
        let answer = self
            .http
            .post(url)
            .timeout(std::time::Duration::from_secs(8))
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(AppError::Unavailable {
                text: format!("The world answered {}.", answer.status()),
            }),
            Err(_) => Err(AppError::Unavailable {
                text: "The world does not answer.".to_owned(),
            }),
        }
    }

    pub(super) async fn node_of(&self, id: RecoveryId) -> Result<NodeName, AppError> {
        Ok(self.place_of(id).await?.1)
    }

    async fn place_of(&self, id: RecoveryId) -> Result<(ClusterName, NodeName), AppError> {
        let row = self.store().recovery(id).await.map_err(errors::store)?;
        row.map(|row| (row.cluster, row.node))
            .ok_or_else(|| AppError::NotFound {
                what: format!("recovery {id}"),
            })
    }
}

/// What a thrown switch means for one cluster, in words.
fn receipt(of: engine::Receipt, at: Timestamp) -> SwitchReceipt {
    let state = match of.mode {
        Switch::Run => "runs again",
        Switch::Pause => "paused",
        Switch::Freeze => "stopped",
    };
    let calls = match of.in_flight.len() {
        0 => "no call was in flight".to_owned(),
        1 => "1 call was in flight".to_owned(),
        many => format!("{many} calls were in flight"),
    };
    SwitchReceipt {
        text: format!("{} {state} at {}, {calls}.", of.cluster, precise(at)),
        mode: of.mode,
        at,
        in_flight: of
            .in_flight
            .iter()
            .map(|flight| {
                format!(
                    "recovery {}: {} ({})",
                    flight.recovery,
                    flight.step.title(),
                    flight.node
                )
            })
            .collect(),
        cluster: of.cluster,
    }
}

/// Whether the node's short name was typed; a wrong one is an error, not a "no".
fn confirmed(typed: Option<&str>, node: &NodeName) -> Result<bool, AppError> {
    match typed.map(str::trim).filter(|typed| !typed.is_empty()) {
        None => Ok(false),
        Some(typed)
            if typed.eq_ignore_ascii_case(short(node))
                || typed.eq_ignore_ascii_case(node.as_str()) =>
        {
            Ok(true)
        }
        Some(typed) => Err(AppError::Invalid {
            field: "confirm".to_owned(),
            message: format!("You typed {typed}; expected {}.", short(node)),
            position: None,
        }),
    }
}

/// A node's name without its domain.
pub(crate) fn short(node: &NodeName) -> &str {
    node.as_str().split('.').next().unwrap_or(node.as_str())
}
