//! A machine as Nova shows it.

use super::keystone::{project_id, user_id};
use crate::clock::{micros, seconds};
use crate::field::hash;
use crate::machine::{CloudAct, Machine, Power};
use serde_json::{Value, json};

/// Status, task state, VM state and power state of a machine.
pub struct State {
    /// `ACTIVE`, `SHUTOFF`, ..
    pub status: &'static str,
    /// `powering-on`, .. while something is under way.
    pub task: Option<&'static str>,
    /// `active`, `stopped`, `error`.
    pub vm: &'static str,
    /// 1 running, 4 shut down.
    pub power: u8,
}

/// How Nova calls the state a machine is in.
pub fn state(power: &Power) -> State {
    let (status, task, vm, power) = match power {
        Power::On | Power::Booting { .. } => ("ACTIVE", None, "active", 1),
        Power::Off => ("SHUTOFF", None, "stopped", 4),
        Power::PoweringOn { .. } => ("SHUTOFF", Some("powering-on"), "stopped", 4),
        Power::PoweringOff { .. } => ("ACTIVE", Some("powering-off"), "active", 1),
        Power::Rebooting { .. } => ("HARD_REBOOT", Some("rebooting_hard"), "active", 1),
        Power::Failed { .. } => ("ERROR", None, "error", 4),
    };
    State {
        status,
        task,
        vm,
        power,
    }
}

/// The short form of `GET /servers`.
pub fn brief(machine: &Machine, base: &str) -> Value {
    json!({"id": machine.id, "name": machine.name, "links": links(machine, base)})
}

/// The long form of `GET /servers/detail` and `GET /servers/{id}`.
pub fn detail(machine: &Machine, base: &str) -> Value {
    let state = state(&machine.power);
    let launched = seconds(machine.launched_at);
    let host = format!("{}.prod", machine.host);
    let mac = format!(
        "fa:16:3e:{:02x}:{:02x}:{:02x}",
        hash(&machine.id) & 0xff,
        hash(&machine.ip) & 0xff,
        hash(&machine.name) & 0xff
    );
    let mut server = json!({
        "id": machine.id, "name": machine.name, "status": state.status, "tenant_id": project_id(), "user_id": user_id("uncordon"),
        "metadata": {"cluster": "prod"}, "hostId": format!("{:016x}{:016x}", hash(&machine.host), hash(&host)),
        "addresses": {"private": [{
            "version": 4, "addr": machine.ip, "OS-EXT-IPS:type": "fixed", "OS-EXT-IPS-MAC:mac_addr": mac,
        }]},
        "flavor": {"vcpus": 8, "ram": 32768, "disk": 100, "ephemeral": 0, "swap": 0, "original_name": "m1.xlarge", "extra_specs": {}},
        "image": "", "created": launched, "updated": launched, "progress": 0, "accessIPv4": "", "accessIPv6": "",
        "links": links(machine, base), "config_drive": "", "key_name": null, "description": null, "tags": [],
        "locked": false, "security_groups": [{"name": "default"}], "os-extended-volumes:volumes_attached": [],
        "OS-DCF:diskConfig": "MANUAL", "OS-EXT-AZ:availability_zone": machine.zone, "OS-EXT-SRV-ATTR:host": machine.host,
        "OS-EXT-SRV-ATTR:hypervisor_hostname": host, "OS-EXT-SRV-ATTR:hostname": machine.name,
        "OS-SRV-USG:launched_at": micros(machine.launched_at).trim_end_matches('Z'), "OS-SRV-USG:terminated_at": null,
        "OS-EXT-STS:task_state": state.task, "OS-EXT-STS:vm_state": state.vm, "OS-EXT-STS:power_state": state.power,
    });
    if let Power::Failed { message, at } = &machine.power {
        server["fault"] = json!({"code": 500, "message": message, "created": seconds(*at)});
    }
    server
}

/// One entry of `os-instance-actions`.
pub fn act(machine: &Machine, act: &CloudAct) -> Value {
    let at = micros(act.at).trim_end_matches('Z').to_owned();
    json!({
        "action": act.action, "instance_uuid": machine.id, "request_id": act.request, "user_id": user_id(&act.user),
        "project_id": project_id(), "start_time": at, "updated_at": at, "message": null,
    })
}

fn links(machine: &Machine, base: &str) -> Value {
    json!([
        {"rel": "self", "href": format!("{base}/v2.1/servers/{}", machine.id)},
        {"rel": "bookmark", "href": format!("{base}/servers/{}", machine.id)},
    ])
}
