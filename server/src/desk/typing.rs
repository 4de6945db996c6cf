//! What helps a person who types: calls that make sense now, shared texts, the history, the first pattern of a rule.

use super::{TheDesk, errors, needs};
use app::desk::Typing;
use app::desk::views::{CommandHelp, Offered, Reading, Said, SaidView};
use app::error::AppError;
use async_trait::async_trait;
use domain::access::{Person, Role};
use domain::command::{self, Command};
use domain::id::AlarmId;
use domain::rule::begin::{Names, pattern_of};
use domain::target::{Known, lookup};
use domain::world::{NodeFacts, Ready};
use store::NewLine;

/// Longest answer that is kept in the history, in characters.
const REPLY_MAX: usize = 4000;
/// Most nodes among the calls that are offered.
const NODES: usize = 200;

#[async_trait]
impl Typing for TheDesk {
    async fn read_command(&self, who: &Person, text: &str) -> Result<Reading, AppError> {
        self.read_line(who, text).await
    }

    async fn command_help(&self, who: &Person) -> Result<CommandHelp, AppError> {
        needs(who, Role::Viewer)?;
        let mut waiting = Vec::new();
        for one in self.house.engine.running() {
            let of = format!("{} in {}", one.plan.target.node, one.plan.target.cluster);
            if one.takes_yes() {
                waiting.push(offered(format!("approve {}", one.id.0), of.clone()));
            }
            waiting.push(offered(format!("stop {}", one.id.0), of));
        }
        Ok(self.house.engine.with_known(|known| help(known, waiting)))
    }

    async fn shared(&self, who: &Person, text: &str) -> Result<Option<Offered>, AppError> {
        needs(who, Role::Viewer)?;
        let text = text.trim();
        if command::parse(text).is_ok() {
            return Ok(Some(offered(text.to_owned(), String::new())));
        }
        let words = text
            .split(|c: char| !(c.is_ascii_alphanumeric() || "._:-/".contains(c)))
            .map(|word| word.trim_matches(['.', ':', '-', '_', '/']))
            .filter(|word| !word.is_empty());
        Ok(self.house.engine.with_known(|known| {
            let all: Vec<&Known<'_>> = known.iter().collect();
            words.into_iter().find_map(|word| {
                let target = lookup(word, &all).ok()?;
                let what = format!("{} in {}", target.node, target.cluster);
                Some(offered(format!("{} startup", word.to_lowercase()), what))
            })
        }))
    }

    async fn said(&self, who: &Person) -> Result<Vec<SaidView>, AppError> {
        needs(who, Role::Viewer)?;
        let rows = self
            .house
            .store
            .lines(&who.name)
            .await
            .map_err(errors::store)?;
        Ok(rows
            .into_iter()
            .map(|row| SaidView {
                id: row.id,
                at: row.what.at,
                acts: command::parse(&row.what.line).is_ok_and(|command: Command| command.acts()),
                said: Said {
                    line: row.what.line,
                    reply: row.what.reply,
                    refused: row.what.refused,
                    recovery: row.what.recovery,
                },
            })
            .collect())
    }

    async fn keep_said(&self, who: &Person, said: &Said) -> Result<(), AppError> {
        needs(who, Role::Viewer)?;
        let line = NewLine {
            person: who.name.clone(),
            at: self.house.engine.now(),
            line: said.line.chars().take(500).collect(),
            reply: said.reply.chars().take(REPLY_MAX).collect(),
            refused: said.refused,
            recovery: said.recovery,
        };
        self.house
            .store
            .keep_line(&line)
            .await
            .map_err(errors::store)
    }

    async fn begin_pattern(&self, who: &Person, alarm: AlarmId) -> Result<String, AppError> {
        let alarm = self.read_alarm(who, alarm).await?;
        let names = self.house.engine.with_known(|known| Names {
            nodes: known
                .iter()
                .flat_map(|one| one.nodes)
                .flat_map(|node| {
                    let name = node.name.to_string();
                    node.addresses.iter().cloned().chain([name])
                })
                .collect(),
            clusters: known
                .iter()
                .flat_map(|one| one.aliases.iter().cloned().chain([one.cluster.to_string()]))
                .collect(),
        });
        Ok(pattern_of(&alarm.text, &names))
    }
}

fn help(known: &[Known<'_>], waiting: Vec<Offered>) -> CommandHelp {
    let all: Vec<(&Known<'_>, &NodeFacts)> = known
        .iter()
        .flat_map(|one| one.nodes.iter().map(move |node| (one, node)))
        .collect();
    // The same name in two clusters is no target: the cluster comes before it.
    let called = |one: &Known<'_>, node: &NodeFacts| {
        let same = all
            .iter()
            .filter(|(_, other)| other.name == node.name)
            .count();
        if same > 1 {
            format!("{}/{}", one.cluster, node.name)
        } else {
            node.name.to_string()
        }
    };
    let start = |(one, node): &(&Known<'_>, &NodeFacts)| {
        let state = if node.ready == Ready::True {
            ""
        } else {
            ", not Ready"
        };
        let what = format!(
            "{} in {}{state}",
            node.ip().unwrap_or("no address"),
            one.cluster
        );
        offered(format!("{} startup", called(one, node)), what)
    };
    let (sick, well): (Vec<_>, Vec<_>) = all
        .iter()
        .copied()
        .partition(|(_, node)| node.ready != Ready::True);
    let clusters = || known.iter().map(|one| one.cluster);
    let verbs = [
        ("status", "what is recovering and waiting"),
        ("alarms", "the newest alarms"),
        ("who", "who you are"),
        ("help", "every command"),
        ("pause", "nothing automatic begins"),
        ("freeze", "reads only"),
    ];
    let mut calls: Vec<Offered> = sick.iter().map(start).chain(waiting).collect();
    calls.extend(
        clusters().map(|name| offered(format!("cluster-health {name}"), "read now".to_owned())),
    );
    calls.extend(clusters().map(|name| offered(format!("nodes {name}"), "its nodes".to_owned())));
    calls.extend(verbs.map(|(line, what)| offered(line.to_owned(), what.to_owned())));
    calls.extend(well.iter().take(NODES).map(start));
    CommandHelp {
        firing: sick
            .iter()
            .take(4)
            .map(|(one, node)| called(one, node))
            .collect(),
        examples: examples(known, sick.first().or(well.last()).copied()),
        calls,
    }
}

/// Six calls with names of this house.
fn examples(known: &[Known<'_>], node: Option<(&Known<'_>, &NodeFacts)>) -> Vec<Offered> {
    let cluster = known.first().map_or("prod", |one| one.cluster.as_str());
    let target = node.map_or("10.0.0.12", |(_, node)| {
        node.ip().unwrap_or(node.name.as_str())
    });
    let name = node.map_or_else(|| "the node".to_owned(), |(_, node)| node.name.to_string());
    [
        (format!("{target} startup"), format!("starts {name}")),
        (
            format!("cluster-health {cluster}"),
            "how the cluster is, read now".to_owned(),
        ),
        (
            "status".to_owned(),
            "what is recovering and waiting".to_owned(),
        ),
        (format!("nodes {cluster}"), "its nodes".to_owned()),
        ("alarms".to_owned(), "the newest alarms".to_owned()),
        (
            "pause storage work".to_owned(),
            "holds everything automatic back".to_owned(),
        ),
    ]
    .into_iter()
    .map(|(line, what)| offered(line, what))
    .collect()
}

fn offered(line: String, what: String) -> Offered {
    Offered { line, what }
}
