//! Devices for people: each sees and changes only their own, an admin all.

use super::{TheDesk, errors, needs};
use crate::telling::Telling;
use app::desk::views::{
    DeviceOrder, DeviceReport, DeviceView, DevicesView, LetterView, NewDevice, WebhookView,
};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::message::Channel;
use engine::ports::{Recipient, Subscription};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use store::devices::DeviceRow;
use store::letters::{LetterRow, Receipt};

/// A device is warned of after so many days of silence, and forgotten after so many.
const WARN_DAYS: i64 = 55;
const DROP_DAYS: i64 = 60;
/// Longest name and push address, in characters.
const NAME_MAX: usize = 60;
const ENDPOINT_MAX: usize = 2048;

impl TheDesk {
    fn telling(&self) -> Result<&Telling, AppError> {
        self.house.telling.as_ref().ok_or(AppError::Unavailable {
            text: "Nothing is told from here.".to_owned(),
        })
    }

    pub(super) async fn read_devices(&self, who: &Person) -> Result<DevicesView, AppError> {
        needs(who, Role::Viewer)?;
        let telling = self.telling()?;
        let now = self.house.engine.now();
        let all = who.may(Role::Admin);
        let rows = self
            .house
            .store
            .devices((!all).then_some(&who.name))
            .await
            .map_err(errors::store)?;
        let (mine, others): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.person == who.name);
        let show =
            |rows: Vec<DeviceRow>| rows.into_iter().map(|row| self.device(row, now)).collect();
        let mut webhooks = Vec::new();
        for (name, host) in &telling.webhooks {
            let to = Recipient::Webhook(name.clone());
            let mut standing = telling.teller.standing().iter();
            let hears = standing.find(|one| one.to == to);
            let last = self.house.store.last_letter(&to).await;
            webhooks.push(WebhookView {
                name: name.clone(),
                host: host.clone(),
                channels: hears
                    .map(|one| one.wants.channels.clone())
                    .unwrap_or_default(),
                last: last.map_err(errors::store)?.map(|row| self.letter(row)),
            });
        }
        Ok(DevicesView {
            key: telling.key.clone(),
            mine: show(mine),
            others: show(others),
            webhooks,
        })
    }

    fn device(&self, row: DeviceRow, now: Timestamp) -> DeviceView {
        let days = |count: i64| SignedDuration::from_hours(24 * count);
        DeviceView {
            id: row.id,
            mark: mark(&row.endpoint),
            expires_at: row.last_seen + days(DROP_DAYS),
            expires_soon: now > row.last_seen + days(WARN_DAYS),
            test: row.test.map(|test| self.letter(test)),
            person: row.person,
            name: row.name,
            platform: row.platform,
            channels: row.channels,
            hide_details: row.hide_details,
            created_at: row.created_at,
            last_seen: row.last_seen,
            last_ok: row.last_ok,
            failed: row.failed,
        }
    }

    pub(super) fn letter(&self, row: LetterRow) -> LetterView {
        let speed = self.house.clock.speed();
        let arrived = row.received_at.map(|at| {
            let passed = at.duration_since(row.written_at).as_secs_f64().max(0.0);
            let wall = std::time::Duration::try_from_secs_f64(passed / speed).unwrap_or_default();
            u64::try_from(wall.as_millis()).unwrap_or(u64::MAX)
        });
        LetterView {
            channel: row.channel,
            title: row.title,
            state: row.state,
            why: row.why,
            written_at: row.written_at,
            arrived_ms: arrived,
            opened: row.clicked_at.is_some(),
        }
    }

    pub(super) async fn order_device(
        &self,
        who: &Person,
        order: &DeviceOrder,
    ) -> Result<Option<u64>, AppError> {
        needs(who, Role::Viewer)?;
        let telling = self.telling()?;
        let store = &self.house.store;
        match order {
            DeviceOrder::Add(new) => return self.add_device(who, new).await.map(Some),
            DeviceOrder::Change {
                id,
                name,
                channels,
                hide_details,
            } => {
                self.own(who, *id).await?;
                let name = named(name)?;
                store
                    .change_device(*id, name, channels, *hide_details)
                    .await
                    .map_err(errors::store)?;
            }
            DeviceOrder::Remove { id } => {
                self.own(who, *id).await?;
                store.remove_device(*id).await.map_err(errors::store)?;
            }
            DeviceOrder::Test { id, channel } => {
                self.own(who, *id).await?;
                let to = Recipient::Device(*id);
                let tested = telling.teller.test(&to, *channel).await;
                tested.map_err(errors::store)?;
            }
            DeviceOrder::TestWebhook { name } => {
                needs(who, Role::Responder)?;
                if !telling.webhooks.iter().any(|(one, _)| one == name) {
                    return Err(AppError::NotFound {
                        what: format!("webhook {name}"),
                    });
                }
                let to = Recipient::Webhook(name.clone());
                let tested = telling.teller.test(&to, Channel::Important).await;
                tested.map_err(errors::store)?;
            }
        }
        Ok(None)
    }

    async fn add_device(&self, who: &Person, new: &NewDevice) -> Result<u64, AppError> {
        if new.endpoint.len() > ENDPOINT_MAX {
            return Err(invalid("endpoint", "the push address is too long"));
        }
        self.telling()?
            .hosts
            .check(&new.endpoint)
            .map_err(|bad| invalid("endpoint", &bad.to_string()))?;
        let subscription = Subscription {
            endpoint: new.endpoint.clone(),
            p256dh: new.p256dh.clone(),
            auth: new.auth.clone(),
            hide_details: false,
        };
        notify::push::usable(&subscription).map_err(|why| invalid("keys", why))?;
        let platform: String = new.platform.chars().take(NAME_MAX).collect();
        let device = store::devices::NewDevice {
            person: who.name.clone(),
            name: platform.clone(),
            platform,
            subscription,
            before: new.before.clone(),
        };
        let now = self.house.engine.now();
        let added = self.house.store.add_device(&device, now).await;
        added.map_err(errors::store)
    }

    /// The device is the person's own, or the person is an admin; somebody else's is as if it were not there.
    async fn own(&self, who: &Person, id: u64) -> Result<(), AppError> {
        let of = (!who.may(Role::Admin)).then_some(&who.name);
        let rows = self.house.store.devices(of).await.map_err(errors::store)?;
        if rows.iter().any(|row| row.id == id) {
            Ok(())
        } else {
            Err(AppError::NotFound {
                what: format!("device {id}"),
            })
        }
    }

    pub(super) async fn take_report(&self, report: &DeviceReport) -> Result<(), AppError> {
        let now = self.house.engine.now();
        let store = &self.house.store;
        let known = match report {
            DeviceReport::Received { id } => store.letter_receipt(id, Receipt::Received, now).await,
            DeviceReport::Clicked { id } => store.letter_receipt(id, Receipt::Clicked, now).await,
            // Whether there is such a device is nobody's business.
            DeviceReport::Seen { endpoint } => {
                store.device_seen(endpoint, now).await.map(|()| true)
            }
        };
        if known.map_err(errors::store)? {
            Ok(())
        } else {
            Err(AppError::NotFound {
                what: "the message".to_owned(),
            })
        }
    }
}

/// By this a browser knows its own row.
fn mark(endpoint: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(endpoint).into();
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn named(name: &str) -> Result<&str, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(invalid(
            "name",
            &format!("must have 1 to {NAME_MAX} printable characters"),
        ));
    }
    Ok(name)
}

fn invalid(field: &str, message: &str) -> AppError {
    AppError::Invalid {
        field: field.to_owned(),
        message: message.to_owned(),
        position: None,
    }
}
