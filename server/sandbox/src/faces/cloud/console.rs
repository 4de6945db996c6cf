//! The console log of a machine: its boot, and how it ended.

mod script;

use crate::field::hash;
use crate::machine::Machine;
use jiff::{SignedDuration, Timestamp};
use script::{BOOT, words};

/// Its last lines as they stand at `now`; it outlives the power and begins anew with the next boot.
pub fn console(machine: &Machine, lines: Option<usize>, now: Timestamp) -> String {
    let born = machine.launched_at;
    let end = machine.scenes.first().map_or(now, |(_, at)| *at);
    let mut log: Vec<String> = BOOT
        .iter()
        .map(|(after, text)| (born + SignedDuration::from_millis(*after), *text))
        .filter(|(at, _)| *at <= end)
        .map(|(at, text)| line(machine, at, text))
        .collect();
    if log.len() == BOOT.len() {
        log.extend([String::new(), format!("{} login: ", machine.name)]);
    }
    for (index, (scene, begun)) in machine.scenes.iter().enumerate() {
        // What comes next cuts it short.
        let end = machine.scenes.get(index + 1).map_or(now, |(_, at)| *at);
        let mut at = *begun;
        for (after, text) in words(*scene) {
            at += SignedDuration::from_millis(*after);
            if at <= end {
                log.push(line(machine, at, text));
            }
        }
    }
    let from = lines.map_or(0, |lines| log.len().saturating_sub(lines));
    log[from..].join("\r\n")
}

/// Stamped with the seconds since the boot, as a kernel does.
fn line(machine: &Machine, at: Timestamp, text: &str) -> String {
    let micros = at.duration_since(machine.launched_at).as_micros().max(0);
    // No two machines are equally fast.
    let jitter = if micros == 0 {
        0
    } else {
        i128::from(hash(&machine.id) % 900)
    };
    let (seconds, rest) = ((micros + jitter) / 1_000_000, (micros + jitter) % 1_000_000);
    let text = text
        .replace("{name}", &machine.name)
        .replace("{ip}", &machine.ip)
        .replace("{boot}", &machine.boot_id);
    format!("[{seconds:5}.{rest:06}] {text}")
}

#[cfg(test)]
mod tests;
