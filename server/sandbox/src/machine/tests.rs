//! The life of a machine.

use super::{Fate, Machine, Power, Role};
use crate::clock::secs;
use jiff::Timestamp;

#[test]
fn a_started_machine_speaks_after_twenty_seconds_with_a_new_boot_id() {
    let t0 = Timestamp::UNIX_EPOCH;
    let mut machine = Machine::new("n", "10.0.0.1", ("h", "z"), Role::Worker, t0);
    let before = machine.boot_id.clone();
    machine.power_off(t0);
    machine.start(t0, Fate::Boots);
    machine.advance(t0 + secs(2));
    assert!(matches!(machine.power, Power::Booting { .. }));
    machine.advance(t0 + secs(19));
    assert!(!machine.speaks());
    machine.advance(t0 + secs(20));
    assert!(machine.speaks());
    assert_ne!(machine.boot_id, before);
}

#[test]
fn a_start_that_fails_leaves_the_machine_failed() {
    let t0 = Timestamp::UNIX_EPOCH;
    let mut machine = Machine::new("n", "10.0.0.1", ("h", "z"), Role::Worker, t0);
    machine.power_off(t0);
    machine.start(t0, Fate::Fails("no".to_owned()));
    machine.advance(t0 + secs(1));
    assert!(matches!(machine.power, Power::Failed { .. }));
}
