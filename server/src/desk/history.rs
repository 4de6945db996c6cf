//! Looking back: past recoveries by filter, what steps usually take, the story and what is handed out of it.

use super::lists::{next, page};
use super::{TheDesk, errors, needs};
use app::desk::views::{List, Paging, RecoveryFilter, RecoveryItem, ReportOrder, Totals};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::event::Event;
use domain::id::{ClusterName, RecoveryId};
use domain::timeline::{Line, StoryMark, Usual, usual};
use jiff::Timestamp;

/// Recoveries of a cluster that a median is taken over, newest first.
const LOOK_BACK: u32 = 50;

impl TheDesk {
    pub(super) async fn read_recoveries(
        &self,
        who: &Person,
        filter: &RecoveryFilter,
        paging: Paging,
    ) -> Result<List<RecoveryItem>, AppError> {
        needs(who, Role::Viewer)?;
        let rows = self.store().recoveries(filter, page(paging)).await;
        let rows = rows.map_err(errors::store)?;
        let next = next(&rows, paging, |row| row.id.0);
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(self.item(row).await?);
        }
        Ok(List { items, next })
    }

    pub(super) async fn read_totals(
        &self,
        who: &Person,
        filter: &RecoveryFilter,
    ) -> Result<Totals, AppError> {
        needs(who, Role::Viewer)?;
        self.store().totals(filter).await.map_err(errors::store)
    }

    pub(super) async fn read_logs(
        &self,
        who: &Person,
        ids: &[RecoveryId],
    ) -> Result<Vec<(RecoveryId, Vec<Event>)>, AppError> {
        needs(who, Role::Viewer)?;
        self.store().logs(ids).await.map_err(errors::store)
    }

    pub(super) async fn write_report(
        &self,
        who: &Person,
        id: RecoveryId,
        order: ReportOrder,
    ) -> Result<String, AppError> {
        needs(who, Role::Viewer)?;
        let told = self.timeline_with_words(id).await?;
        let now = self.house.engine.now();
        Ok(domain::report::write(
            &told,
            now,
            order.format,
            order.options,
        ))
    }

    pub(super) async fn order_star(
        &self,
        who: &Person,
        id: RecoveryId,
        n: u32,
        starred: bool,
    ) -> Result<(), AppError> {
        let (mark, _) = self.marked(who, id, n).await?;
        let mark = StoryMark {
            starred: Some(starred),
            ..mark
        };
        let stored = self.store().mark_story(id, &mark).await;
        stored.map_err(errors::store)
    }

    pub(super) async fn order_move(
        &self,
        who: &Person,
        id: RecoveryId,
        n: u32,
        happened_at: Timestamp,
    ) -> Result<(), AppError> {
        let (mark, line) = self.marked(who, id, n).await?;
        let refused = if !line.is_note() {
            Some("Only the time of a note can be changed.")
        } else if happened_at > self.house.engine.now() {
            Some("That has not happened yet.")
        } else {
            None
        };
        if let Some(message) = refused {
            return Err(AppError::Invalid {
                field: "happened_at".to_owned(),
                message: message.to_owned(),
                position: None,
            });
        }
        let mark = StoryMark {
            happened_at: Some(happened_at),
            ..mark
        };
        let stored = self.store().mark_story(id, &mark).await;
        stored.map_err(errors::store)
    }

    /// The mark of an event as it is, signed anew, and the event in words.
    async fn marked(
        &self,
        who: &Person,
        id: RecoveryId,
        n: u32,
    ) -> Result<(StoryMark, Line), AppError> {
        needs(who, Role::Responder)?;
        let told = self.timeline(id).await?;
        let line = told.lines.into_iter().find(|line| line.n == n);
        let line = line.ok_or_else(|| AppError::NotFound {
            what: format!("event {n} of recovery {id}"),
        })?;
        let marks = self.store().story_marks(id).await.map_err(errors::store)?;
        let old = marks.into_iter().find(|mark| mark.n == n);
        let mark = StoryMark {
            n,
            starred: old.as_ref().and_then(|mark| mark.starred),
            happened_at: old.and_then(|mark| mark.happened_at),
            by: who.name.clone(),
            at: self.house.engine.now(),
        };
        Ok((mark, line))
    }

    pub(super) async fn read_usual(
        &self,
        who: &Person,
        cluster: &ClusterName,
    ) -> Result<Usual, AppError> {
        needs(who, Role::Viewer)?;
        let past = self
            .store()
            .went_well(cluster, LOOK_BACK)
            .await
            .map_err(errors::store)?;
        Ok(usual(&past))
    }
}
