//! Every power state and what it means.

use super::*;

#[test]
fn every_power_state_has_its_state() {
    for (power, status, state) in [
        ("On", "Enabled", MachineState::On),
        ("Off", "Enabled", MachineState::Off),
        ("Off", "Disabled", MachineState::Off),
        ("Off", "Absent", MachineState::Other),
        ("Off", "Updating", MachineState::Other),
        ("PoweringOn", "Starting", MachineState::Starting),
        ("PoweringOff", "Enabled", MachineState::Stopping),
        ("Paused", "Enabled", MachineState::Other),
    ] {
        let text = format!(
            r#"{{"Id": "1", "PowerState": "{power}", "Status": {{"State": "{status}", "Health": "OK"}}}}"#
        );
        let system: System = serde_json::from_str(&text).expect("is valid");
        assert_eq!(system.state(), Some(state), "{power} {status}");
    }
    let silent: System =
        serde_json::from_str(r#"{"Id": "1", "PowerState": null}"#).expect("is valid");
    assert_eq!(silent.state(), None);
}

#[test]
fn health_and_how_far_it_booted_stand_beside_the_power_state() {
    let text = r#"{"Id": "1", "PowerState": "On", "Status": {"State": "Enabled", "Health": "Critical"}, "BootProgress": {"LastState": "OSRunning"}}"#;
    let system: System = serde_json::from_str(text).expect("is valid");
    assert_eq!(
        system.detail(),
        "On, health Critical, boot progress OSRunning"
    );
}
