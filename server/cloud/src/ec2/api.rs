//! Signed calls to EC2. All that can be asked is listed here: there is no way to send anything else.

use super::Settings;
use super::instance::{Instance, Page, Status};
use super::keys::{Keys, Ring};
use super::sign::{self, FORM};
use super::sts::Sts;
use super::xml::{self, items, read, said, text};
use crate::pace::Kind;
use crate::settings::{BadSettings, address};
use crate::trouble::{Refusal, Trouble};
use crate::wire::{Means, Reply, Wire, form};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, Url};
use std::sync::Arc;

const VERSION: &str = "2016-11-15";
/// Names under which keys are refused: then others may have been put in their place.
const KEYS_REFUSED: [&str; 6] = [
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
];
/// Names under which EC2 says that there were too many calls; it does so with 503 and without a `Retry-After`.
pub const TOO_MANY: [&str; 5] = [
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "RequestThrottled",
    "EC2ThrottledException",
];

/// EC2 in one region.
pub struct Api {
    wire: Wire,
    url: Url,
    region: String,
    ring: Ring,
    sts: Arc<Sts>,
}

/// What a start changed.
pub struct Change {
    /// State before it, such as `stopped`.
    pub before: String,
    /// The id under which AWS logged the call.
    pub request_id: String,
}

impl Api {
    /// Checks what can be checked without a call.
    pub fn new(settings: &Settings, means: &Means) -> Result<Self, BadSettings> {
        let region = settings.region.as_str();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if region.is_empty() || !region.bytes().all(plain) {
            return Err(BadSettings::value(
                "region",
                region,
                "a region such as eu-central-1",
            ));
        }
        let end = if region.starts_with("cn-") { ".cn" } else { "" };
        let own = |service: &str| format!("https://{service}.{region}.amazonaws.com{end}");
        let url = settings.endpoint.clone().unwrap_or_else(|| own("ec2"));
        let sts = settings.sts_endpoint.clone().unwrap_or_else(|| own("sts"));
        let sts = Arc::new(Sts::new(&sts, region, means)?);
        Ok(Self {
            wire: Wire::new(means, Arc::new(said))?,
            url: address("endpoint", &url)?,
            region: region.to_owned(),
            ring: Ring::new(settings, means, Arc::clone(&sts))?,
            sts,
        })
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The ARN we are known by, and where our keys come from.
    pub async fn who(&self) -> Result<(String, String), Trouble> {
        let keys = self.ring.keys().await?;
        let arn = self.sts.who(&keys).await?;
        Ok((arn, keys.origin.clone()))
    }

    /// Where our keys come from.
    pub async fn origin(&self) -> Result<String, Trouble> {
        Ok(self.ring.keys().await?.origin.clone())
    }

    /// One page of machines.
    pub async fn instances(&self, query: &[(&str, &str)]) -> Result<Page, Trouble> {
        let reply = self.call("DescribeInstances", query, Kind::Read).await?;
        read(&reply, |root| {
            let reservations = items(root, "reservationSet");
            let all = reservations.flat_map(|one| items(one, "instancesSet"));
            Some(Page {
                instances: all.map(Instance::read).collect::<Option<Vec<_>>>()?,
                next: text(root, "nextToken").map(str::to_owned),
            })
        })
    }

    /// One machine.
    pub async fn instance(&self, id: &str) -> Result<Option<Instance>, Trouble> {
        let mut page = self.instances(&[("InstanceId.1", id)]).await?;
        Ok(page.instances.pop().filter(|one| one.id == id))
    }

    /// AWS's own checks of a machine and what it plans to do with it.
    pub async fn status(&self, id: &str) -> Result<Option<Status>, Trouble> {
        let query = [("InstanceId.1", id), ("IncludeAllInstances", "true")];
        let reply = self
            .call("DescribeInstanceStatus", &query, Kind::Read)
            .await?;
        read(&reply, |root| {
            Some(items(root, "instanceStatusSet").next().map(Status::read))
        })
    }

    /// Starts a machine.
    pub async fn start(&self, id: &str) -> Result<Change, Trouble> {
        let reply = self
            .call("StartInstances", &[("InstanceId.1", id)], Kind::Act)
            .await?;
        read(&reply, |root| {
            let mut all = items(root, "instancesSet");
            let item = all.find(|item| text(*item, "instanceId") == Some(id))?;
            let before = xml::child(item, "previousState")?;
            Some(Change {
                before: text(before, "name")?.to_owned(),
                request_id: text(root, "requestId")
                    .unwrap_or("no request id")
                    .to_owned(),
            })
        })
    }

    /// Whether a start would be allowed: EC2 answers a dry run always with an error, and says with which.
    pub async fn may_start(&self, id: &str) -> Result<Reply, Trouble> {
        let query = [("InstanceId.1", id), ("DryRun", "true")];
        self.call("StartInstances", &query, Kind::Read).await
    }

    /// The console log, as base64.
    pub async fn console(&self, id: &str, latest: bool) -> Result<Option<String>, Trouble> {
        let mut query = vec![("InstanceId", id)];
        if latest {
            query.push(("Latest", "true"));
        }
        let reply = self.call("GetConsoleOutput", &query, Kind::Read).await?;
        read(&reply, |root| Some(text(root, "output").map(str::to_owned)))
    }

    async fn call(
        &self,
        action: &str,
        query: &[(&str, &str)],
        kind: Kind,
    ) -> Result<Reply, Trouble> {
        let mut pairs = vec![("Action", action), ("Version", VERSION)];
        pairs.extend(query);
        let body = form(&pairs);
        let keys = self.ring.keys().await?;
        match self.once(&keys, &body, kind).await {
            // Keys that are refused did nothing: with other keys the call may be sent again, once.
            Err(Trouble::Status(refusal)) if KEYS_REFUSED.contains(&refusal.name()) => {
                self.ring.forget(&keys).await;
                let fresh = self.ring.keys().await?;
                if fresh.id == keys.id && fresh.secret == keys.secret {
                    return Err(Trouble::Status(refusal));
                }
                self.once(&fresh, &body, kind).await
            }
            other => other,
        }
    }

    async fn once(&self, keys: &Keys, body: &str, kind: Kind) -> Result<Reply, Trouble> {
        let headers = sign::headers(keys, ("ec2", &self.region), &self.url, body)?;
        let request = self
            .wire
            .request(Method::POST, self.url.clone())
            .header(CONTENT_TYPE, FORM)
            .headers(headers)
            .body(body.to_owned());
        let secrets: Vec<_> = [Some(&keys.secret), keys.session.as_ref()]
            .into_iter()
            .flatten()
            .collect();
        let answer = self.wire.send(request, kind, &secrets).await;
        if let Err(Trouble::Status(refusal)) = &answer
            && too_many(refusal)
        {
            self.wire.throttled(kind, refusal.retry_after);
        }
        answer
    }
}

/// Whether a refusal means too many calls.
pub fn too_many(refusal: &Refusal) -> bool {
    TOO_MANY.contains(&refusal.name())
}
