//! What changed from one version of a rule to another, field by field.

use super::Draft;

/// One field that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which, in words.
    pub field: &'static str,
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
}

/// Every field of a draft in words, in the order of the editor.
pub fn fields(of: &Draft) -> Vec<(&'static str, String)> {
    let lines = |list: Vec<String>| {
        if list.is_empty() {
            "none".to_owned()
        } else {
            list.join("\n")
        }
    };
    let labels = of
        .labels
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let pins = of
        .pins
        .iter()
        .map(|pin| format!("{}: {}", pin.must.text(), pin.short()));
    let cluster = of.cluster.as_ref().map(ToString::to_string);
    let veto = match of.veto_s {
        0 => "none".to_owned(),
        seconds => format!("{seconds} s, then {}", of.silence.word()),
    };
    vec![
        ("Pattern", of.pattern.clone()),
        ("Labels", lines(labels.collect())),
        (
            "Cluster",
            cluster.unwrap_or_else(|| "all clusters".to_owned()),
        ),
        ("Mode", of.mode.word().to_owned()),
        ("Enabled", if of.enabled { "yes" } else { "no" }.to_owned()),
        ("Veto window", veto),
        ("Name", of.name.to_string()),
        ("Position", of.position.to_string()),
        ("Pins", lines(pins.collect())),
    ]
}

/// The fields that differ.
pub fn changes(old: &Draft, new: &Draft) -> Vec<Change> {
    fields(old)
        .into_iter()
        .zip(fields(new))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| Change { field, old, new })
        .collect()
}

/// A text cut where it differs from another: what both begin with, the part of its own, what both end with.
pub fn cut<'a>(text: &'a str, other: &str) -> (&'a str, &'a str, &'a str) {
    let front: usize = text
        .chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let back: usize = text[front..]
        .chars()
        .rev()
        .zip(other[front..].chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let end = text.len() - back;
    (&text[..front], &text[front..end], &text[end..])
}
