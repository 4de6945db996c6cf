//! Every way to die is told by the console.

use super::console;
use crate::clock::secs;
use crate::machine::{Fate, Machine, Role};
use jiff::Timestamp;

const T0: Timestamp = Timestamp::constant(1_800_000_000, 0);

fn machine() -> Machine {
    Machine::new("node-12", "10.0.0.12", ("h", "z"), Role::Worker, T0)
}

fn read(machine: &Machine, second: i64) -> String {
    console(machine, None, T0 + secs(second))
}

#[test]
fn a_boot_is_written_as_it_goes_and_ends_at_the_login() {
    let machine = machine();
    let early = read(&machine, 5);
    assert!(early.starts_with("[    0.000000] Linux version"), "{early}");
    assert!(early.contains("Hostname set to <node-12>") && early.contains(&machine.boot_id));
    assert!(!early.contains("containerd") && !early.contains("login:"));
    assert!(read(&machine, 20).ends_with("node-12 login: "));
    let last = console(&machine, Some(2), T0 + secs(20));
    assert_eq!(last, "\r\nnode-12 login: ");
}

#[test]
fn a_pulled_plug_a_lost_host_a_lockup_and_a_shutdown_look_different() {
    let end = |die: fn(&mut Machine, Timestamp)| {
        let mut one = machine();
        die(&mut one, T0 + secs(1000));
        one.advance(T0 + secs(1200));
        read(&one, 1200)
    };
    let cut = end(Machine::power_off);
    assert!(
        cut.ends_with("audit: type=1400 audit(17") && cut.contains("[ 1000.000"),
        "{cut}"
    );
    assert!(end(Machine::lose_host).ends_with("Remounting filesystem read-only"));
    assert!(end(Machine::hang).contains("soft lockup"));
    assert!(end(Machine::stop).ends_with("reboot: Power down"));
}

#[test]
fn a_machine_that_loses_power_in_a_lockup_says_no_more_and_forgets_it_with_the_next_boot() {
    let mut one = machine();
    one.hang(T0 + secs(1000));
    one.power_off(T0 + secs(1030));
    let log = read(&one, 2000);
    assert!(log.contains("soft lockup") && !log.contains("blocked for more than"));
    one.power_off(T0 + secs(1100));
    assert_eq!(read(&one, 2000), log, "there is no second plug to pull");
    one.start(T0 + secs(2000), Fate::Boots);
    assert_eq!(read(&one, 2000), log, "a start alone is no boot");
    one.advance(T0 + secs(2001));
    one.advance(T0 + secs(2030));
    let log = read(&one, 2030);
    assert!(log.ends_with("login: ") && !log.contains("soft lockup"));
}

#[test]
fn a_lockup_that_ends_by_itself_is_told() {
    let mut one = machine();
    one.hang(T0 + secs(1000));
    one.heal(T0 + secs(1050));
    assert!(read(&one, 1060).ends_with("resuming"));
}
