//! Every status of Nova and the state it means.

use super::*;

fn server(status: &str, task: Option<&str>, power: i64) -> Server {
    Server {
        status: status.into(),
        task: task.map(Into::into),
        power: Some(power),
        ..Server::default()
    }
}

#[test]
fn every_status_has_its_state() {
    for (status, task, power, state, words) in [
        ("ACTIVE", None, 1, MachineState::On, "ACTIVE"),
        (
            "ACTIVE",
            Some("image_snapshot"),
            1,
            MachineState::On,
            "ACTIVE, image_snapshot",
        ),
        (
            "ACTIVE",
            Some("powering-off"),
            1,
            MachineState::Stopping,
            "ACTIVE, powering-off",
        ),
        (
            "ACTIVE",
            None,
            4,
            MachineState::Stopping,
            "ACTIVE, but its power is off",
        ),
        ("ACTIVE", None, 0, MachineState::On, "ACTIVE"),
        ("SHUTOFF", None, 4, MachineState::Off, "SHUTOFF"),
        (
            "SHUTOFF",
            Some("powering-on"),
            4,
            MachineState::Starting,
            "SHUTOFF, powering-on",
        ),
        (
            "SHUTOFF",
            Some("image_snapshot"),
            4,
            MachineState::Other,
            "SHUTOFF, image_snapshot",
        ),
        (
            "BUILD",
            Some("spawning"),
            0,
            MachineState::Starting,
            "BUILD, spawning",
        ),
        (
            "HARD_REBOOT",
            Some("rebooting_hard"),
            1,
            MachineState::Starting,
            "HARD_REBOOT, rebooting_hard",
        ),
        (
            "REBOOT",
            Some("rebooting"),
            1,
            MachineState::Starting,
            "REBOOT, rebooting",
        ),
        (
            "SUSPENDED",
            None,
            7,
            MachineState::Other,
            "SUSPENDED; resume it",
        ),
        (
            "SUSPENDED",
            Some("resuming"),
            7,
            MachineState::Starting,
            "SUSPENDED, resuming",
        ),
        ("PAUSED", None, 3, MachineState::Other, "PAUSED; unpause it"),
        (
            "SHELVED_OFFLOADED",
            None,
            4,
            MachineState::Other,
            "SHELVED_OFFLOADED; unshelve it",
        ),
        (
            "RESCUE",
            None,
            1,
            MachineState::Other,
            "RESCUE; somebody is repairing it: unrescue it when that is done",
        ),
        ("VERIFY_RESIZE", None, 1, MachineState::On, "VERIFY_RESIZE"),
        (
            "DELETED",
            None,
            0,
            MachineState::Other,
            "DELETED; it was deleted",
        ),
        (
            "ERROR",
            None,
            4,
            MachineState::Error,
            "ERROR; look at its fault; an administrator may reset its state",
        ),
    ] {
        let machine = facts(server(status, task, power));
        assert_eq!(
            (machine.state, machine.detail.as_str()),
            (state, words),
            "{status} {task:?} {power}"
        );
    }
}

#[test]
fn a_locked_machine_that_is_off_cannot_be_started_and_says_so() {
    let mut locked = server("SHUTOFF", None, 4);
    locked.locked = true;
    locked.locked_reason = Some("migration".into());
    let machine = facts(locked);
    assert_eq!(
        (machine.state, machine.detail.as_str()),
        (
            MachineState::Other,
            "SHUTOFF, locked (migration); somebody locked it: unlock it, then start it"
        )
    );
}

#[test]
fn a_running_machine_says_since_its_launch_and_any_other_since_its_last_change() {
    let mut one = server("ACTIVE", None, 1);
    one.launched_at = Some("2026-11-22T20:10:55.613330".into());
    one.updated = Some("2026-11-22T20:11:00Z".into());
    assert_eq!(
        facts(one.clone()).since.expect("is valid").to_string(),
        "2026-11-22T20:10:55.61333Z"
    );
    one.status = "SHUTOFF".into();
    assert_eq!(
        facts(one).since.expect("is valid").to_string(),
        "2026-11-22T20:11:00Z"
    );
}
