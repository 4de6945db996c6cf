//! What must hold of every run, read from what the world saw and what people did.

use super::Op;
use super::play::{Seen, VETO_S};
use domain::guard::{Gate, Guards, Switch};
use domain::recovery::State;
use domain::world::Cordon;
use engine::fakes::Entry;
use jiff::{SignedDuration, Timestamp};

/// How long after a tap what is done to its node is that person's.
const TAP: SignedDuration = SignedDuration::from_mins(40);
/// Seconds from an accepted start to a machine that is up.
const BOOT: SignedDuration = SignedDuration::from_secs(20);
/// Within this time a storm must be seen.
const NOTICED: SignedDuration = SignedDuration::from_secs(2);

/// What the runs had in them: a judge who never sees a case proves nothing.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sums {
    /// Accepted starts.
    pub starts: usize,
    /// Those that no person asked for.
    pub by_rule: usize,
    /// Runs in which nothing automatic was allowed any more at some time.
    pub storms: usize,
    /// Cordons taken off.
    pub uncordons: usize,
    /// Recoveries.
    pub recoveries: usize,
}

impl Sums {
    pub(super) fn add(&mut self, one: &Self) {
        self.starts += one.starts;
        self.by_rule += one.by_rule;
        self.storms += one.storms;
        self.uncordons += one.uncordons;
        self.recoveries += one.recoveries;
    }
}

type Verdict = Result<(), String>;

/// Judges a run.
pub(super) fn judge(seen: &Seen) -> Result<Sums, String> {
    let mut sums = Sums {
        recoveries: seen.recoveries.len(),
        ..Sums::default()
    };
    let storms = storms(seen);
    sums.storms = usize::from(!storms.is_empty());
    for entry in &seen.ledger {
        match entry.what {
            "start" => {
                sums.starts += 1;
                sums.by_rule += usize::from(!by_person(seen, entry));
            }
            "uncordon" => sums.uncordons += 1,
            _ => {}
        }
        checked(seen, entry, &storms).map_err(|why| format!("{why}: {entry:?}"))?;
    }
    for node in 1..=seen.nodes.min(6) {
        no_more_than_asked(seen, node)?;
    }
    at_the_end(seen)?;
    Ok(sums)
}

fn checked(seen: &Seen, entry: &Entry, storms: &[(Timestamp, Timestamp)]) -> Verdict {
    must(!entry.foreign, "a cordon of somebody else came off")?;
    must(
        switch_let(seen, entry.at, Switch::Pause) || entry.what == "mark",
        "something was done while frozen",
    )?;
    if entry.what == "start" {
        must(!entry.on, "a machine that was on was started")?;
    }
    if matches!(entry.what, "start" | "cordon") && !by_person(seen, entry) {
        automatic(seen, entry, storms)?;
    }
    Ok(())
}

/// What a rule alone may do.
fn automatic(seen: &Seen, entry: &Entry, storms: &[(Timestamp, Timestamp)]) -> Verdict {
    must(
        switch_let(seen, entry.at, Switch::Run),
        "a rule acted while paused",
    )?;
    must(
        !storms
            .iter()
            .any(|(from, to)| *from < entry.at && entry.at < *to),
        "a rule acted in a storm",
    )?;
    told(seen, entry)?;
    if entry.what == "cordon" {
        let nodes = u32::try_from(seen.nodes).unwrap();
        let cap = laxest(seen, entry, |guards| guards.cordon_cap(nodes));
        return must(
            kept(seen, entry) < cap as usize,
            "more nodes were cordoned by us than may be",
        );
    }
    must(!seen.asks, "a rule that only asks started a machine")?;
    must(
        Some(entry.node) != seen.control,
        "a rule started the control plane",
    )?;
    let barred = |one: &(Timestamp, Op, usize)| {
        one.2 == entry.node && one.0 < entry.at && matches!(one.1, Op::Taint(_) | Op::Exclude(_))
    };
    must(
        !seen.acts.iter().any(barred),
        "a rule started what it may not",
    )?;
    at_once(seen, entry)?;
    in_an_hour(seen, entry)
}

/// An alarm of this very machine told of it, not too long ago.
fn told(seen: &Seen, entry: &Entry) -> Verdict {
    let guards = guards_at(seen, entry.at);
    let same_machine = seen
        .acts
        .iter()
        .filter(|one| one.2 == entry.node && one.0 <= entry.at)
        .rfind(|one| matches!(one.1, Op::Replace(_)))
        .map_or(Timestamp::MIN, |one| one.0);
    // It is taken up within its time to live, and used up within the same, or within what comes before the start.
    let before_power = guards.confirm_s + guards.small_step_s + VETO_S;
    let ttl = seen
        .guards
        .iter()
        .map(|one| one.1.alarm_ttl_s)
        .max()
        .unwrap_or_default();
    let longest = ttl + ttl.max(before_power) + guards.small_step_s + guards.start_s;
    let oldest = entry.at - SignedDuration::from_secs(longest.into());
    let alarm = seen.acts.iter().any(|one| {
        one.2 == entry.node
            && one.0 <= entry.at
            && one.0 >= same_machine
            && one.0 >= oldest
            && matches!(one.1, Op::Incident(_) | Op::Alarm(_))
    });
    must(
        alarm,
        "no alarm of this machine, or only old ones, told of it",
    )
}

