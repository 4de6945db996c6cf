//! What phones and webhooks are told: one message per state of a recovery, a storm, an incident or an alarm, in plain words.

mod board;
mod escalation;
mod incident;
mod recovery;
mod wants;
mod words;

pub use board::board;
pub use escalation::Ladder;
pub use incident::of_incident;
pub use recovery::of_recovery;
pub use wants::Wants;

use crate::alarm::Alarm;
use crate::guard::Breaker;
use crate::id::{AlarmId, ClusterName, PersonName, RecoveryId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use words::short;

/// How often a message that asks for a person is repeated while nobody acknowledges.
pub const REPEAT_S: i64 = 3600;
/// How long good news is worth a message.
const NEWS_S: i64 = 3600;

/// How much a message may disturb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A person is needed.
    Important,
    /// A recovery begins or ends well.
    Default,
    /// The rest.
    Info,
}

impl Channel {
    /// All of them, the loudest first.
    pub const ALL: [Self; 3] = [Self::Important, Self::Default, Self::Info];

    /// The word of config, REST and the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Important => "important",
            Self::Default => "default",
            Self::Info => "info",
        }
    }

    /// The channel of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What a message is about: a newer message about the same thing takes the older one's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// A recovery.
    Recovery(RecoveryId),
    /// A storm breaker.
    Storm(u64),
    /// A host that took several nodes down at once.
    Incident(u64),
    /// An alarm that nobody could settle.
    Alarm(AlarmId),
    /// A device of a person.
    Device(u64),
    /// A test of this device or webhook.
    Test,
}

impl About {
    /// Short enough for a push topic: `recovery-1042`.
    pub fn key(self) -> String {
        match self {
            Self::Recovery(id) => format!("recovery-{}", id.0),
            Self::Storm(id) => format!("storm-{id}"),
            Self::Incident(id) => format!("incident-{id}"),
            Self::Alarm(id) => format!("alarm-{}", id.0),
            Self::Device(id) => format!("device-{id}"),
            Self::Test => "test".to_owned(),
        }
    }

    /// What a key is about.
    pub fn parse(key: &str) -> Option<Self> {
        if key == "test" {
            return Some(Self::Test);
        }
        let (kind, number) = key.split_once('-')?;
        let number = number.parse().ok()?;
        match kind {
            "recovery" => Some(Self::Recovery(RecoveryId(number))),
            "storm" => Some(Self::Storm(number)),
            "incident" => Some(Self::Incident(number)),
            "alarm" => Some(Self::Alarm(AlarmId(number))),
            "device" => Some(Self::Device(number)),
            _ => None,
        }
    }
}

/// Which state of it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A recovery began.
    Began,
    /// A yes is asked for.
    ApprovalAsked,
    /// A start is announced that may be stopped.
    Veto,
    /// A person is needed.
    NeedsHuman,
    /// Nobody acknowledged that, and it is this person's turn.
    Escalated,
    /// Somebody has acknowledged that.
    Acknowledged,
    /// It ended well.
    Recovered,
    /// It ended otherwise.
    Ended,
    /// A breaker tripped.
    Tripped,
    /// A breaker was closed.
    Closed,
    /// A host took several nodes down.
    HostDown,
    /// All of them have ended.
    HostBack,
    /// An alarm names no node, or several.
    NeedsLook,
    /// A device is about to be forgotten.
    Expires,
    /// Somebody asked for a test.
    Test,
}

