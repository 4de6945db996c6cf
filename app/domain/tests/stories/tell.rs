//! Makes a beat happen, and tells a played story as text.

use crate::drive::{Run, Stage};
use crate::world::{domain_clock, prod};
use domain::event::What;
use domain::guard::{Guards, Switch};
use domain::id::{NodeUid, PersonName, RecoveryId, SourceName};
use domain::rule::{Mode, Silence};
use domain::target::Target;
use domain::timeline::Can;
use domain::trigger::Actor;
use domain::world::{Cordon, MachineState, Ready};
use jiff::SignedDuration;

const ALARM: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

/// One beat of a script.
pub fn happen(stage: &mut Stage, what: &str) {
    let words: Vec<&str> = what.split(' ').collect();
    let now = stage.now();
    match words.as_slice() {
        ["alarm"] => stage.alarm(ALARM),
        ["alarm", "for", ip] => stage.alarm(&ALARM.replace("10.0.0.12", ip)),
        ["alarm", text @ ..] => stage.alarm(&text.join(" ")),
        ["rule", mode] => stage.rule = Mode::parse(mode).unwrap(),
        ["rule", mode, "veto", seconds, silence] => {
            stage.rule = Mode::parse(mode).unwrap();
            stage.veto = (seconds.parse().unwrap(), Silence::parse(silence).unwrap());
        }
        ["check", when, kind, name, "limit", limit, "every", every] => {
            stage.world.team.add((when, kind, name), limit, every);
        }
        ["try", name, answer @ ..] => stage.world.team.answer(name, &answer.join(" ")),
        ["guard", name, value] => guard(stage, name, value),
        ["switch", mode] => stage.switch = Switch::parse(mode).unwrap(),
        ["restart" | "resolved"] if stage.runs.is_empty() => {}
        ["restart"] => stage.restart(stage.runs.len() - 1),
        ["resolved"] => {
            let source = Actor::Source(SourceName::parse("monitoring").unwrap());
            stage.push(stage.runs.len() - 1, source, What::AlarmResolved);
        }
        ["no", "baseline"] => {
            stage.world.keeps_baselines = false;
            stage.world.baselines.clear();
        }
        ["next", answer @ ..] => stage.world.answers.push_back(answer.join(" ")),
        ["cloud", state] => stage.world.cloud = *state == "readable",
        ["cluster", state] => stage.world.cluster = *state == "readable",
        ["boots", state] => stage.world.boots = *state == "again",
        ["evict", pod] => stage.world.evict(pod),
        ["a", "pod", "of", "node-12", "breaks"] => stage.world.add_broken(now),
        ["a", "pod", "of", "node-12", "is", "broken", "for", "weeks"] => {
            stage
                .world
                .add_broken(now - SignedDuration::from_hours(24 * 20));
        }
        ["cluster", "test", "has", "the", "same", "address"] => {
            let mut twin = stage.world.node("node-12").facts.clone();
            twin.uid = NodeUid::parse("uid-of-test").unwrap();
            stage.world.other.push(twin);
        }
        [
            name,
            verb @ ("approves" | "cancels" | "stops" | "acknowledges" | "retries" | "starts"
            | "notes"),
            rest @ ..,
        ] => {
            person(stage, name, verb, rest);
        }
        [node, verb @ ..] => to_node(stage, node, &verb.join(" ")),
        [] => {}
    }
}

fn guard(stage: &mut Stage, name: &str, value: &str) {
    let mut all = serde_json::to_value(&stage.guards).unwrap();
    all[name] = serde_json::from_str(value).unwrap();
    stage.guards = serde_json::from_value::<Guards>(all).unwrap();
}

fn to_node(stage: &mut Stage, name: &str, verb: &str) {
    let now = stage.now();
    let node = stage.world.node(name);
    match verb {
        "loses power" => node.power_off(now),
        "hangs" => node.alive = None,
        "speaks again" => node.alive = Some(now),
        "runs again" => {
            node.boots_at = Some(now);
        }
        "is stopping" => (node.machine, node.alive) = (MachineState::Stopping, None),
        "is off" => node.machine = MachineState::Off,
        "breaks in the cloud" => (node.machine, node.alive) = (MachineState::Error, None),
        "is cordoned by hand" => node.facts.cordon = Cordon::FOREIGN,
        "is uncordoned by hand" => node.facts.cordon = Cordon::Open,
        "is tainted as stopped on purpose" => node
            .facts
            .taints
            .push("node.cloudprovider.kubernetes.io/shutdown:NoSchedule".to_owned()),
        "is excluded" => node.facts.excluded = true,
        "loses Ready" => {
            node.forced = true;
            node.set_ready(Ready::False, now);
        }
        "is Ready again" => {
            node.forced = false;
            node.set_ready(Ready::True, now);
        }
        "is re-created" => node.facts.uid = NodeUid::parse("uid-new").unwrap(),
        other => panic!("{name} cannot do this: {other}"),
    }
}

