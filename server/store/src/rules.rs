//! Tables `rule` and `rule_version`: the rules in force, and every text they ever had.

use crate::Fault;
use crate::column::{Columns, json, key, micros};
use domain::id::{PersonName, RuleId, RuleName};
use domain::rule::{Draft, Rule};
use engine::ports::{RuleRow, Signed, StoreError};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

fn rule_of(row: &SqliteRow) -> Result<Rule, Fault> {
    Ok(Rule {
        id: RuleId(row.id("rule")?),
        version: row.count("version")?,
        draft: row.json("draft")?,
    })
}

pub(crate) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Rule>, Fault> {
    let rows = sqlx::query(
        "select v.rule, v.version, v.draft from rule r
         join rule_version v on v.rule = r.id and v.version = r.version
         where r.in_force = 1 order by r.position, r.id",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(rule_of).collect()
}

pub(crate) async fn get(
    connection: &mut SqliteConnection,
    id: RuleId,
) -> Result<Option<Rule>, Fault> {
    let row = sqlx::query(
        "select v.rule, v.version, v.draft from rule r
         join rule_version v on v.rule = r.id and v.version = r.version
         where r.in_force = 1 and r.id = ?1",
    )
    .bind(key(id.0))
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(rule_of).transpose()
}

pub(crate) async fn versions(
    connection: &mut SqliteConnection,
    id: RuleId,
) -> Result<Vec<RuleRow>, Fault> {
    let rows = sqlx::query("select * from rule_version where rule = ?1 order by version desc")
        .bind(key(id.0))
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(RuleRow {
                rule: rule_of(row)?,
                author: row.word("author")?,
                at: row.at("at")?,
                reason: row.try_get("reason")?,
            })
        })
        .collect()
}

pub(crate) async fn add(
    connection: &mut SqliteConnection,
    draft: Draft,
    who: &PersonName,
    at: Timestamp,
) -> Result<Rule, Fault> {
    free(connection, &draft.name, None).await?;
    let id: i64 = sqlx::query_scalar(
        "insert into rule (name, position, version) values (?1, ?2, 1) returning id",
    )
    .bind(draft.name.as_str())
    .bind(draft.position)
    .fetch_one(&mut *connection)
    .await?;
    let rule = Rule {
        id: RuleId(id.cast_unsigned()),
        version: 1,
        draft,
    };
    let signed = Signed {
        who: who.clone(),
        at,
        reason: None,
    };
    keep(connection, &rule, &signed).await?;
    Ok(rule)
}

pub(crate) async fn change(
    connection: &mut SqliteConnection,
    id: RuleId,
    given: u32,
    draft: Draft,
    signed: &Signed,
) -> Result<Rule, Fault> {
    let newest = get(connection, id)
        .await?
        .ok_or_else(|| absent(id))?
        .version;
    if given != newest {
        return Err(StoreError::OldVersion { given, newest }.into());
    }
    free(connection, &draft.name, Some(id)).await?;
    let rule = Rule {
        id,
        version: newest + 1,
        draft,
    };
    sqlx::query("update rule set name = ?2, position = ?3, version = ?4 where id = ?1")
        .bind(key(id.0))
        .bind(rule.draft.name.as_str())
        .bind(rule.draft.position)
        .bind(rule.version)
        .execute(&mut *connection)
        .await?;
    keep(connection, &rule, signed).await?;
    Ok(rule)
}

pub(crate) async fn remove(connection: &mut SqliteConnection, id: RuleId) -> Result<(), Fault> {
    let done = sqlx::query("update rule set in_force = 0 where id = ?1 and in_force = 1")
        .bind(key(id.0))
        .execute(connection)
        .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(absent(id))
    }
}

async fn keep(
    connection: &mut SqliteConnection,
    rule: &Rule,
    signed: &Signed,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into rule_version (rule, version, draft, author, at, reason) values (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(key(rule.id.0))
    .bind(rule.version)
    .bind(json(&rule.draft)?)
    .bind(signed.who.as_str())
    .bind(micros(signed.at))
    .bind(&signed.reason)
    .execute(connection)
    .await?;
    Ok(())
}

/// A name is free when no other rule in force has it.
async fn free(
    connection: &mut SqliteConnection,
    name: &RuleName,
    but: Option<RuleId>,
) -> Result<(), Fault> {
    let taken = sqlx::query("select id from rule where in_force = 1 and name = ?1 and id <> ?2")
        .bind(name.as_str())
        .bind(but.map_or(0, |id| key(id.0)))
        .fetch_optional(connection)
        .await?;
    match taken {
        Some(_) => Err(StoreError::Taken(format!("the rule name {:?}", name.as_str())).into()),
        None => Ok(()),
    }
}

fn absent(id: RuleId) -> Fault {
    Fault::absent(format!("rule {id}"))
}
