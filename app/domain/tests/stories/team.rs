//! Checks of the team in a story: what they are, and what each try answers.

use crate::drive::Stage;
use crate::world::domain_clock;
use domain::check::{Ask, CheckKind, CheckName, Seen, TeamCheck, Tried, When};
use domain::step::StepKind;
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// All checks of the story.
#[derive(Default)]
pub struct Team {
    pub checks: Vec<TeamCheck>,
    /// Runs of commands and jobs that had an effect.
    pub runs: Vec<String>,
    /// Jobs that were made, by key: a second one of the same name cannot be.
    jobs: Vec<String>,
    answers: BTreeMap<String, VecDeque<String>>,
}

impl Team {
    pub fn add(&mut self, (when, kind, name): (&str, &str, &str), limit: &str, every: &str) {
        self.checks.push(TeamCheck {
            name: CheckName::parse(name).unwrap(),
            kind: CheckKind::of_word(kind).unwrap(),
            when: match when {
                "node" => When::Node,
                "workload" => When::Workload,
                other => panic!("no such half: {other}"),
            },
            limit_s: limit.parse().unwrap(),
            every_s: every.parse().unwrap(),
        });
    }

    /// The next answer; the last one is given again and again if it begins with `always`.
    pub fn answer(&mut self, name: &str, text: &str) {
        let all = self.answers.entry(name.to_owned()).or_default();
        all.push_back(text.to_owned());
    }

    pub fn try_once(&mut self, step: StepKind, ask: &Ask, now: Timestamp) -> Tried {
        let all = self.answers.get_mut(ask.check.as_str());
        let next = all.and_then(|all| match all.front() {
            Some(first) if first.starts_with("always ") => all.front().cloned(),
            _ => all.pop_front(),
        });
        let next = next.unwrap_or_else(|| "passed all is well".to_owned());
        let next = next.strip_prefix("always ").unwrap_or(&next);
        let (word, text) = next.split_once(' ').unwrap_or((next, ""));
        let made = self.jobs.contains(&ask.key);
        let job = matches!(step, StepKind::Check(CheckKind::Job, _));
        if step.acts() && !(job && made) && word != "refused" {
            if !ask.begin {
                return Tried::NotYet(Seen::new("there is no trace of its run"));
            }
            self.jobs.push(ask.key.clone());
            let at = domain_clock(now);
            let (check, attempt) = (ask.check, ask.attempt);
            self.runs
                .push(format!("{at} {check} runs, attempt {attempt}"));
        }
        match word {
            "passed" => Tried::Passed(Seen::new(text)),
            "not" => Tried::NotYet(Seen::new(text).with_output(b"first line\nsecond line")),
            "running" => Tried::Running(text.to_owned()),
            "refused" => Tried::Refused(text.to_owned()),
            other => panic!("no such answer of a check: {other}"),
        }
    }
}

impl Stage {
    /// The step of a try.
    pub fn team_step(&self, ask: &Ask) -> StepKind {
        let all = &self.world.team.checks;
        let check = all.iter().find(|one| one.name == ask.check);
        check.map_or_else(
            || panic!("no such check: {}", ask.check),
            |one| StepKind::Check(one.kind, one.name),
        )
    }
}
