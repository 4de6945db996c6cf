//! Machines that went down together because they share a physical host: one incident, and a note for whoever runs that host.

use crate::id::{ClusterName, NodeName, RecoveryId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// One node as an incident looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Its cluster.
    pub cluster: ClusterName,
    /// Its name.
    pub node: NodeName,
    /// The cloud's id of its machine, if it is known.
    pub machine: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// The physical host.
    pub host: String,
    /// Since when it is down; `None` while it is well.
    pub down_at: Option<Timestamp>,
    /// Since when it is well again; `None` while it is not.
    pub up_at: Option<Timestamp>,
    /// The recovery that is at work on it.
    pub recovery: Option<RecoveryId>,
}

/// A host that took several nodes down at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Our number.
    pub id: u64,
    /// Whose host: the cloud account, or the cluster where there is none.
    pub place: String,
    /// The host, as the cloud or the label calls it.
    pub host: String,
    /// When it was noticed.
    pub opened_at: Timestamp,
    /// When all its members had ended.
    pub closed_at: Option<Timestamp>,
    /// In the order in which they were seen down.
    pub members: Vec<Member>,
    /// A start that this host refused, and nothing of it has come up since.
    pub refused: Option<RefusedStart>,
}

/// One of the machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its cluster.
    pub cluster: ClusterName,
    /// Its node.
    pub node: NodeName,
    /// The cloud's id of it.
    pub machine: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// When it was seen down.
    pub down_at: Timestamp,
    /// When it was seen well again.
    pub up_at: Option<Timestamp>,
    /// Recoveries of it that belong to this incident.
    pub recoveries: Vec<RecoveryId>,
}

/// What became of a start on that host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedStart {
    /// Of which cluster's node.
    pub cluster: ClusterName,
    /// Of which node.
    pub node: NodeName,
    /// When.
    pub at: Timestamp,
    /// In the cloud's words.
    pub why: String,
}

/// How a note is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For a mail or a form.
    Plain,
    /// For a ticket that reads Markdown.
    Markdown,
}