/// Other nodes that a rule keeps cordoned; what a person ordered comes on top.
fn kept(seen: &Seen, entry: &Entry) -> usize {
    let last = |node: usize| {
        before(seen, entry)
            .filter(|one| one.node == node && matches!(one.what, "cordon" | "uncordon"))
            .last()
    };
    let meddled = |cordon: &Entry| {
        seen.acts.iter().any(|one| {
            let ends = matches!(one.1, Op::Cordon(_) | Op::Uncordon(_) | Op::Replace(_));
            one.2 == cordon.node && cordon.at <= one.0 && one.0 <= entry.at && ends
        })
    };
    let others = (1..=seen.nodes).filter(|node| *node != entry.node);
    let cordons = others.filter_map(last).filter(|one| one.what == "cordon");
    cordons
        .filter(|one| !by_person(seen, one) && !meddled(one))
        .count()
}

fn at_once(seen: &Seen, entry: &Entry) -> Verdict {
    let booting = |one: &&Entry| {
        one.what == "start"
            && one.node != entry.node
            && one.at <= entry.at
            && entry.at < one.at + BOOT
            && !touched(seen, one, entry.at)
    };
    let count = before(seen, entry).filter(booting).count();
    must(
        count < laxest(seen, entry, |guards| guards.acting_per_cluster) as usize,
        "more machines were started at once than may be",
    )?;
    let zone = |node: usize| (seen.zones > 1).then_some(node % seen.zones);
    let near = |one: &&Entry| zone(one.node).is_some() && zone(one.node) == zone(entry.node);
    let count = before(seen, entry).filter(booting).filter(near).count();
    must(
        count < laxest(seen, entry, |guards| guards.acting_per_zone) as usize,
        "more machines of one zone were started at once than may be",
    )
}

fn in_an_hour(seen: &Seen, entry: &Entry) -> Verdict {
    let from = entry.at - SignedDuration::from_hours(1);
    let lately = |one: &&Entry| one.what == "start" && one.at > from;
    let count = before(seen, entry).filter(lately).count();
    let most = laxest(seen, entry, |guards| match guards.starts_per_hour {
        0 => u32::MAX,
        most => most,
    });
    must(
        count < most as usize,
        "more machines were started within an hour than may be",
    )
}

fn before<'a>(seen: &'a Seen, entry: &Entry) -> impl Iterator<Item = &'a Entry> {
    let end = seen.ledger.iter().position(|one| std::ptr::eq(one, entry));
    let end = end.or_else(|| seen.ledger.iter().position(|one| one == entry));
    seen.ledger[..end.unwrap()].iter()
}

/// Whether something ended the recovery that made this start before `until`: then nobody counts it any more.
fn touched(seen: &Seen, start: &Entry, until: Timestamp) -> bool {
    seen.acts.iter().any(|one| {
        let ends = matches!(
            one.1,
            Op::Stop(_) | Op::Acknowledge(_) | Op::Replace(_) | Op::Fail(_)
        );
        one.2 == start.node && one.0 >= start.at && one.0 <= until && ends
    })
}

/// A person started this node or said yes to it a while ago.
fn by_person(seen: &Seen, entry: &Entry) -> bool {
    seen.acts.iter().any(|one| {
        one.2 == entry.node
            && one.0 <= entry.at
            && entry.at <= one.0 + TAP
            && matches!(one.1, Op::Start(_) | Op::Approve(_))
    })
}

/// The laxest limit since the alarm: what was begun under one configuration is brought to its end under the next.
fn laxest(seen: &Seen, entry: &Entry, limit: impl Fn(&Guards) -> u32) -> u32 {
    let told = |one: &&(Timestamp, Op, usize)| {
        one.2 == entry.node && one.0 <= entry.at && matches!(one.1, Op::Incident(_) | Op::Alarm(_))
    };
    let since = seen.acts.iter().filter(told).map(|one| one.0).min();
    let since = since.unwrap_or(entry.at);
    let later = seen
        .guards
        .iter()
        .filter(|one| since < one.0 && one.0 <= entry.at);
    let all = later.map(|one| &one.1).chain([guards_at(seen, since)]);
    all.map(limit).max().unwrap_or(0)
}

