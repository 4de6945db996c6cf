//! Reads a line of the grammar without running it: what it means here and now, or what is near.

use super::{TheDesk, errors};
use app::desk::views::{Offer, Offered, Reading, ReadingKind};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::command::{self, Command, Named, NotACommand, nearest_names};
use domain::guard::Switch;
use domain::id::RecoveryId;
use domain::target::{NoTarget, Target};

impl TheDesk {
    pub(super) async fn read_line(&self, who: &Person, text: &str) -> Result<Reading, AppError> {
        super::needs(who, Role::Viewer)?;
        let command = match command::parse(text) {
            Ok(command) => command,
            Err(wrong) => return Ok(not_a_call(wrong)),
        };
        if command.acts() && !who.may(Role::Responder) {
            return Ok(plain(ReadingKind::Held, "This needs the role responder."));
        }
        Ok(match command {
            Command::Start { target } => return self.read_start(who, &target).await,
            Command::Approve { id } => self.read_of(id, "Say yes to the start of", "").await?,
            Command::Stop { id } => {
                self.read_of(id, "Stop the recovery of", " The call in flight finishes.")
                    .await?
            }
            Command::Acknowledge { id } => {
                self.read_of(id, "Say that the need for help was seen:", "")
                    .await?
            }
            Command::Confirm { .. } | Command::Link { .. } => {
                plain(ReadingKind::Held, "This is said in a chat, not here.")
            }
            Command::Health { cluster } => {
                self.read_clusters(cluster.as_deref(), "Reads the health of", "cluster-health")
            }
            Command::Nodes { cluster } => {
                self.read_clusters(cluster.as_deref(), "Lists the nodes of", "nodes")
            }
            Command::Status => plain(ReadingKind::Read, "Shows what is recovering and waiting."),
            Command::Alarms => plain(ReadingKind::Read, "Lists the newest alarms."),
            Command::Who => plain(ReadingKind::Read, "Says who you are and what you may do."),
            Command::Help => plain(ReadingKind::Read, "Lists every command."),
            Command::Switch { mode, .. } => plain(ReadingKind::Act, switched(mode)),
        })
    }

    async fn read_start(&self, who: &Person, named: &Named) -> Result<Reading, AppError> {
        let target = match self.aim(named).await? {
            Ok(target) => target,
            Err(problem) => return Ok(self.no_target(named, problem)),
        };
        let state = self.read_node(who, &target.cluster, &target.node).await?;
        let start = format!(
            "Start {} ({}) in {}.",
            target.node,
            target.ip.as_deref().unwrap_or("no address"),
            target.cluster
        );
        let asked = |warnings: &[domain::guard::Warning]| {
            let why: Vec<String> = warnings.iter().map(domain::guard::Warning::text).collect();
            format!("{start} Needs confirmation: {}", why.join(" "))
        };
        let (kind, text) = match state.offer {
            Offer::Start => (ReadingKind::Act, format!("{start} One tap, 5 s to cancel.")),
            Offer::Approve { recovery, warnings } if warnings.is_empty() => (
                ReadingKind::Act,
                format!("{start} Says yes to recovery {recovery}, which waits for it."),
            ),
            Offer::Confirm { warnings } | Offer::Approve { warnings, .. } => {
                (ReadingKind::Confirm, asked(&warnings))
            }
            Offer::Watch { recovery, .. } => (
                ReadingKind::Held,
                format!("Recovery {recovery} is already at work on {}.", target.node),
            ),
            // Tapped, it watches a machine that somebody else has started.
            Offer::Wait => (
                ReadingKind::Act,
                format!("{start} Its machine is starting already; that is watched."),
            ),
            Offer::Check { text } | Offer::Blocked { text, .. } | Offer::Nothing { text } => (
                ReadingKind::Held,
                format!("{} in {}: {text}", target.node, target.cluster),
            ),
        };
        Ok(Reading {
            target: Some((target.cluster, target.node)),
            ..plain(kind, text)
        })
    }

    /// The node a word names, or why it names none.
    pub(super) async fn aim(&self, named: &Named) -> Result<Result<Target, NoTarget>, AppError> {
        match named {
            Named::Last => self.last().await.map(Ok),
            Named::Ip { ip } => Ok(self.search(None, ip)),
            Named::Node { cluster, node } => Ok(self.search(cluster.as_deref(), node)),
        }
    }