/// Hosts of which at least two nodes went down within `window` of each other, with those nodes.
pub fn together(spots: &[Spot], window: SignedDuration) -> Vec<(&str, Vec<&Spot>)> {
    let mut hosts: Vec<&str> = spots.iter().map(|one| one.host.as_str()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    let of = |host: &str| {
        let mut down: Vec<&Spot> = spots
            .iter()
            .filter(|one| one.host == host && one.down_at.is_some())
            .collect();
        down.sort_by_key(|one| one.down_at);
        // Whoever was down for days has nothing to do with what happened just now.
        let near = |one: &&Spot| {
            down.iter().any(|other| {
                let apart = one.down_at.zip(other.down_at);
                other.node != one.node
                    && apart.is_some_and(|(a, b)| a.duration_since(b).abs() <= window)
            })
        };
        down.iter().copied().filter(near).collect::<Vec<_>>()
    };
    hosts
        .into_iter()
        .map(|host| (host, of(host)))
        .filter(|(_, down)| down.len() > 1)
        .collect()
}

impl Incident {
    /// What is known as it opens; its number is given by the store.
    pub fn open(place: &str, host: &str, down: &[&Spot], now: Timestamp) -> Self {
        let mut incident = Self {
            id: 0,
            place: place.to_owned(),
            host: host.to_owned(),
            opened_at: now,
            closed_at: None,
            members: Vec::new(),
            refused: None,
        };
        for spot in down {
            incident.join(spot, now);
        }
        incident
    }

    /// The member that is this node.
    pub fn member(&self, cluster: &ClusterName, node: &NodeName) -> Option<&Member> {
        self.members
            .iter()
            .find(|one| one.cluster == *cluster && one.node == *node)
    }

    /// Whether this recovery belongs to it.
    pub fn holds(&self, recovery: RecoveryId) -> bool {
        self.members
            .iter()
            .any(|one| one.recoveries.contains(&recovery))
    }

    /// Learns what its nodes are like now. It ends when all of them are well and nobody is at work on them.
    /// Whoever was down long before is no part of it.
    pub fn learn(&mut self, spots: &[Spot], window: SignedDuration, now: Timestamp) {
        let begun = self.members.iter().map(|one| one.down_at).min();
        let from = begun.unwrap_or(self.opened_at) - window;
        let host = self.host.clone();
        for spot in spots.iter().filter(|one| one.host == host) {
            let known = self.member(&spot.cluster, &spot.node).is_some();
            if known || spot.down_at.is_some_and(|at| at >= from) {
                self.join(spot, now);
            }
        }
        let over = |one: &Member| {
            let spot = spots
                .iter()
                .find(|spot| spot.cluster == one.cluster && spot.node == one.node);
            // A node that is no longer in its cluster, or on another host by now, has ended, too.
            spot.is_none_or(|spot| {
                spot.host != self.host || (spot.up_at.is_some() && spot.recovery.is_none())
            })
        };
        if self.members.iter().all(over) {
            self.closed_at = Some(now);
        }
    }

    fn join(&mut self, spot: &Spot, now: Timestamp) {
        let at = self
            .members
            .iter()
            .position(|one| one.cluster == spot.cluster && one.node == spot.node);
        let at = at.unwrap_or_else(|| {
            self.members.push(Member {
                cluster: spot.cluster.clone(),
                node: spot.node.clone(),
                machine: None,
                address: None,
                down_at: spot.down_at.unwrap_or(now),
                up_at: None,
                recoveries: Vec::new(),
            });
            self.members.len() - 1
        });
        let member = &mut self.members[at];
        if spot.machine.is_some() {
            member.machine.clone_from(&spot.machine);
        }
        if spot.address.is_some() {
            member.address.clone_from(&spot.address);
        }
        match spot.up_at {
            // Well before it was down: it is what it was before.
            Some(up) if up > member.down_at => member.up_at = member.up_at.or(Some(up)),
            Some(_) => {}
            None => member.up_at = None,
        }
        if let Some(recovery) = spot.recovery
            && !member.recoveries.contains(&recovery)
        {
            member.recoveries.push(recovery);
        }
    }

    /// Why another start on this host is held back for now.
    pub fn holds_back(&self, cluster: &ClusterName, node: &NodeName) -> Option<String> {
        let refused = self.refused.as_ref()?;
        let other = refused.cluster != *cluster || refused.node != *node;
        (self.closed_at.is_none() && other && self.member(cluster, node).is_some()).then(|| {
            format!(
                "its host {} is down (incident {}): it refused the start of {} at {}. A person may start it.",
                self.host,
                self.id,
                refused.node,
                crate::moment::clock(refused.at)
            )
        })
    }

    /// One sentence.
    pub fn headline(&self) -> String {
        let all = self.members.len();
        let back = self
            .members
            .iter()
            .filter(|one| one.up_at.is_some())
            .count();
        match self.closed_at {
            Some(_) => format!(
                "{all} machines on host {} went down together and are back.",
                self.host
            ),
            None if back == 0 => format!("{all} machines on host {} are down.", self.host),
            None => format!(
                "{} of {all} machines on host {} are down.",
                all - back,
                self.host
            ),
        }
    }

    /// The note for whoever runs the host: what, where and when, to be pasted into a ticket.
    pub fn note(&self, form: Form, now: Timestamp) -> String {
        let facts = self.facts(now);
        let refused = self.refused.as_ref().map(|one| {
            let why = plain(&one.why);
            format!(
                "A start of {} was refused at {}: {why}",
                one.node,
                utc(one.at)
            )
        });
        let mut out = match form {
            Form::Plain => self.listed(&facts),
            Form::Markdown => self.tabled(&facts),
        };
        // Writing to a String cannot fail.
        if let Some(refused) = refused {
            let _ = match form {
                Form::Plain => writeln!(out, "\n{refused}"),
                Form::Markdown => writeln!(out, "\n{}", code(&refused)),
            };
        }
        let _ = writeln!(out, "\n{ASK}");
        out
    }

    fn facts(&self, now: Timestamp) -> [(&'static str, String); 5] {
        let begun = self.members.iter().map(|one| one.down_at).min();
        let ended = self
            .closed_at
            .and_then(|_| self.members.iter().filter_map(|one| one.up_at).max());
        let until = ended.map_or_else(|| format!("not over, as of {}", utc(now)), utc);
        [
            ("Host", plain(&self.host)),
            ("Account or cluster", plain(&self.place)),
            ("Machines", self.members.len().to_string()),
            ("From", utc(begun.unwrap_or(self.opened_at))),
            ("Until", until),
        ]
    }

    fn listed(&self, facts: &[(&str, String)]) -> String {
        let mut out = format!("{TITLE}\n\n");
        for (name, value) in facts {
            let _ = writeln!(out, "{:<20}{value}", format!("{name}:"));
        }
        out.push('\n');
        for one in &self.members {
            let _ = writeln!(
                out,
                "- machine {}, address {}, node {}: down {}, back {}",
                one.machine.as_deref().map_or("unknown".to_owned(), plain),
                one.address.as_deref().map_or("unknown".to_owned(), plain),
                one.node,
                utc(one.down_at),
                one.up_at.map_or_else(|| "not yet".to_owned(), utc)
            );
        }
        out
    }

    fn tabled(&self, facts: &[(&str, String)]) -> String {
        let mut out = format!("**{TITLE}**\n\n| | |\n|---|---|\n");
        for (name, value) in facts {
            let _ = writeln!(out, "| {name} | {} |", code(value));
        }
        out.push_str("\n| Machine | Address | Node | Down | Back |\n|---|---|---|---|---|\n");
        for one in &self.members {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                one.machine.as_deref().map_or("unknown".to_owned(), code),
                one.address.as_deref().map_or("unknown".to_owned(), code),
                code(one.node.as_str()),
                utc(one.down_at),
                one.up_at.map_or_else(|| "not yet".to_owned(), utc)
            );
        }
        out
    }
}

const TITLE: &str = "Several machines on one physical host went down together.";
const ASK: &str =
    "Please say what happened to this host, and whether these machines can be started.";

/// Whole seconds: nobody who reads a ticket wants more.
fn utc(at: Timestamp) -> String {
    format!("{} UTC", at.strftime("%Y-%m-%d %H:%M:%S"))
}

/// One line, whatever it was.
fn plain(text: &str) -> String {
    text.chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect()
}

/// A span in which Markdown reads nothing, in a table or out of one.
fn code(text: &str) -> String {
    format!("`{}`", plain(text).replace('`', "'").replace('|', "/"))
}

#[cfg(test)]
mod tests;
