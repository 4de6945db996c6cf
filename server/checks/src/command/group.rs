//! The process group of a program: killed whole, however its try ends.

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;

/// A group of our own making; dropping it kills what is left of it.
pub struct Group(Option<Pid>);

impl Group {
    /// The group a child was made the leader of.
    pub fn of(child: &Child) -> Self {
        let pid = child.id().and_then(|id| i32::try_from(id).ok());
        Self(pid.and_then(Pid::from_raw))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // An empty group is what is wanted.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}