impl Stage {
    /// Whether nobody needs to come any more, after a message that asked for somebody.
    pub const fn ends(self) -> bool {
        match self {
            Self::Acknowledged | Self::Recovered | Self::Ended | Self::Closed | Self::HostBack => {
                true
            }
            Self::Began
            | Self::ApprovalAsked
            | Self::Veto
            | Self::NeedsHuman
            | Self::Escalated
            | Self::Tripped
            | Self::HostDown
            | Self::NeedsLook
            | Self::Expires
            | Self::Test => false,
        }
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is about.
    pub about: About,
    /// Which state.
    pub stage: Stage,
    /// 0 at first; counts the repeats of a call for help.
    pub round: u64,
    /// How much it may disturb.
    pub channel: Channel,
    /// What a lock screen shows.
    pub title: String,
    /// One fact, and what to do.
    pub body: String,
    /// The screen it opens.
    pub path: String,
    /// Useless afterwards.
    pub until: Timestamp,
    /// Who knows it already, because that person did it.
    pub not_to: Option<PersonName>,
    /// Which clusters it is about; empty: none in particular.
    pub clusters: Vec<ClusterName>,
}

/// What an open breaker calls for, and what one that closed just now has to say.
pub fn of_storm(
    breaker: &Breaker,
    closed_at: Option<Timestamp>,
    now: Timestamp,
) -> Option<Message> {
    let about = About::Storm(breaker.id);
    let path = "/storms".to_owned();
    let cluster = &breaker.cluster;
    if let Some(at) = closed_at {
        let until = at + seconds(NEWS_S);
        return (now < until).then(|| Message {
            about,
            stage: Stage::Closed,
            round: 0,
            channel: Channel::Info,
            title: format!("Storm in {cluster} is over"),
            body: "The breaker is closed. Rules may start nodes again.".to_owned(),
            path,
            until,
            not_to: None,
            clusters: vec![cluster.clone()],
        });
    }
    let round = rounds(breaker.tripped_at, now);
    Some(Message {
        about,
        stage: Stage::Tripped,
        round,
        channel: Channel::Important,
        title: format!("Storm in {cluster}: nothing starts by itself"),
        body: short(&format!(
            "{}. Single nodes can be let through by hand.",
            breaker.why.trim_end_matches('.')
        )),
        path,
        until: end_of_round(breaker.tripped_at, round),
        not_to: None,
        clusters: vec![cluster.clone()],
    })
}

/// What an alarm that nobody could settle calls for; `why` is what is known of it.
pub fn of_alarm(alarm: &Alarm, why: Option<&str>, now: Timestamp) -> Option<Message> {
    let until = alarm.received_at + seconds(NEWS_S);
    let body = match why {
        Some(why) => format!("{}: {}", why.trim_end_matches('.'), alarm.text),
        None => alarm.text.clone(),
    };
    (now < until).then(|| Message {
        about: About::Alarm(alarm.id),
        stage: Stage::NeedsLook,
        round: 0,
        channel: Channel::Important,
        title: "An alarm needs a look".to_owned(),
        body: short(&body),
        path: "/".to_owned(),
        until,
        not_to: None,
        clusters: Vec::new(),
    })
}

/// What a device hears that was not used for long.
pub fn of_device(id: u64, last_seen: Timestamp, expires_at: Timestamp) -> Message {
    Message {
        about: About::Device(id),
        stage: Stage::Expires,
        round: last_seen.as_second().unsigned_abs(),
        channel: Channel::Default,
        title: "This device is about to be forgotten".to_owned(),
        body: "Open Uncordon here to keep its notifications.".to_owned(),
        path: "/settings/devices".to_owned(),
        until: expires_at,
        not_to: None,
        clusters: Vec::new(),
    }
}

/// A test, so that a person hears how a message of this channel sounds.
pub fn test(channel: Channel, now: Timestamp) -> Message {
    let title = match channel {
        Channel::Important => "Test of an important message",
        Channel::Default => "Test of a default message",
        Channel::Info => "Test of an info message",
    };
    Message {
        about: About::Test,
        stage: Stage::Test,
        round: now.as_microsecond().unsigned_abs(),
        channel,
        title: title.to_owned(),
        body: "Nothing is wrong. This is how a message of this kind arrives.".to_owned(),
        path: "/settings/devices".to_owned(),
        until: now + seconds(300),
        not_to: None,
        clusters: Vec::new(),
    }
}

/// Whole hours since a call for help.
fn rounds(since: Timestamp, now: Timestamp) -> u64 {
    let passed = now.duration_since(since).as_secs().max(0);
    (passed / REPEAT_S).unsigned_abs()
}

/// When the next repeat takes its place.
fn end_of_round(since: Timestamp, round: u64) -> Timestamp {
    let next = i64::try_from(round).unwrap_or(0) + 1;
    since + seconds(next * REPEAT_S)
}

const fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}