fn person(stage: &mut Stage, name: &str, verb: &str, rest: &[&str]) {
    let actor = Actor::Person(PersonName::parse(name).unwrap());
    let now = stage.now();
    let last = stage.runs.len().saturating_sub(1);
    let grace = What::GraceStarted {
        until: now + SignedDuration::from_secs(5),
    };
    if !may(stage, verb) {
        return stage.aside(&format!("{name} {verb}: that cannot be done now"));
    }
    match verb {
        "approves" => {
            stage.push(last, actor.clone(), What::Approved);
            stage.push(last, actor, grace);
        }
        "cancels" => stage.push(last, actor, What::GraceCancelled),
        "stops" => {
            let reason = (!rest.is_empty()).then(|| rest.join(" "));
            stage.push(last, actor, What::Stopped { reason });
        }
        "acknowledges" => stage.push(last, actor, What::Acknowledged),
        "notes" => stage.push(
            last,
            actor,
            What::Noted {
                text: rest.join(" "),
                happened_at: None,
            },
        ),
        "retries" => {
            let target = stage.runs[last].recovery().plan.target;
            let old = RecoveryId(last as u64 + 1);
            let by = RecoveryId(old.0 + 1);
            stage.push(last, actor.clone(), What::Retried { by });
            let trigger = stage.person(name, false, Some(old));
            stage.plan(&trigger, target, actor);
        }
        _ => {
            let facts = stage.world.node(rest[0]).facts.clone();
            let trigger = stage.person(name, rest.contains(&"confirmed"), None);
            let before = stage.runs.len();
            stage.plan(&trigger, Target::of(&prod(), &facts), actor.clone());
            if stage.runs.len() > before && rest.contains(&"graced") {
                stage.push(before, actor, grace);
            }
        }
    }
}

/// Whether the newest recovery can take this from a person.
fn may(stage: &Stage, verb: &str) -> bool {
    let wanted = match verb {
        "approves" => Can::Approve,
        "cancels" => Can::Cancel,
        "stops" => Can::Stop,
        "acknowledges" => Can::Acknowledge,
        "retries" => Can::Retry,
        "starts" => return true,
        _ => return !stage.runs.is_empty(),
    };
    stage
        .runs
        .last()
        .is_some_and(|run| domain::timeline::can(&run.recovery(), stage.now()).contains(&wanted))
}

/// A played story as people read it.
pub fn all(stage: &Stage) -> String {
    let mut out = String::new();
    for aside in &stage.asides {
        out.push_str(&format!("{aside}\n"));
    }
    for run in &stage.runs {
        out.push_str(&one(run));
    }
    for run in &stage.world.team.runs {
        out.push_str(&format!("{run}\n"));
    }
    let calls = if stage.world.ledger.is_empty() {
        "none".to_owned()
    } else {
        stage.world.ledger.join(", ")
    };
    out.push_str(&format!("calls: {calls}\n"));
    out
}

fn one(run: &Run) -> String {
    let end = run.events.last().expect("a run has events").at;
    let told = domain::timeline::of(&run.events, end).expect("a played log is legal");
    let mut out = format!("recovery {} {}/{}\n", told.id, told.cluster, told.node);
    let mut said = "";
    for (line, headline) in told.lines.iter().zip(&run.headlines) {
        let text = if line.text.is_empty() {
            String::new()
        } else {
            format!(": {}", line.text)
        };
        out.push_str(&format!(
            "{} [{}] {}{text}\n",
            domain_clock(line.at),
            line.actor,
            line.title
        ));
        if headline != said {
            out.push_str(&format!("         > {headline}\n"));
        }
        said = headline;
    }
    let outcome = told.outcome.map_or("none", |outcome| outcome.word());
    let can: Vec<String> = told
        .can
        .iter()
        .map(|can| format!("{can:?}").to_lowercase())
        .collect();
    let can = if can.is_empty() {
        "nothing".to_owned()
    } else {
        can.join(", ")
    };
    out.push_str(&format!(
        "state {}, outcome {outcome}, can {can}\n",
        told.state.word()
    ));
    out
}