    fn no_target(&self, named: &Named, problem: NoTarget) -> Reading {
        let (text, offers) = match problem {
            NoTarget::Several { name, found } => (
                format!("{name} fits {} nodes. Which one?", found.len()),
                found.iter().map(|one| start_of(one)).collect(),
            ),
            NoTarget::NoCluster(name) => {
                let node = match named {
                    Named::Node { node, .. } => node.clone(),
                    Named::Ip { ip } => ip.clone(),
                    Named::Last => "@last".to_owned(),
                };
                let near = self.clusters_near(&name);
                let offers = near.iter().map(|one| start_of(&format!("{one}/{node}")));
                (format!("No cluster is called {name}."), offers.collect())
            }
            NoTarget::Nobody(name) => {
                let near = self.starts_near(&name);
                (format!("No node has the name or address {name}."), near)
            }
            other @ (NoTarget::Nameless | NoTarget::Contradiction(..)) => {
                (format!("{other}."), Vec::new())
            }
        };
        Reading {
            offers,
            position: Some(0),
            ..plain(ReadingKind::Wrong, text)
        }
    }

    /// Starts of nodes whose name or address is nearly this.
    fn starts_near(&self, name: &str) -> Vec<Offered> {
        self.house.engine.with_known(|known| {
            let all: Vec<(String, String)> = known
                .iter()
                .flat_map(|one| one.nodes.iter().map(move |node| (one.cluster, node)))
                .flat_map(|(cluster, node)| {
                    let what = format!("{} in {cluster}", node.name);
                    let ip = node.ip().map(str::to_owned);
                    ip.into_iter()
                        .chain([node.name.to_string()])
                        .map(move |name| (name, what.clone()))
                })
                .collect();
            let names = all.iter().map(|(name, _)| name.as_str());
            nearest_names(name, names)
                .into_iter()
                .map(|near| Offered {
                    line: format!("{near} startup"),
                    what: all
                        .iter()
                        .find(|(name, _)| name == near)
                        .map_or_else(String::new, |(_, what)| what.clone()),
                })
                .collect()
        })
    }

    fn clusters_near(&self, name: &str) -> Vec<String> {
        let sites = self.house.engine.sites();
        let all: Vec<String> = sites
            .iter()
            .map(|site| site.cluster.name().to_string())
            .collect();
        let near = nearest_names(name, all.iter().map(String::as_str));
        let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
        if near.is_empty() { all } else { near }
    }

    fn read_clusters(&self, name: Option<&str>, does: &str, verb: &str) -> Reading {
        match self.clusters_called(name) {
            Ok(found) => {
                let names: Vec<String> = found.iter().map(ToString::to_string).collect();
                plain(ReadingKind::Read, format!("{does} {}.", names.join(", ")))
            }
            Err(_) => {
                let name = name.unwrap_or_default();
                let offers = self.clusters_near(name).into_iter().map(|one| Offered {
                    line: format!("{verb} {one}"),
                    what: String::new(),
                });
                Reading {
                    offers: offers.collect(),
                    position: Some(0),
                    ..plain(ReadingKind::Wrong, format!("No cluster is called {name}."))
                }
            }
        }
    }

    async fn read_of(&self, id: RecoveryId, does: &str, then: &str) -> Result<Reading, AppError> {
        let row = self.store().recovery(id).await.map_err(errors::store)?;
        Ok(match row {
            Some(row) => plain(
                ReadingKind::Act,
                format!(
                    "{does} {} in {} (recovery {id}).{then}",
                    row.node, row.cluster
                ),
            ),
            None => plain(ReadingKind::Wrong, format!("There is no recovery {id}.")),
        })
    }
}

fn not_a_call(wrong: NotACommand) -> Reading {
    let message = wrong.message.trim_end_matches('.');
    Reading {
        position: Some(wrong.position),
        offers: wrong
            .nearest
            .into_iter()
            .map(|line| Offered {
                line,
                what: String::new(),
            })
            .collect(),
        ..plain(ReadingKind::Wrong, format!("{message}."))
    }
}

fn start_of(node: &str) -> Offered {
    Offered {
        line: format!("{node} startup"),
        what: String::new(),
    }
}

const fn switched(mode: Switch) -> &'static str {
    match mode {
        Switch::Run => "Lifts the switch for all clusters.",
        Switch::Pause => {
            "Puts the switch on pause for all clusters: nothing automatic begins. Lifting it needs a reason."
        }
        Switch::Freeze => {
            "Puts the switch on freeze for all clusters: reads only. Lifting it needs a reason."
        }
    }
}

fn plain(kind: ReadingKind, text: impl Into<String>) -> Reading {
    Reading {
        kind,
        text: text.into(),
        position: None,
        offers: Vec::new(),
        target: None,
    }
}