fn guards_at(seen: &Seen, at: Timestamp) -> &Guards {
    let last = seen.guards.iter().rfind(|one| one.0 <= at);
    &last.unwrap_or(&seen.guards[0]).1
}

/// Whether the switch stood at `most` or laxer. Of what is done in the very instant of a throw nobody can say which came first.
fn switch_let(seen: &Seen, at: Timestamp, most: Switch) -> bool {
    let before = seen.switches.iter().rfind(|one| one.0 < at);
    let before = before.map_or(Switch::Run, |one| one.1);
    let mut then = seen.switches.iter().filter(|one| one.0 == at);
    before <= most || then.any(|one| one.1 <= most)
}

/// Times at which a breaker must be open: too many nodes without power for long enough that it was seen, until it is closed.
fn storms(seen: &Seen) -> Vec<(Timestamp, Timestamp)> {
    let mut found = Vec::new();
    for outage in &seen.outages {
        let at = outage.from + NOTICED;
        let guards = guards_at(seen, at);
        let lives = |one: &&(Timestamp, Timestamp)| one.0 <= outage.from && at < one.1;
        if guards.storm_nodes == 0 || !seen.lives.iter().any(|one| lives(&one)) {
            continue;
        }
        let mut down: Vec<usize> = seen
            .outages
            .iter()
            .filter(|one| one.from <= outage.from && one.to.is_none_or(|to| to > at))
            .filter(|one| !young(seen, one.node, at, guards))
            .map(|one| one.node)
            .collect();
        down.sort_unstable();
        down.dedup();
        let nodes = u32::try_from(seen.nodes).unwrap();
        if down.len() > guards.unhealthy_cap(nodes) as usize {
            let end = seen.closed.iter().find(|closed| **closed > at);
            // A limit that is off in the next configuration opens it too.
            let off = seen
                .guards
                .iter()
                .find(|(since, guards)| *since > at && guards.storm_nodes == 0)
                .map(|(since, _)| *since);
            let end = end.copied().into_iter().chain(off).min();
            found.push((at, end.unwrap_or(Timestamp::MAX)));
        }
    }
    found
}

/// Whether the node is so new that it may still be joining, and is not counted.
fn young(seen: &Seen, node: usize, at: Timestamp, guards: &Guards) -> bool {
    let grown = SignedDuration::from_secs(guards.new_node_s.into());
    seen.acts.iter().any(|one| {
        let made = one.2 == node && matches!(one.1, Op::Replace(_));
        made && one.0 <= at && at < one.0 + grown + NOTICED
    })
}

/// Every start has an alarm or a tap of its own.
fn no_more_than_asked(seen: &Seen, node: usize) -> Verdict {
    let of = |wanted: &dyn Fn(Op) -> bool| {
        let acts = seen.acts.iter();
        acts.filter(|one| (one.2 == node || one.2 == 0) && wanted(one.1))
            .count()
    };
    let asked = of(&|op| matches!(op, Op::Incident(_) | Op::Alarm(_) | Op::Start(_)));
    // A start whose answer died with the process is made again if the machine is off then.
    let off = of(&|op| matches!(op, Op::Deafen(_) | Op::Fail(_) | Op::Storm(_))) > 0;
    let again = if off {
        of(&|op| matches!(op, Op::Die(..) | Op::Restart(_)))
    } else {
        0
    };
    let starts = seen
        .ledger
        .iter()
        .filter(|one| one.what == "start" && one.node == node)
        .count();
    must(
        starts <= asked + again,
        &format!("node {node} was started {starts} times for {asked} calls"),
    )
}

fn at_the_end(seen: &Seen) -> Verdict {
    for one in &seen.recoveries {
        let storm = matches!(&one.hold, Some(hold) if matches!(hold.gate, Gate::Storm(_)));
        let rests = match one.state() {
            State::Running => false,
            State::Waiting => storm,
            State::Recovered | State::NeedsHuman | State::Cancelled | State::Refused => true,
        };
        must(rests, &format!("recovery {} hangs: {:?}", one.id, one.hold))?;
    }
    for (cordon, number) in seen.cordons.iter().zip(1..) {
        let Cordon::Ours(mark) = cordon else { continue };
        let owner = seen.recoveries.iter().find(|one| one.id == mark.recovery);
        // What a person has seen or stopped stays on Now as a cordon kept here.
        let open = owner.is_some_and(|one| one.stopped || one.holds_slot() || one.human.is_some());
        must(
            open,
            &format!("our cordon was left on node {number} without a word"),
        )?;
    }
    Ok(())
}

fn must(holds: bool, why: &str) -> Verdict {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}
