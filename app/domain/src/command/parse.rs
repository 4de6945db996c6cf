//! Turns a line into a command, or says which word is wrong and what is near.

use super::fold::{self, Word};
use super::nearest;
use super::target::target;
use super::{Command, NotACommand, STARTS};
use crate::guard::Switch;
use crate::id::{ClusterName, RecoveryId};
use std::net::IpAddr;

/// Longest line, in characters.
const LINE_MAX: usize = 500;

/// The words a call begins with, reads before acts.
pub(super) const VERBS: [&str; 17] = [
    "help",
    "status",
    "alarms",
    "who",
    "nodes",
    "cluster-health",
    "health",
    STARTS[0],
    STARTS[1],
    "approve",
    "stop",
    "ack",
    "confirm",
    "link",
    "pause",
    "freeze",
    "resume",
];

/// Reads one line; nothing is guessed.
pub fn parse(line: &str) -> Result<Command, NotACommand> {
    if line.chars().nth(LINE_MAX).is_some() {
        return Err(NotACommand {
            message: format!("the line is longer than {LINE_MAX} characters"),
            nearest: None,
            position: LINE_MAX,
        });
    }
    let words = fold::words(line);
    exact(line, &words).map_err(|mut error| {
        if error.nearest.is_none() {
            error.nearest = nearest::call(&words);
        }
        error
    })
}

/// Parses without looking for what is near.
pub(super) fn exact(line: &str, words: &[Word]) -> Result<Command, NotACommand> {
    let [first, others @ ..] = words else {
        return Err(NotACommand {
            message: "nothing was typed".to_owned(),
            nearest: Some("help".to_owned()),
            position: 0,
        });
    };
    match first.text.as_str() {
        "status" => alone(others, "status", Command::Status),
        "alarms" => alone(others, "alarms", Command::Alarms),
        "who" => alone(others, "who", Command::Who),
        "help" => alone(others, "help", Command::Help),
        "approve" => Ok(Command::Approve {
            id: number(first, others)?,
        }),
        "stop" => Ok(Command::Stop {
            id: number(first, others)?,
        }),
        "ack" => Ok(Command::Acknowledge {
            id: number(first, others)?,
        }),
        "confirm" => Ok(Command::Confirm {
            code: code(first, others, 4)?,
        }),
        "link" => Ok(Command::Link {
            code: code(first, others, 8)?,
        }),
        "pause" => Ok(switch(Switch::Pause, line, others)),
        "freeze" => Ok(switch(Switch::Freeze, line, others)),
        "resume" if others.is_empty() => Err(wrong(
            first,
            "resume needs a reason, such as: resume the rack has power again".to_owned(),
        )),
        "resume" => Ok(switch(Switch::Run, line, others)),
        _ => either_order(first, others),
    }
}

/// `verb name` and `name verb` are the same.
fn either_order(first: &Word, others: &[Word]) -> Result<Command, NotACommand> {
    let verb_first = is_named_verb(first);
    let verb_last = others.first().is_some_and(is_named_verb);
    match (verb_first, verb_last, others) {
        (true, _, []) => named(first, None),
        (true, true, [other, ..]) => Err(wrong(
            other,
            format!(
                "{} and {} are both verbs; which node or cluster?",
                first.text, other.text
            ),
        )),
        (true, false, [name]) => named(first, Some(name)),
        (false, true, [verb]) => named(verb, Some(first)),
        (false, false, [second, third, ..]) if is_named_verb(third) => Err(wrong(
            second,
            format!("{} is too much: one at a time", second.text),
        )),
        (_, _, [_, more, ..]) => Err(wrong(more, format!("{} is too much", more.text))),
        (false, false, []) => Err(nearest::unknown(first)),
        (false, false, [other]) => Err(if nearest::verb(&first.text).is_some() {
            nearest::unknown(first)
        } else {
            nearest::unknown(other)
        }),
        (false, true, []) => Err(nearest::unknown(first)),
    }
}

fn is_named_verb(word: &Word) -> bool {
    let word = word.text.as_str();
    STARTS.contains(&word) || matches!(word, "health" | "cluster-health" | "nodes")
}

fn named(verb: &Word, name: Option<&Word>) -> Result<Command, NotACommand> {
    match verb.text.as_str() {
        "nodes" => Ok(Command::Nodes {
            cluster: name.map(cluster).transpose()?,
        }),
        "health" | "cluster-health" => Ok(Command::Health {
            cluster: name.map(cluster).transpose()?,
        }),
        _ => match name {
            Some(name) => Ok(Command::Start {
                target: target(name)?,
            }),
            None => Err(wrong(
                verb,
                format!(
                    "{} needs a node, such as: 10.0.0.12 {}",
                    verb.text, verb.text
                ),
            )),
        },
    }
}

fn cluster(word: &Word) -> Result<String, NotACommand> {
    if word.text.parse::<IpAddr>().is_ok() {
        return Err(wrong(
            word,
            format!("{} is an address; a cluster's name belongs here", word.text),
        ));
    }
    ClusterName::parse(&word.text)
        .map(|name| name.to_string())
        .map_err(|error| wrong(word, error.to_string()))
}

fn alone(others: &[Word], verb: &str, command: Command) -> Result<Command, NotACommand> {
    match others.first() {
        None => Ok(command),
        Some(more) => Err(NotACommand {
            message: format!("{verb} stands alone; {} is too much", more.text),
            nearest: Some(verb.to_owned()),
            position: more.at,
        }),
    }
}

fn number(verb: &Word, others: &[Word]) -> Result<RecoveryId, NotACommand> {
    match others {
        [] => Err(wrong(
            verb,
            format!(
                "{} needs a recovery's number, such as: {} 1042",
                verb.text, verb.text
            ),
        )),
        [word] => {
            let digits = word.text.strip_prefix('#').unwrap_or(&word.text);
            let plain = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
            match digits.parse::<u64>() {
                // The store counts in 63 bits.
                Ok(id) if plain && id > 0 && i64::try_from(id).is_ok() => Ok(RecoveryId(id)),
                Ok(_) | Err(_) => Err(wrong(
                    word,
                    format!("{} is not the number of a recovery", word.text),
                )),
            }
        }
        [_, more, ..] => Err(wrong(more, format!("{} is too much", more.text))),
    }
}

/// So many digits, not a number: a zero in front counts.
fn code(verb: &Word, others: &[Word], digits: usize) -> Result<String, NotACommand> {
    match others {
        [word] if word.text.len() == digits && word.text.bytes().all(|c| c.is_ascii_digit()) => {
            Ok(word.text.clone())
        }
        [_, more, ..] => Err(wrong(more, format!("{} is too much", more.text))),
        // The code itself is not repeated: what is refused is shown to the whole room.
        [] | [_] => Err(wrong(
            verb,
            format!("{} needs the {digits} digits you were shown", verb.text),
        )),
    }
}

fn switch(mode: Switch, line: &str, others: &[Word]) -> Command {
    let reason = others
        .first()
        .map(|word| fold::rest(line, word.at))
        .filter(|reason| !reason.is_empty());
    Command::Switch { mode, reason }
}

pub(super) fn wrong(word: &Word, message: String) -> NotACommand {
    NotACommand {
        message,
        nearest: None,
        position: word.at,
    }
}
