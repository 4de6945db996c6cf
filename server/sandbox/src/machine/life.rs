//! What happens to a machine: unplugged, hung, started, stopped, booted, healed.

use super::{Fate, Kubelet, Machine, Power, Scene};
use crate::clock::secs;
use crate::field::fresh_uuid;
use jiff::{SignedDuration, Timestamp};

const POWERING: SignedDuration = secs(1);
const BOOT: SignedDuration = secs(19);
/// Scenes a console still shows.
const SCENES_KEPT: usize = 8;

impl Machine {
    /// The plug is pulled.
    pub fn power_off(&mut self, now: Timestamp) {
        self.go_dark(Scene::PowerLost, now);
    }

    /// The physical host goes away below it.
    pub fn lose_host(&mut self, now: Timestamp) {
        self.go_dark(Scene::HostLost, now);
    }

    /// The machine stays on and its kubelet stops speaking.
    pub fn hang(&mut self, now: Timestamp) {
        self.fall_silent(now);
        self.remember(Scene::Hung, now);
        self.kubelet = Kubelet::Hangs;
    }

    /// Whatever is wrong is right again at once.
    pub fn heal(&mut self, now: Timestamp) {
        if self.power != Power::On {
            self.begin_boot(now);
            self.power = Power::On;
        } else if self.kubelet == Kubelet::Hangs {
            self.remember(Scene::Woke, now);
        }
        self.kubelet = Kubelet::Speaks;
    }

    /// The cloud accepted a start.
    pub fn start(&mut self, now: Timestamp, fate: Fate) {
        self.power = Power::PoweringOn {
            until: now + POWERING,
            fate,
        };
    }

    /// The cloud accepted a stop.
    pub fn stop(&mut self, now: Timestamp) {
        self.fall_silent(now);
        self.remember(Scene::ShutDown, now);
        self.power = Power::PoweringOff {
            until: now + POWERING,
        };
    }

    /// The cloud accepted a restart.
    pub fn reboot(&mut self, now: Timestamp) {
        self.fall_silent(now);
        self.remember(Scene::ShutDown, now);
        self.power = Power::Rebooting {
            until: now + POWERING,
        };
    }

    /// Lets time pass: starts, stops and boots that are due take effect.
    pub fn advance(&mut self, now: Timestamp) {
        match self.power.clone() {
            Power::PoweringOn { until, fate } if until <= now => match fate {
                Fate::Boots => self.begin_boot(until),
                Fate::Fails(message) => self.power = Power::Failed { message, at: until },
            },
            Power::Rebooting { until } if until <= now => self.begin_boot(until),
            Power::PoweringOff { until } if until <= now => self.power = Power::Off,
            Power::Booting { until } if until <= now => self.power = Power::On,
            Power::On
            | Power::Off
            | Power::Failed { .. }
            | Power::PoweringOn { .. }
            | Power::Rebooting { .. }
            | Power::PoweringOff { .. }
            | Power::Booting { .. } => {}
        }
    }

    fn begin_boot(&mut self, at: Timestamp) {
        self.boot_id = fresh_uuid();
        self.launched_at = at;
        self.scenes.clear();
        self.kubelet = Kubelet::Speaks;
        self.power = Power::Booting { until: at + BOOT };
    }

    fn go_dark(&mut self, scene: Scene, now: Timestamp) {
        self.fall_silent(now);
        if matches!(self.power, Power::On | Power::Booting { .. }) {
            self.remember(scene, now);
        }
        self.power = Power::Off;
        self.kubelet = Kubelet::Speaks;
    }

    fn remember(&mut self, scene: Scene, now: Timestamp) {
        self.scenes.push((scene, now));
        if self.scenes.len() > SCENES_KEPT {
            self.scenes.remove(0);
        }
    }

    fn fall_silent(&mut self, now: Timestamp) {
        self.silent_since.get_or_insert(now);
    }
}
