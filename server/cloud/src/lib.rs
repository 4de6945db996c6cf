//! Clouds behind the Cloud port, one module per provider.

mod console;
pub mod ec2;
mod fault;
pub mod http;
mod key;
pub mod openstack;
mod pace;
pub mod redfish;
pub mod secret;
mod settings;
mod trouble;
mod wire;

pub use fault::{Doctor, Fault, Finding};
pub use pace::Budget;
pub use settings::{BadSettings, address};
pub use wire::{chain, client};

use domain::world::Reading;
use engine::ports::Cloud;
use std::time::Duration;

/// Longest wait for one answer, and for one whole reading.
const LIMIT: Duration = Duration::from_secs(8);

/// A cloud that works and can be looked over.
pub trait Adapter: Cloud + Doctor {}

impl<T: Cloud + Doctor> Adapter for T {}

/// A reading that takes too long is one that gave nothing.
async fn in_time<T>(name: &str, read: impl Future<Output = Reading<T>>) -> Reading<T> {
    tokio::time::timeout(LIMIT, read).await.unwrap_or_else(|_| {
        Reading::Unreadable(format!(
            "{name} gave no answer within {} s",
            LIMIT.as_secs()
        ))
    })
}
