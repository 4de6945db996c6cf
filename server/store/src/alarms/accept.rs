//! Whether an alarm is new, repeats a known one, or ends one.

mod find;
mod write;

use crate::Fault;
use crate::column::{micros, time};
use domain::alarm::{Disposition, NewAlarm, Status};
use domain::id::AlarmId;
use engine::ports::Accepted;
use find::Known;
use jiff::Timestamp;
use sqlx::SqliteConnection;

/// Firings with an unchanged start are the source's echo for so long after our close; later ones are a new trouble.
const ECHO: i64 = 30_000_000;

/// What a kind of alarm is stored as, for ever; the latest word on it is another column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Firing,
    Resolved,
}

impl Said {
    const fn word(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Resolved => "resolved",
        }
    }
}

/// The moment of accepting, in microseconds, and how long a text episode may be silent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    now: i64,
    ttl: i64,
}

/// A row to be written.
struct Entry<'a> {
    alarm: &'a NewAlarm,
    said: Said,
    status: Status,
    starts_at: i64,
    repeat: i64,
}

/// Stores the alarms, each by itself but all or none.
pub(crate) async fn accept(
    connection: &mut SqliteConnection,
    alarms: &[NewAlarm],
    now: Timestamp,
    ttl_s: u32,
) -> Result<Vec<Accepted>, Fault> {
    let moment = Moment {
        now: micros(now),
        ttl: i64::from(ttl_s) * 1_000_000,
    };
    let mut answers = Vec::with_capacity(alarms.len());
    for alarm in alarms {
        answers.push(match alarm.status {
            Status::Firing => firing(connection, alarm, moment).await?,
            Status::Resolved | Status::Closed => resolved(connection, alarm, moment).await?,
        });
    }
    Ok(answers)
}

async fn firing(
    connection: &mut SqliteConnection,
    alarm: &NewAlarm,
    moment: Moment,
) -> Result<Accepted, Fault> {
    let given = alarm.starts_at.map(micros);
    let known = find::newest(connection, alarm, Said::Firing, given).await?;
    if let Some(known) = &known {
        let repeats = match (given, known.status) {
            (Some(_), Status::Firing | Status::Resolved) => true,
            (Some(_), Status::Closed) => moment.now <= known.closed_at.saturating_add(ECHO),
            (None, Status::Firing) => moment.now <= known.last_seen.saturating_add(moment.ttl),
            (None, Status::Resolved | Status::Closed) => false,
        };
        if repeats {
            write::seen(connection, known.id, moment.now).await?;
            return duplicate(known.id);
        }
    }
    let starts_at = given.unwrap_or(moment.now);
    let repeat = next_repeat(known.as_ref(), starts_at);
    // the word that it is over may overtake the alarm itself.
    let over = repeat == 0
        && given.is_some()
        && find::newest(connection, alarm, Said::Resolved, given)
            .await?
            .is_some();
    let entry = Entry {
        alarm,
        said: Said::Firing,
        status: if over {
            Status::Resolved
        } else {
            Status::Firing
        },
        starts_at,
        repeat,
    };
    stored(connection, &entry, moment).await
}

async fn resolved(
    connection: &mut SqliteConnection,
    alarm: &NewAlarm,
    moment: Moment,
) -> Result<Accepted, Fault> {
    let given = alarm.starts_at.map(micros);
    let ended = write::end_open(connection, alarm, given).await?;
    let fired = find::newest(connection, alarm, Said::Firing, None).await?;
    let known = find::newest(connection, alarm, Said::Resolved, given).await?;
    if ended == 0
        && let Some(known) = &known
    {
        // a text has no start of its own: it repeats the resolve of the newest episode.
        let newer_episode = fired.as_ref().is_some_and(|fired| fired.id > known.id);
        if given.is_some() || !newer_episode {
            write::seen(connection, known.id, moment.now).await?;
            return duplicate(known.id);
        }
    }
    let starts_at = given
        .or(fired.map(|fired| fired.starts_at))
        .unwrap_or(moment.now);
    let same = find::newest(connection, alarm, Said::Resolved, Some(starts_at)).await?;
    let entry = Entry {
        alarm,
        said: Said::Resolved,
        status: Status::Resolved,
        starts_at,
        repeat: next_repeat(same.as_ref(), starts_at),
    };
    stored(connection, &entry, moment).await
}

fn next_repeat(known: Option<&Known>, starts_at: i64) -> i64 {
    known
        .filter(|known| known.starts_at == starts_at)
        .map_or(0, |known| known.repeat + 1)
}

fn duplicate(id: i64) -> Result<Accepted, Fault> {
    Ok(Accepted {
        id: AlarmId(id.cast_unsigned()),
        disposition: Disposition::Duplicate,
        alarm: None,
    })
}

async fn stored(
    connection: &mut SqliteConnection,
    entry: &Entry<'_>,
    moment: Moment,
) -> Result<Accepted, Fault> {
    let id = write::insert(connection, entry, moment.now).await?;
    let alarm = entry.alarm;
    Ok(Accepted {
        id,
        disposition: Disposition::Accepted,
        alarm: Some(domain::alarm::Alarm {
            id,
            source: alarm.source.clone(),
            fingerprint: alarm.fingerprint.clone(),
            text: alarm.text.clone(),
            labels: alarm.labels.clone(),
            starts_at: time(entry.starts_at)?,
            received_at: time(moment.now)?,
            status: entry.status,
            close_with: alarm.close_with.clone(),
        }),
    })
}
