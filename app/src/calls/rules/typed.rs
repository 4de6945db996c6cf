//! The fields of the rule editor as they come in: from the form, from its address, from the island.

use crate::calls::door;
use crate::error::AppError;
use domain::rule::Pin;
use domain::rule::flags::{Flags, join};
use domain::rule::pin;
use std::collections::BTreeMap;

/// The whole pattern. A caller that sends no switches means the pattern as it stands.
pub fn whole(body: &str, switches: bool, ignore_case: bool, multi_line: bool) -> String {
    // Browsers send line breaks of text areas as CR LF.
    let body = body.replace("\r\n", "\n");
    let body = body.trim_end_matches('\n');
    if switches && !body.is_empty() {
        let flags = Flags {
            ignore_case,
            multi_line,
        };
        join(flags, body)
    } else {
        body.to_owned()
    }
}

/// The pins of their field.
pub fn pins(line: Option<&str>) -> Result<Vec<Pin>, AppError> {
    pin::read(line.unwrap_or_default()).map_err(|error| door::invalid("pins", error))
}

/// Lines of `name=value`.
pub fn labels(text: &str) -> Result<BTreeMap<String, String>, AppError> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| match line.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                Ok((name.trim().to_owned(), value.trim().to_owned()))
            }
            _ => Err(door::invalid(
                "labels",
                format!("{line:?} is not a label: write name=value, one a line"),
            )),
        })
        .collect()
}
