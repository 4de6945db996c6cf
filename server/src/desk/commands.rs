//! Runs a line of the grammar and answers in words.

use super::{TheDesk, errors};
use app::desk::views::{Basis, CommandReply, Paging, RecoveryFilter, StartOrder};
use app::error::AppError;
use domain::access::{Door, Person, Role};
use domain::command::{self, Command, Named};
use domain::guard::Switch;
use domain::health;
use domain::id::{ClusterName, NodeName, RecoveryId};
use domain::target::{Known, NoTarget, Target, lookup};
use engine::ports::{Page, RecoveryFilter as Filter};

impl TheDesk {
    pub(super) async fn run(&self, who: &Person, text: &str) -> Result<CommandReply, AppError> {
        self.run_sure(who, text, None, &Basis::default()).await
    }

    /// The same for somebody who was asked back: `confirm` is the node's short name, `basis` what was seen then.
    pub async fn run_sure(
        &self,
        who: &Person,
        text: &str,
        confirm: Option<&str>,
        basis: &Basis,
    ) -> Result<CommandReply, AppError> {
        let command = command::parse(text).map_err(|error| {
            let nearest = error
                .nearest
                .map(|call| format!(" Did you mean: {call}"))
                .unwrap_or_default();
            AppError::Invalid {
                field: "text".to_owned(),
                message: format!("{}.{nearest}", error.message.trim_end_matches('.')),
                position: Some(error.position),
            }
        })?;
        match command {
            Command::Start { target } => {
                let target = self.named(&target).await?;
                let order = StartOrder {
                    cluster: target.cluster.clone(),
                    node: target.node.clone(),
                    confirm: confirm.map(str::to_owned),
                    reason: None,
                    basis: basis.clone(),
                };
                self.say_start(who, &target, &order).await
            }
            Command::Health { cluster } => self.say_health(who, cluster.as_deref()).await,
            Command::Nodes { cluster } => self.say_nodes(who, cluster.as_deref()).await,
            Command::Status => self.say_status(who).await,
            Command::Alarms => self.say_alarms(who).await,
            Command::Approve { id } => {
                self.order_approve(who, id, confirm, basis).await?;
                Ok(reply(format!("{id} approved."), Some(id)))
            }
            Command::Stop { id } => {
                super::needs(who, Role::Responder)?;
                self.node_of(id).await?;
                self.house
                    .engine
                    .order_stop(who, id, None)
                    .await
                    .map_err(errors::order)?;
                Ok(reply(
                    format!("{id} stopped: the call in flight finishes, nothing new begins."),
                    Some(id),
                ))
            }
            Command::Acknowledge { id } => {
                super::needs(who, Role::Responder)?;
                self.node_of(id).await?;
                let seen = self.house.engine.order_acknowledge(who, id).await;
                seen.map_err(errors::order)?;
                Ok(reply(
                    format!("{id}: the need for help was seen by {}.", who.name),
                    Some(id),
                ))
            }
            Command::Confirm { .. } | Command::Link { .. } => Err(AppError::Invalid {
                field: "text".to_owned(),
                message: "This is said in a chat, not here.".to_owned(),
                position: None,
            }),
            Command::Switch { mode, reason } => {
                let receipts = self
                    .order_switch(who, None, mode, reason.as_deref())
                    .await?;
                let text = match mode {
                    Switch::Run => "The switch is on run.",
                    Switch::Pause => {
                        "The switch is on pause: nothing automatic begins. Lift it with: resume <reason>"
                    }
                    Switch::Freeze => {
                        "The switch is on freeze: reads only. Lift it with: resume <reason>"
                    }
                };
                let mut lines = vec![text.to_owned()];
                for receipt in receipts {
                    lines.push(receipt.text);
                    lines.extend(receipt.in_flight);
                }
                Ok(reply(lines.join("\n"), None))
            }
            Command::Who => Ok(reply(
                format!("You are {}, {}.", who.name, who.role.word()),
                None,
            )),
            Command::Help => Ok(reply(command::help(), None)),
        }
    }

    async fn say_start(
        &self,
        who: &Person,
        target: &Target,
        order: &StartOrder,
    ) -> Result<CommandReply, AppError> {
        let id = match self.order_start(who, order).await {
            // Whoever types it second joins, as a second tap does.
            Err(AppError::AlreadyRecovering {
                recovery,
                by: Some(by),
            }) if matches!(who.door, Door::Command | Door::Chat) => {
                return Ok(reply(
                    format!("{by} You join recovery {recovery}."),
                    Some(recovery),
                ));
            }
            other => other?,
        };
        Ok(reply(
            format!(
                "Starting {} ({}) in {}: recovery {id}.",
                target.node,
                target.ip.as_deref().unwrap_or("no address"),
                target.cluster
            ),
            Some(id),
        ))
    }

    async fn named(&self, named: &Named) -> Result<Target, AppError> {
        self.aim(named).await?.map_err(|problem| AppError::Invalid {
            field: "text".to_owned(),
            message: format!("{problem}; nothing was started."),
            position: None,
        })
    }

