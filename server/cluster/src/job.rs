//! A check of the team as a Kubernetes Job: its name comes from recovery, step and attempt, so that no restart runs it twice.

mod log;
mod template;

pub use template::{BadTemplate, Template};

use crate::ask::{self, Trouble};
use crate::doctor::lacks;
use crate::link::Link;
use crate::rights::JOBS;
use async_trait::async_trait;
use domain::check::{Ask, CheckName, Seen, Tried};
use engine::ports::Check;
use http::Request;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use template::KEY;

/// A Job that is made from a template and watched to its end.
pub struct Job {
    link: Arc<Link>,
    template: Template,
    limit: Duration,
    timeout: Duration,
}

impl Job {
    /// `limit` is the step's, over all its runs; `timeout` that of one run.
    pub(crate) fn new(
        link: Arc<Link>,
        template: Template,
        limit: Duration,
        timeout: Duration,
    ) -> Self {
        Self {
            link,
            template,
            limit,
            timeout,
        }
    }

    async fn look(&self, name: &str, ask: &Ask) -> Result<Tried, Trouble> {
        let path = format!("{}/{name}", self.template.path());
        match self.send(Request::get(&path), Vec::new()).await {
            Ok(body) => {
                let job: Value = ask::parse("a job", &body)?;
                Ok(self.judge(name, &job, ask).await)
            }
            Err(trouble) if trouble.code() == Some(404) && ask.begin => {
                self.create(name, ask).await
            }
            Err(trouble) if trouble.code() == Some(404) => Ok(Tried::NotYet(Seen::new(&format!(
                "job {name}: there is no trace of its run, and its time is over"
            )))),
            Err(trouble) => Err(trouble),
        }
    }

    async fn create(&self, name: &str, ask: &Ask) -> Result<Tried, Trouble> {
        let job = self.template.job(name, ask, self.limit, self.timeout);
        let body = serde_json::to_vec(&job).map_err(|why| ask::unasked(&why))?;
        let request = Request::post(self.template.path())
            .header(http::header::CONTENT_TYPE, "application/json");
        match self.send(request, body).await {
            Ok(_) => Ok(Tried::Running(format!("job {name} was made"))),
            // Made by an earlier call whose answer was lost: the next look tells.
            Err(trouble) if trouble.code() == Some(409) => {
                Ok(Tried::Running(format!("job {name} is there")))
            }
            // The API server takes no such object, today or tomorrow.
            Err(trouble) if matches!(trouble.code(), Some(400 | 404 | 422)) => {
                Ok(Tried::Refused(format!("job {name}: {trouble}")))
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn judge(&self, name: &str, job: &Value, ask: &Ask) -> Tried {
        if job["metadata"]["annotations"][KEY] != ask.key {
            return Tried::Refused(format!("job {name} is there and not ours"));
        }
        let condition = |kind: &str| {
            let all = job["status"]["conditions"].as_array().into_iter().flatten();
            all.into_iter()
                .find(|one| one["type"] == kind && one["status"] == "True")
        };
        if condition("Complete").is_some() {
            let seen = self.seen(name, format!("job {name} has succeeded")).await;
            return Tried::Passed(seen);
        }
        if let Some(failed) = condition("Failed") {
            let why = failed["message"].as_str().unwrap_or("it does not say why");
            let seen = self
                .seen(name, format!("job {name} has failed: {why}"))
                .await;
            return Tried::NotYet(seen);
        }
        let active = job["status"]["active"].as_u64().unwrap_or(0);
        Tried::Running(format!("job {name} runs, active pods: {active}"))
    }

    /// The sentence with the end of its pods' log, or why that cannot be read.
    async fn seen(&self, name: &str, text: String) -> Seen {
        let client = self.link.acting();
        match log::read(&client, self.template.namespace(), name).await {
            Ok(log) => Seen::new(&text).with_output(&log),
            Err(why) => Seen::new(&format!("{text}; its log cannot be read: {why}")),
        }
    }

    async fn send(
        &self,
        request: http::request::Builder,
        body: Vec<u8>,
    ) -> Result<bytes::Bytes, Trouble> {
        let request = request.body(body).map_err(|why| ask::unasked(&why))?;
        let lease = self.link.lease();
        let sent = ask::in_time(ask::send(&lease.client, request)).await;
        if matches!(&sent, Err(trouble) if trouble.unwelcome()) {
            self.link.renew(&lease).await;
        }
        sent
    }
}

#[async_trait]
impl Check for Job {
    async fn try_once(&self, ask: &Ask) -> Tried {
        let name = name(&ask.check, &ask.key);
        match self.look(&name, ask).await {
            Ok(tried) => tried,
            // What happened is not known: the same name is looked for again.
            Err(trouble) => match trouble.code() {
                Some(403) => Tried::Refused(format!(
                    "job {name}: {trouble}; give our user the rights get and create on jobs.batch"
                )),
                _ => Tried::Running(format!("job {name}: {trouble}")),
            },
        }
    }

    async fn ready(&self) -> Result<(), String> {
        let namespace = self.template.namespace();
        let lacking = lacks(&self.link.acting(), &JOBS, namespace).await;
        match lacking.map_err(|trouble| format!("its rights cannot be asked: {trouble}"))? {
            lacking if lacking.is_empty() => Ok(()),
            lacking => Err(format!(
                "our account may not {} jobs.batch in {namespace}; grant it (server/deploy/rbac-optional.yaml)",
                lacking.join(", ")
            )),
        }
    }
}

/// Short enough for a label, and never the same for two attempts.
fn name(check: &CheckName, key: &str) -> String {
    let short: String = key.chars().take(12).collect();
    format!("uncordon-{check}-{short}")
}
