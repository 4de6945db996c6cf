//! The postmortem draft of a recovery, as Markdown.

use super::escape::text;
use super::{Options, chosen, moment, zone_name};
use crate::impact::words;
use crate::recovery::Outcome;
use crate::timeline::waterfall::{Bar, Scale};
use crate::timeline::{Line, Look, Timeline, took};
use crate::trigger::{Actor, Trigger};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Writes the draft; texts from outside are escaped.
pub fn markdown(told: &Timeline, now: Timestamp, options: Options) -> String {
    let zone = options.zone;
    let end = told.ended_at.unwrap_or(now);
    let mut out = format!(
        "# {} down in {} (recovery {})\n**Date** {} to {} {}   **Authors** {}   **Status** Draft\n",
        told.node,
        told.cluster,
        told.id,
        moment(told.down.from, zone),
        moment(end, zone),
        zone_name(zone),
        text(&authors(told)),
    );
    out.push_str(&format!(
        "## Summary\n{}\n## Impact\n{}\n## Root Causes\n(to fill)\n",
        text(&told.summary),
        impact(told, now, options),
    ));
    out.push_str(&format!(
        "## Trigger\n{}\n## Resolution\n{}## Detection\n{}\n",
        trigger(&told.trigger),
        resolution(told),
        detection(told),
    ));
    out.push_str("## Action Items\n| Action | Type | Owner | Link |\n| --- | --- | --- | --- |\n|  |  |  |  |\n");
    out.push_str("## Lessons Learned\n### What went well\n\n### What went wrong\n\n### Where we got lucky\n\n");
    out.push_str(&format!(
        "## Timeline ({})\n| Time | +offset | Event | Who | Source |\n| --- | --- | --- | --- | --- |\n",
        zone_name(zone)
    ));
    for line in chosen(told, options) {
        out.push_str(&row(&line, told.waterfall.begin, options));
    }
    out.push_str("## Waterfall\n| Step | Start | Took | Result |\n| --- | --- | --- | --- |\n");
    for (_, bar) in told.waterfall.rows(Scale::Whole) {
        out.push_str(&bar_row(bar, told.waterfall.begin));
    }
    out.push_str(&supporting(told));
    out
}

fn impact(told: &Timeline, now: Timestamp, options: Options) -> String {
    let pods = told
        .receipt
        .as_ref()
        .and_then(|receipt| receipt.pods_before)
        .map_or_else(|| "not known".to_owned(), |count| count.to_string());
    let from = moment(told.down.from, options.zone);
    let felt = felt(told, options);
    match (told.outcome, told.down.to) {
        (Some(Outcome::FalseAlarm), _) => "None: a false alarm.".to_owned(),
        (_, Some(to)) => format!(
            "Down {}. Pods affected: {pods}. {felt} Counted from {from}, when the node was no longer Ready, to {}.",
            took(told.down.from, to),
            moment(to, options.zone)
        ),
        (_, None) => format!(
            "Down {} so far. Pods affected: {pods}. {felt} Counted from {from}, when the node was no longer Ready.",
            took(told.down.from, now)
        ),
    }
}

/// What people felt of it, or that nobody measured it.
fn felt(told: &Timeline, options: Options) -> String {
    let said = words(&told.impact, |at| moment(at, options.zone));
    format!("Felt by people: {}.", text(&said))
}

fn authors(told: &Timeline) -> String {
    let names: BTreeSet<String> = told
        .lines
        .iter()
        .filter_map(|line| match &line.actor {
            Actor::Person(name) => Some(name.to_string()),
            Actor::Uncordon | Actor::Rule(_) | Actor::Source(_) => None,
        })
        .collect();
    if names.is_empty() {
        "uncordon".to_owned()
    } else {
        names.into_iter().collect::<Vec<_>>().join(", ")
    }
}

fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Alarm {
            alarm,
            source,
            text: said,
            rule,
            version,
            mode,
            ..
        } => format!(
            "Alarm {alarm} from {}: {}\nRule {rule}, version {version}, mode {}.",
            text(source.as_str()),
            text(said),
            mode.word()
        ),
        Trigger::Person { name, reason, .. } => format!(
            "{} asked for a start.{}",
            text(name.as_str()),
            reason
                .as_ref()
                .map(|reason| format!(" {}", text(reason)))
                .unwrap_or_default()
        ),
    }
}

fn resolution(told: &Timeline) -> String {
    let done: String = told
        .steps
        .iter()
        .filter(|step| step.look == Look::Done)
        .map(|step| format!("- {}: {}\n", step.step.title(), text(&step.text)))
        .collect();
    if done.is_empty() {
        "No step succeeded.\n".to_owned()
    } else {
        done
    }
}

fn detection(told: &Timeline) -> String {
    let delay = took(told.waterfall.begin, told.waterfall.looked_at);
    match &told.trigger {
        Trigger::Alarm {
            source, starts_at, ..
        } => format!(
            "{}, {delay} from the first signal to the first look; its alarm came {} after the first signal.",
            text(source.as_str()),
            took(told.waterfall.begin, *starts_at)
        ),
        Trigger::Person { name, .. } => {
            format!(
                "By {}, {delay} from the first signal to the first look.",
                text(name.as_str())
            )
        }
    }
}

fn row(line: &Line, begin: Timestamp, options: Options) -> String {
    let at = line.happened();
    let event = if line.text.is_empty() {
        line.title.clone()
    } else {
        format!("{}: {}", line.title, line.text)
    };
    let sign = if at < begin { "-" } else { "+" };
    let offset = took(begin.min(at), begin.max(at));
    format!(
        "| {} | {sign}{offset} | {} | {} | {} |\n",
        moment(at, options.zone),
        text(&event),
        text(&line.actor.to_string()),
        line.source()
    )
}

fn bar_row(bar: &Bar, begin: Timestamp) -> String {
    let lasted = if bar.parts.is_empty() {
        "-".to_owned()
    } else {
        took(bar.from, bar.to)
    };
    let word = match bar.look {
        Look::Pending => "pending",
        Look::Active => "active",
        Look::Waiting => "waiting",
        Look::Done => "done",
        Look::Skipped => "skipped",
        Look::Failed => "failed",
        Look::Note => "",
    };
    let said = match (word.is_empty(), bar.text.is_empty()) {
        (true, _) => bar.text.clone(),
        (false, true) => word.to_owned(),
        (false, false) => format!("{word}: {}", bar.text),
    };
    format!(
        "| {} | +{} | {lasted} | {} |\n",
        text(&bar.title),
        took(begin, bar.from),
        text(&said)
    )
}

fn supporting(told: &Timeline) -> String {
    let id = told.id.0;
    let mut out = format!(
        "## Supporting information\n- Recovery: /recoveries/{id}\n- Raw: /api/v1/recoveries/{id}\n- Events: /recoveries/{id}/report.csv, /recoveries/{id}/report.json\n"
    );
    if let Trigger::Alarm {
        alarm,
        rule,
        version,
        ..
    } = &told.trigger
    {
        out.push_str(&format!(
            "- Alarm: /api/v1/alarms/{}\n- Rule: /rules/{}#versions, version {version}\n",
            alarm.0, rule.0
        ));
    }
    if told.unread > 0 {
        out.push_str(&format!("- {} events could not be read\n", told.unread));
    }
    for step in &told.steps {
        if let Some(output) = &step.output {
            let title = step.step.title();
            out.push_str(&format!("- {title} wrote: {}\n", text(output)));
        }
    }
    if let Some(receipt) = &told.receipt {
        let boot = &receipt.boot_id_before;
        out.push_str(&format!("- Boot ID before: {}\n", text(boot)));
        for finding in &receipt.findings {
            out.push_str(&format!("- {:?}: {}\n", finding.mark, text(&finding.text)));
        }
    }
    out
}
