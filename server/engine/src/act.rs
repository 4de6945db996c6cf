//! Makes one call to the outside; a call without an answer in time is unknown, never failed.

use crate::Engine;
use domain::alarm::Status;
use domain::step::{Answer, Call};
use std::time::Duration;

/// No call takes longer, whatever the adapter does.
pub(crate) const LIMIT: Duration = Duration::from_secs(15);

impl Engine {
    pub(crate) async fn act(&self, call: Call) -> Answer {
        match tokio::time::timeout(LIMIT, self.call(call)).await {
            Ok(answer) => answer,
            Err(_) => Answer::Unknown(format!("no answer within {} s", LIMIT.as_secs())),
        }
    }

    async fn call(&self, call: Call) -> Answer {
        match call {
            Call::Cordon {
                target,
                resource_version,
                mark,
            } => match self.site_of(&target) {
                Some(site) => site.cluster.cordon(&target, &resource_version, mark).await,
                None => Answer::Refused(format!("cluster {} is not configured", target.cluster)),
            },
            Call::Uncordon {
                target,
                resource_version,
            } => match self.site_of(&target) {
                Some(site) => site.cluster.uncordon(&target, &resource_version).await,
                None => Answer::Refused(format!("cluster {} is not configured", target.cluster)),
            },
            Call::Start {
                target,
                machine,
                key,
            } => match self.site_of(&target).and_then(|site| site.cloud.clone()) {
                Some(cloud) => cloud.start(&machine, &key).await,
                None => Answer::Refused(format!(
                    "cluster {} has no cloud configured",
                    target.cluster
                )),
            },
            Call::Close { source, alarm } => self.close(&source, alarm).await,
        }
    }

    async fn close(&self, source: &domain::id::SourceName, alarm: domain::id::AlarmId) -> Answer {
        let store = self.store();
        let row = match store.alarm(alarm).await {
            Ok(Some(row)) => row,
            Ok(None) => return Answer::NotFound(format!("alarm {alarm} is not stored")),
            Err(error) => return Answer::Retryable(error.to_string()),
        };
        let setup = self.setup();
        let answer = match setup.sources.get(source) {
            Some(port) => port.close(&row.alarm, self.now()).await,
            None => Answer::AlreadyThere(format!(
                "source {source} is no longer configured; closed here"
            )),
        };
        if matches!(answer, Answer::Done(_) | Answer::AlreadyThere(_)) {
            // Our own word on it is part of the step: without it the step is tried again.
            if let Err(error) = store.set_status(alarm, Status::Closed).await {
                return Answer::Retryable(error.to_string());
            }
            self.tell(crate::tell::Told::Alarm(alarm));
        }
        answer
    }
}
