//! Node, Lease and CSINode: what a machine looks like to Kubernetes.

use super::object;
use crate::clock::{micros, seconds};
use crate::field::{Condition, set_condition};
use crate::machine::{Machine, Role};
use crate::store::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};

const VERSION: &str = "v1.36.1";

/// The conditions a healthy kubelet posts: type, status, reason, message.
pub const CONDITIONS: [(&str, &str, &str, &str); 4] = [
    (
        "MemoryPressure",
        "False",
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available",
    ),
    (
        "DiskPressure",
        "False",
        "KubeletHasNoDiskPressure",
        "kubelet has no disk pressure",
    ),
    (
        "PIDPressure",
        "False",
        "KubeletHasSufficientPID",
        "kubelet has sufficient PID available",
    ),
    (
        "Ready",
        "True",
        "KubeletReady",
        "kubelet is posting ready status",
    ),
];

/// The Node of a machine, Ready since the machine was launched.
pub fn node(machine: &Machine, created: Timestamp) -> Value {
    let mut node = object(Kind::Node, "", &machine.name, created);
    node["metadata"]["labels"] = labels(machine);
    node["metadata"]["annotations"] = json!({"node.alpha.kubernetes.io/ttl": "0"});
    node["spec"] =
        json!({"providerID": format!("openstack:///{}", machine.id), "podCIDR": cidr(machine)});
    if machine.role == Role::ControlPlane {
        node["spec"]["taints"] =
            json!([{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]);
    }
    node["status"] = json!({
        "capacity": {"cpu": "8", "memory": "32864148Ki", "ephemeral-storage": "102350Mi", "pods": "110"},
        "allocatable": {"cpu": "7800m", "memory": "31815572Ki", "ephemeral-storage": "94325Mi", "pods": "110"},
        "addresses": [{"type": "InternalIP", "address": machine.ip}, {"type": "Hostname", "address": machine.name}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "machineID": machine.id.replace('-', ""), "systemUUID": machine.id, "bootID": machine.boot_id,
            "kernelVersion": "6.12.48", "osImage": "Debian GNU/Linux 13 (trixie)", "containerRuntimeVersion": "containerd://2.1.4",
            "kubeletVersion": VERSION, "kubeProxyVersion": "", "operatingSystem": "linux", "architecture": "amd64",
        },
    });
    post_status(&mut node, machine, machine.launched_at);
    node
}

/// What a speaking kubelet writes into its Node's status.
pub fn post_status(node: &mut Value, machine: &Machine, now: Timestamp) {
    for (kind, status, reason, message) in CONDITIONS {
        set_condition(
            node,
            &Condition {
                kind,
                status,
                reason,
                message,
            },
            now,
        );
    }
    for condition in node["status"]["conditions"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        condition["lastHeartbeatTime"] = json!(seconds(now));
    }
    if !node["status"]["nodeInfo"].is_object() {
        node["status"]["nodeInfo"] = json!({});
    }
    node["status"]["nodeInfo"]["bootID"] = json!(machine.boot_id);
}

/// The Lease a kubelet renews every ten seconds.
pub fn lease(machine: &Machine, node: &Value, created: Timestamp) -> Value {
    let mut lease = object(Kind::Lease, "kube-node-lease", &machine.name, created);
    lease["metadata"]["ownerReferences"] = json!([{"apiVersion": "v1", "kind": "Node", "name": machine.name, "uid": node["metadata"]["uid"]}]);
    lease["spec"] = json!({"holderIdentity": machine.name, "leaseDurationSeconds": 40, "renewTime": micros(created)});
    lease
}

/// The CSINode of a machine, with the driver its csi pod registered.
pub fn csi_node(machine: &Machine, created: Timestamp) -> Value {
    let mut csi = object(Kind::CsiNode, "", &machine.name, created);
    csi["spec"] = json!({"drivers": [{
        "name": "csi.uncordon.dev", "nodeID": machine.id, "topologyKeys": ["topology.kubernetes.io/zone"], "allocatable": {"count": 25},
    }]});
    csi
}

fn labels(machine: &Machine) -> Value {
    let mut labels = json!({
        "kubernetes.io/hostname": machine.name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": "m1.xlarge",
        "topology.kubernetes.io/region": "region-1", "topology.kubernetes.io/zone": machine.zone,
        "topology.uncordon.dev/host": machine.host,
    });
    let role = match machine.role {
        Role::ControlPlane => "node-role.kubernetes.io/control-plane",
        Role::Worker => "node-role.kubernetes.io/worker",
    };
    labels[role] = json!("");
    labels
}

fn cidr(machine: &Machine) -> String {
    let mut parts = machine.ip.rsplit('.');
    let last = parts.next().unwrap_or("0");
    let third = parts.next().unwrap_or("0");
    let second = third.parse::<u16>().map_or(128, |third| 128 + third % 64);
    format!("10.{second}.{last}.0/24")
}
