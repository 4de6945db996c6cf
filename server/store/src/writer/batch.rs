//! One transaction for many jobs: each may fail alone, the commit counts for all.

use super::call::{Job, Parts};
use super::die_if_deadly;
use crate::fault::Fault;
use sqlx::SqliteConnection;
use tracing::warn;

/// Commits the jobs together and then answers each.
pub(super) async fn commit(connection: &mut SqliteConnection, mut jobs: Vec<Box<dyn Job>>) {
    if jobs.is_empty() {
        return;
    }
    let committed = match transaction(connection, &mut jobs).await {
        Ok(()) => Ok(()),
        Err(fault) => {
            die_if_deadly(&fault);
            // SQLite may have rolled back by itself; then this says so, and nothing is lost by asking.
            execute(connection, "rollback").await.ok();
            warn!(error = %fault, jobs = jobs.len(), "A transaction was not stored");
            Err(fault.named())
        }
    };
    for job in jobs {
        job.answer(committed.clone());
    }
}

async fn transaction(
    connection: &mut SqliteConnection,
    jobs: &mut [Box<dyn Job>],
) -> Result<(), Fault> {
    execute(connection, "begin immediate").await?;
    for job in jobs {
        match job.parts() {
            Parts::One => alone(connection, job).await?,
            Parts::Many => together(connection, job).await?,
        }
    }
    execute(connection, "commit").await
}

async fn alone(connection: &mut SqliteConnection, job: &mut Box<dyn Job>) -> Result<(), Fault> {
    match job.run(connection).await {
        Ok(()) | Err(Fault::Named(_)) => Ok(()),
        // a violated constraint undoes its statement only.
        Err(fault) if fault.constraint() => Ok(()),
        // whether SQLite has ended the transaction cannot be asked for: no job of it counts as stored.
        Err(fault) => Err(fault),
    }
}

async fn together(connection: &mut SqliteConnection, job: &mut Box<dyn Job>) -> Result<(), Fault> {
    execute(connection, "savepoint job").await?;
    if let Err(fault) = job.run(connection).await {
        die_if_deadly(&fault);
        // a full disk has ended the whole transaction: then the cause is told, not "no such savepoint".
        if execute(connection, "rollback to job").await.is_err() {
            return Err(fault);
        }
    }
    execute(connection, "release job").await
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), Fault> {
    sqlx::query(sql).execute(connection).await?;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]
mod tests {
    use crate::Sqlite;
    use crate::fault::Fault;
    use engine::ports::StoreError;

    async fn opened() -> (tempfile::TempDir, Sqlite) {
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(&folder.path().join("store.db")).await.unwrap();
        (folder, store)
    }

    #[tokio::test]
    async fn a_job_that_fails_or_breaks_takes_nothing_else_with_it() {
        let (_folder, store) = opened().await;
        let put = |key: &'static str| store.put_meta(key, "kept");
        let failing = store.write(|connection| {
            Box::pin(async move {
                sqlx::query("insert into meta (key, value) values ('lost', 'x')")
                    .execute(&mut *connection)
                    .await?;
                Err::<(), _>(Fault::failed("on purpose"))
            })
        });
        let breaking = store.write::<(), _>(|_| Box::pin(async { panic!("on purpose") }));
        let (first, failed, broke, second) =
            tokio::join!(put("one"), failing, breaking, put("two"));
        assert_eq!((first, second), (Ok(()), Ok(())));
        assert_eq!(failed, Err(StoreError::Failed("on purpose".to_owned())));
        assert_eq!(
            broke,
            Err(StoreError::Failed("a job of the writer broke".to_owned()))
        );
        assert_eq!(store.meta("lost").await, Ok(None));
        assert_eq!(store.meta("two").await, Ok(Some("kept".to_owned())));
    }

    #[tokio::test]
    async fn a_single_statement_that_breaks_a_rule_of_the_tables_fails_alone() {
        let (_folder, store) = opened().await;
        let sql = "insert into switch (scope, mode, set_by, set_at) values ('', 'maybe', 'ada', 0)";
        let breaking = store.write_one::<(), _>(move |connection| {
            Box::pin(async move { Ok(sqlx::query(sql).execute(connection).await.map(drop)?) })
        });
        let (first, broke, second) = tokio::join!(
            store.put_meta("one", "kept"),
            breaking,
            store.put_meta("two", "kept")
        );
        assert_eq!((first, second), (Ok(()), Ok(())));
        let words = broke.unwrap_err().to_string();
        assert!(words.contains("CHECK constraint failed"), "{words}");
        assert_eq!(store.meta("two").await, Ok(Some("kept".to_owned())));
    }

    #[tokio::test]
    async fn a_full_disk_is_named_and_the_store_works_again_once_there_is_room() {
        let (_folder, store) = opened().await;
        let limit = |sql: &'static str| {
            store.write(move |connection| {
                Box::pin(async move { Ok(sqlx::query(sql).execute(connection).await.map(drop)?) })
            })
        };
        limit("pragma max_page_count = 1").await.unwrap();
        let big = "x".repeat(1 << 20);
        let full = Err(StoreError::Failed("the disk is full".to_owned()));
        let (one, two) = tokio::join!(store.put_meta("one", &big), store.put_meta("two", &big));
        assert_eq!((one, two), (full.clone(), full));
        limit("pragma max_page_count = 4294967294").await.unwrap();
        assert_eq!(store.put_meta("one", &big).await, Ok(()));
    }
}
