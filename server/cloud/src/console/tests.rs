//! What is left of a console log.

use super::{last, plain};
use domain::world::CONSOLE_MAX;

#[test]
fn colours_and_control_characters_are_taken_out_and_line_ends_and_tabs_stay() {
    let log = "[  \u{1b}[0;32m  OK  \u{1b}[0m] Started\tkubelet.\r\n\u{7}\u{0}node-12 \u{1b}login: \u{9b}\u{1b}[";
    assert_eq!(plain(log), "[    OK  ] Started\tkubelet.\nnode-12 login: ");
}

#[test]
fn a_long_log_is_cut_from_its_beginning_between_two_letters() {
    let log = format!("{}end", "\u{20ac}".repeat(CONSOLE_MAX));
    let cut = last(&log);
    assert!(cut.len() <= CONSOLE_MAX && cut.len() > CONSOLE_MAX - 3);
    assert!(cut.starts_with('\u{20ac}') && cut.ends_with("end"));
    assert_eq!(last("short"), "short");
}
