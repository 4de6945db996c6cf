//! Looking back: past recoveries by filter, and what steps usually take.

use super::lists::next;
use super::{TheDesk, errors, needs};
use app::desk::views::{List, Paging, RecoveryFilter, RecoveryItem};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::id::ClusterName;
use domain::timeline::{Usual, usual};
use engine::ports::{Page, RecoveryFilter as Filter};

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
        let page = Page {
            after: paging.after,
            limit: paging.limit,
        };
        let rows = self
            .store()
            .recoveries(&asked(filter), page)
            .await
            .map_err(errors::store)?;
        let next = next(&rows, paging, |row| row.id.0);
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(self.item(row).await?);
        }
        Ok(List { items, next })
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

fn asked(filter: &RecoveryFilter) -> Filter {
    Filter {
        cluster: filter.cluster.clone(),
        node: filter.node.clone(),
        outcome: filter.outcome,
        ..Filter::default()
    }
}
