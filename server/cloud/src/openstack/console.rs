//! The end of a machine's console log, as plain text.

use super::find::valid;
use super::nova::{Action, Nova};
use domain::world::{CONSOLE_MAX, Reading};
use serde::Deserialize;
use std::iter::Peekable;
use std::str::Chars;

/// Lines asked for: a panic with its trace, and what led to it.
const LINES: u32 = 200;

#[derive(Deserialize)]
struct Log {
    output: Option<String>,
}

/// Reads it. A hypervisor without consoles answers 501, a machine without a log 404: neither has one to give.
pub async fn end(nova: &Nova, machine: &str) -> Reading<String> {
    if !valid(machine) {
        return Reading::Unreadable(format!("{machine:?} is not a machine id"));
    }
    let log = match nova.action(machine, Action::Console(LINES)).await {
        Ok(reply) => reply.json::<Log>(),
        Err(trouble) => Err(trouble),
    };
    match log {
        Ok(log) => match plain(&log.output.unwrap_or_default()) {
            text if text.trim().is_empty() => Reading::Absent,
            text => Reading::Seen(last(&text).to_owned()),
        },
        Err(trouble) => match trouble.code() {
            Some(404 | 501) => Reading::Absent,
            Some(_) | None => Reading::Unreadable(trouble.to_string()),
        },
    }
}

/// Without colours and cursor moves, and without any control character but line ends and tabs.
fn plain(log: &str) -> String {
    let mut text = String::with_capacity(log.len());
    let mut rest = log.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\u{1b}' => skip_sequence(&mut rest),
            '\n' | '\t' => text.push(letter),
            _ if letter.is_control() => {}
            _ => text.push(letter),
        }
    }
    text
}

/// `ESC [`, parameters, and the letter that ends them.
fn skip_sequence(rest: &mut Peekable<Chars<'_>>) {
    if rest.next_if_eq(&'[').is_some() {
        while rest.next_if(|one| matches!(one, ' '..='?')).is_some() {}
        rest.next_if(|one| matches!(one, '@'..='~'));
    }
}

fn last(text: &str) -> &str {
    let mut from = text.len().saturating_sub(CONSOLE_MAX);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

#[cfg(test)]
mod tests;
