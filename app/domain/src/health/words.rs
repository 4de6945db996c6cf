//! The health of a cluster as text, for chat and the command page.

use super::{BrokenPod, Health, Pinned, Verdict};
use crate::moment::clock;
use crate::world::Sight;
use jiff::Timestamp;

/// Most broken pods that are named.
const NAMED: usize = 10;

/// The answer to `cluster-health`: verdict and age first, then counts, then what is not well.
pub fn words(health: &Health, now: Timestamp) -> String {
    let mut lines = vec![format!(
        "{} {}, seen {} ago",
        health.cluster,
        word(health.verdict),
        age(health.seen_at, now)
    )];
    if health.verdict == Verdict::Blind {
        lines.push(health.sentence.clone());
    }
    let sick: Vec<String> = health
        .sick
        .iter()
        .map(|node| format!("{} {}", node.name, node.what))
        .collect();
    lines.push(format!(
        "nodes {}/{}{}",
        health.nodes.ready,
        health.nodes.total,
        in_brackets(&sick)
    ));
    lines.push(format!(
        "pods {}/{}",
        health.pods.running, health.pods.total
    ));
    lines.extend(
        health
            .pods
            .broken
            .iter()
            .take(NAMED)
            .map(|pod| broken(pod, now)),
    );
    if let Some(more) = health
        .pods
        .broken
        .len()
        .checked_sub(NAMED)
        .filter(|more| *more > 0)
    {
        lines.push(format!("and {more} more: /clusters/{}", health.cluster));
    }
    lines.extend(health.pinned.iter().map(waits));
    lines.join("\n")
}

/// The headline sentence.
pub(super) fn sentence(health: &Health, sight: &Sight, now: Timestamp) -> String {
    if let Sight::Blind { since, why } = sight {
        let since = if now.duration_since(*since).as_hours() < 24 {
            clock(*since)
        } else {
            format!("{} ago", age(*since, now))
        };
        let shown = if health.nodes.total == 0 {
            "nothing of it was seen since Uncordon was started".to_owned()
        } else {
            format!("what is shown was seen {} ago", age(health.seen_at, now))
        };
        return format!("Cannot be read since {since} ({why}); {shown}.");
    }
    let sick: Vec<String> = health
        .sick
        .iter()
        .take(3)
        .map(|node| format!("{} {}", node.name, node.what))
        .collect();
    let more = health.sick.len().saturating_sub(3);
    let mut parts = sick;
    if more > 0 {
        parts.push(format!("{more} more nodes not well"));
    }
    let news = health.pods.broken.iter().filter(|pod| !pod.before).count();
    let old = health.pods.broken.len() - news;
    if news > 0 {
        parts.push(format!("{} not well", pods(news)));
    }
    if parts.is_empty() {
        parts.push(match health.verdict {
            Verdict::Healthy => format!(
                "all {} nodes Ready, {} of {} pods running",
                health.nodes.total, health.pods.running, health.pods.total
            ),
            Verdict::Degraded | Verdict::Down | Verdict::Blind => "pods are missing".to_owned(),
        });
    }
    if old > 0 {
        parts.push(format!("{} broken for long", pods(old)));
    }
    capital(&format!("{}.", parts.join("; ")))
}

/// The verdict's word.
const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Healthy => "healthy",
        Verdict::Degraded => "degraded",
        Verdict::Down => "down",
        Verdict::Blind => "blind",
    }
}

/// `4 s`, `4 min`, `3 h` or `2 d`.
pub(super) fn age(since: Timestamp, now: Timestamp) -> String {
    let all = now.duration_since(since).as_secs().max(0);
    match all {
        0..60 => format!("{all} s"),
        60..3_600 => format!("{} min", all / 60),
        3_600..86_400 => format!("{} h", all / 3_600),
        _ => format!("{} d", all / 86_400),
    }
}

fn broken(pod: &BrokenPod, now: Timestamp) -> String {
    let long = if pod.before { ", known before" } else { "" };
    format!(
        "{}: {}, {}{long}",
        short(&pod.pod),
        pod.reason,
        age(pod.since, now)
    )
}

fn waits(one: &Pinned) -> String {
    format!("{} waits for {} ({})", short(&one.pod), one.node, one.why)
}

/// A pod of the default namespace goes by its name alone.
fn short(pod: &str) -> &str {
    pod.strip_prefix("default/").unwrap_or(pod)
}

fn in_brackets(list: &[String]) -> String {
    if list.is_empty() {
        String::new()
    } else {
        format!(" ({})", list.join("; "))
    }
}

fn pods(count: usize) -> String {
    if count == 1 {
        "1 pod".to_owned()
    } else {
        format!("{count} pods")
    }
}

/// Node names stay as they are; a sentence that begins with a word gets its capital.
fn capital(text: &str) -> String {
    if text.starts_with("all ") || text.starts_with("pods ") {
        text.replacen("all ", "All ", 1)
            .replacen("pods are", "Pods are", 1)
    } else {
        text.to_owned()
    }
}
