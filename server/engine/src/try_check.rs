//! Tries a check of the team once; one that does not end in its time is cut off.

use crate::Engine;
use domain::check::{Ask, Seen, Tried};
use std::time::Duration;

/// What a check may take beyond its own time limit, to end what it began.
const GRACE: Duration = Duration::from_secs(5);

impl Engine {
    pub(crate) async fn try_check(&self, ask: &Ask) -> Tried {
        let site = self.site_of(&ask.target);
        let found = site
            .as_ref()
            .and_then(|site| site.checks.iter().find(|one| one.planned.name == ask.check));
        let Some(check) = found else {
            return Tried::Refused(format!(
                "check {} is no longer configured for cluster {}",
                ask.check, ask.target.cluster
            ));
        };
        let limit = check.timeout + GRACE;
        match tokio::time::timeout(limit, check.port.try_once(ask)).await {
            Ok(tried) => tried,
            Err(_) => Tried::NotYet(Seen::new(&format!(
                "no answer within {} s",
                limit.as_secs()
            ))),
        }
    }
}
