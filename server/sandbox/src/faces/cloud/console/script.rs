//! What consoles say: a boot, and the ways to go.

use crate::machine::Scene;

/// A line of the log: milliseconds after the one before or after the boot began, and what it says.
pub type Line = (i64, &'static str);

/// From the kernel's first word to the login.
pub const BOOT: [Line; 22] = [
    (
        0,
        "Linux version 6.12.48+deb13-amd64 (debian-kernel@lists.debian.org) (gcc-14) #1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1",
    ),
    (
        0,
        "Command line: BOOT_IMAGE=/boot/vmlinuz-6.12.48+deb13-amd64 root=/dev/vda1 ro console=ttyS0,115200",
    ),
    (0, "BIOS-provided physical RAM map:"),
    (
        0,
        "DMI: OpenStack Foundation OpenStack Nova, BIOS 1.16.3-debian-1.16.3-2 04/01/2014",
    ),
    (0, "Hypervisor detected: KVM"),
    (3, "kvm-clock: using sched offset of 12684520 cycles"),
    (142, "smp: Brought up 1 node, 8 CPUs"),
    (
        731,
        "virtio_blk virtio1: [vda] 209715200 512-byte logical blocks (107 GB/100 GiB)",
    ),
    (802, "virtio_net virtio0 ens3: renamed from eth0"),
    (
        1204,
        "EXT4-fs (vda1): mounted filesystem with ordered data mode. Quota mode: none.",
    ),
    (1688, "systemd[1]: systemd 257.8-1 running in system mode"),
    (1702, "systemd[1]: Detected virtualization kvm."),
    (2104, "systemd[1]: Hostname set to <{name}>."),
    (2310, "random: boot id {boot}"),
    (
        4120,
        "\u{1b}[0;32m  OK  \u{1b}[0m Started systemd-journald.service - Journal Service.",
    ),
    (
        6975,
        "cloud-init[512]: ci-info: |  ens3  | True | {ip} | 255.255.255.0 | global |",
    ),
    (9411, "overlayfs: supports xattr on upper layer"),
    (
        12086,
        "\u{1b}[0;32m  OK  \u{1b}[0m Started containerd.service - containerd container runtime.",
    ),
    (
        14530,
        "br_netfilter: filtering via arp/ip/ip6tables is available by default",
    ),
    (
        16208,
        "IPVS: Registered protocols (TCP, UDP, SCTP, AH, ESP)",
    ),
    (
        18932,
        "\u{1b}[0;32m  OK  \u{1b}[0m Started kubelet.service - kubelet: The Kubernetes Node Agent.",
    ),
    (
        18990,
        "\u{1b}[0;32m  OK  \u{1b}[0m Reached target multi-user.target - Multi-User System.",
    ),
];
const HUNG: [Line; 12] = [
    (
        22_000,
        "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [kworker/u16:2:1187]",
    ),
    (
        0,
        "Modules linked in: overlay vxlan udp_tunnel nf_conntrack br_netfilter virtio_net virtio_blk",
    ),
    (
        0,
        "CPU: 3 UID: 0 PID: 1187 Comm: kworker/u16:2 Not tainted 6.12.48+deb13-amd64 #1 Debian 6.12.48-1",
    ),
    (0, "RIP: 0010:native_queued_spin_lock_slowpath+0x2a1/0x2f0"),
    (0, "Call Trace:"),
    (0, " <TASK>"),
    (0, " _raw_spin_lock+0x3a/0x40"),
    (0, " cgroup_rstat_flush_locked+0x41/0x3b0"),
    (0, " mem_cgroup_css_rstat_flush+0x117/0x2f0"),
    (0, " </TASK>"),
    (
        4_000,
        "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks: { 3-... } 5250 jiffies",
    ),
    (
        97_000,
        "INFO: task kubelet:812 blocked for more than 120 seconds.",
    ),
];
const HOST_LOST: [Line; 5] = [
    (0, "virtio_blk virtio1: [vda] request timed out"),
    (
        800,
        "I/O error, dev vda, sector 41289024 op 0x1:(WRITE) flags 0x800 phys_seg 2 prio class 2",
    ),
    (
        2,
        "Buffer I/O error on dev vda1, logical block 5161128, lost async page write",
    ),
    (
        410,
        "EXT4-fs error (device vda1): ext4_journal_check_start:83: Detected aborted journal",
    ),
    (1, "EXT4-fs (vda1): Remounting filesystem read-only"),
];
/// A machine without power does not end its line.
const POWER_LOST: [Line; 1] = [(0, "audit: type=1400 audit(17")];
const WOKE: [Line; 1] = [(
    0,
    "rcu: rcu_preempt self-detected stall has ended, resuming",
)];
const SHUT_DOWN: [Line; 4] = [
    (
        60,
        "\u{1b}[0;32m  OK  \u{1b}[0m Stopped kubelet.service - kubelet: The Kubernetes Node Agent.",
    ),
    (
        410,
        "\u{1b}[0;32m  OK  \u{1b}[0m Unmounted boot.mount - /boot.",
    ),
    (
        300,
        "\u{1b}[0;32m  OK  \u{1b}[0m Reached target poweroff.target - System Power Off.",
    ),
    (25, "reboot: Power down"),
];

/// What the console says when this happens.
pub fn words(scene: Scene) -> &'static [Line] {
    match scene {
        Scene::PowerLost => &POWER_LOST,
        Scene::HostLost => &HOST_LOST,
        Scene::Hung => &HUNG,
        Scene::Woke => &WOKE,
        Scene::ShutDown => &SHUT_DOWN,
    }
}
