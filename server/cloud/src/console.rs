//! The end of a console log, as plain text.

use domain::world::{CONSOLE_MAX, Reading};
use std::iter::Peekable;
use std::str::Chars;

/// The end of a log; one that is empty is none.
pub fn end(log: &str) -> Reading<String> {
    match plain(log) {
        text if text.trim().is_empty() => Reading::Absent,
        text => Reading::Seen(last(&text).to_owned()),
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
