//! Table `impact_sample`: what people felt of a failure, moment by moment.

use crate::Fault;
use crate::column::{Columns, key, micros};
use domain::id::RecoveryId;
use domain::impact::{Moment, Sample};
use sqlx::{Row, SqliteConnection};

pub(crate) async fn of(
    connection: &mut SqliteConnection,
    id: RecoveryId,
) -> Result<Vec<Sample>, Fault> {
    let rows = sqlx::query("select * from impact_sample where recovery_id = ?1 order by at, n")
        .bind(key(id.0))
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Sample {
                moment: Moment {
                    n: row.count("n")?,
                    at: row.at("at")?,
                    of: row.try_get("of")?,
                },
                what: row.try_get("what")?,
                value: row.try_get("value")?,
                why: row.try_get("why")?,
            })
        })
        .collect()
}

/// Of two that measured the same moment the first one stays.
pub(crate) async fn keep(
    connection: &mut SqliteConnection,
    id: RecoveryId,
    sample: &Sample,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into impact_sample (recovery_id, n, at, of, what, value, why)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict (recovery_id, n) do nothing",
    )
    .bind(key(id.0))
    .bind(sample.moment.n)
    .bind(micros(sample.moment.at))
    .bind(&sample.moment.of)
    .bind(&sample.what)
    .bind(sample.value)
    .bind(&sample.why)
    .execute(connection)
    .await?;
    Ok(())
}