    /// The node of a name or address, in one cluster or in all.
    pub(super) fn search(&self, cluster: Option<&str>, name: &str) -> Result<Target, NoTarget> {
        self.house.engine.with_known(|known| {
            let in_scope: Vec<&Known<'_>> = known
                .iter()
                .filter(|one| cluster.is_none_or(|cluster| one.called(cluster)))
                .collect();
            match cluster {
                Some(cluster) if in_scope.is_empty() => {
                    Err(NoTarget::NoCluster(cluster.to_owned()))
                }
                _ => lookup(name, &in_scope),
            }
        })
    }

    /// The node of the newest recovery.
    pub(super) async fn last(&self) -> Result<Target, AppError> {
        let rows = self
            .store()
            .recoveries(
                &Filter::default(),
                Page {
                    after: None,
                    limit: 1,
                },
            )
            .await
            .map_err(errors::store)?;
        let row = rows.into_iter().next().ok_or_else(|| AppError::NotFound {
            what: "a last recovery".to_owned(),
        })?;
        self.find(&row.cluster, &row.node)
    }

    fn find(&self, cluster: &ClusterName, node: &NodeName) -> Result<Target, AppError> {
        let site = self.site(cluster)?;
        site.known(node)
            .map(|node| Target::of(cluster, &node))
            .ok_or_else(|| AppError::NotFound {
                what: format!("node {node}"),
            })
    }

    /// The clusters a word means: one by name, else all.
    pub(super) fn clusters_called(&self, name: Option<&str>) -> Result<Vec<ClusterName>, AppError> {
        let sites = self.house.engine.sites();
        let all = || sites.iter().map(|site| site.cluster.name().clone());
        match name {
            None => Ok(all().collect()),
            Some(name) => match self.house.engine.site(name) {
                Some(site) => Ok(vec![site.cluster.name().clone()]),
                None => {
                    let known: Vec<String> = all().map(|one| one.to_string()).collect();
                    Err(AppError::Invalid {
                        field: "text".to_owned(),
                        message: format!(
                            "No cluster is called {name}. There is: {}.",
                            known.join(", ")
                        ),
                        position: None,
                    })
                }
            },
        }
    }

    async fn say_health(&self, who: &Person, name: Option<&str>) -> Result<CommandReply, AppError> {
        let mut parts = Vec::new();
        for cluster in self.clusters_called(name)? {
            let health = self.read_health(who, &cluster).await?;
            parts.push(health::words(&health, self.house.engine.now()));
        }
        Ok(reply(parts.join("\n\n"), None))
    }

    async fn say_nodes(&self, who: &Person, name: Option<&str>) -> Result<CommandReply, AppError> {
        let mut lines = Vec::new();
        for cluster in self.clusters_called(name)? {
            for node in self.read_nodes(who, &cluster).await? {
                let cordon = node
                    .cordon_owner
                    .map(|owner| format!(", cordoned by {owner}"))
                    .unwrap_or_default();
                let ip = node.internal_ip.unwrap_or_default();
                lines.push(format!(
                    "{} {ip}: {}, machine {}{cordon}",
                    node.name, node.ready_text, node.machine_state
                ));
            }
        }
        Ok(reply(
            if lines.is_empty() {
                "No nodes are known.".to_owned()
            } else {
                lines.join("\n")
            },
            None,
        ))
    }

    async fn say_status(&self, who: &Person) -> Result<CommandReply, AppError> {
        let now = self.read_now(who).await?;
        let mut lines: Vec<String> = now
            .clusters
            .iter()
            .map(|card| format!("{}: {}", card.name, card.health.sentence))
            .collect();
        lines.extend(
            now.needs_you
                .iter()
                .chain(&now.running)
                .map(|one| format!("{} {}: {}", one.id, one.node, one.headline)),
        );
        if now.needs_you.is_empty() && now.running.is_empty() {
            lines.push("Nothing is recovering.".to_owned());
        }
        lines.extend(
            now.switch
                .map(|switch| format!("The switch is on {}.", switch.mode.word())),
        );
        Ok(reply(lines.join("\n"), None))
    }

    async fn say_alarms(&self, who: &Person) -> Result<CommandReply, AppError> {
        let alarms = self
            .read_alarms(
                who,
                Paging {
                    after: None,
                    limit: 10,
                },
            )
            .await?;
        let lines: Vec<String> = alarms
            .items
            .iter()
            .map(|one| {
                format!(
                    "#{} {} {}: {}",
                    one.id.0,
                    one.status,
                    one.disposition,
                    one.text.lines().next().unwrap_or_default()
                )
            })
            .collect();
        let recoveries = self
            .read_recoveries(
                who,
                &RecoveryFilter::default(),
                Paging {
                    after: None,
                    limit: 1,
                },
            )
            .await?;
        let last = recoveries
            .items
            .first()
            .map(|one| format!("\nLast recovery: {} {}", one.id, one.headline))
            .unwrap_or_default();
        Ok(reply(
            if lines.is_empty() {
                "No alarm came in yet.".to_owned()
            } else {
                format!("{}{last}", lines.join("\n"))
            },
            None,
        ))
    }
}

fn reply(text: String, recovery_id: Option<RecoveryId>) -> CommandReply {
    CommandReply {
        reply: text,
        recovery_id,
    }
}
