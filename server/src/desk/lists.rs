//! Lists and settings: plain reads of what is stored and configured.

use super::{TheDesk, errors, needs, show};
use app::desk::views::{AlarmView, ConfigView, List, Paging, SettingsView, SwitchView};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::guard::Switch;
use domain::id::{AlarmId, ClusterName, RecoveryId};
use domain::world::Sight;
use engine::ports::{AlarmFilter, Page};

impl TheDesk {
    pub(super) async fn read_events(
        &self,
        who: &Person,
        id: RecoveryId,
    ) -> Result<Vec<domain::event::Event>, AppError> {
        needs(who, Role::Viewer)?;
        let events = self.store().events(id).await.map_err(errors::store)?;
        if events.is_empty() {
            Err(AppError::NotFound {
                what: format!("recovery {id}"),
            })
        } else {
            Ok(events)
        }
    }

    pub(super) async fn read_alarms(
        &self,
        who: &Person,
        paging: Paging,
    ) -> Result<List<AlarmView>, AppError> {
        needs(who, Role::Viewer)?;
        let all = AlarmFilter::default();
        let rows = self.store().alarms(&all, page(paging)).await;
        let rows = rows.map_err(errors::store)?;
        let next = next(&rows, paging, |row| row.alarm.id.0);
        Ok(List {
            items: rows.into_iter().map(show::alarm).collect(),
            next,
        })
    }

    pub(super) async fn read_alarm(
        &self,
        who: &Person,
        id: AlarmId,
    ) -> Result<AlarmView, AppError> {
        needs(who, Role::Viewer)?;
        let row = self.store().alarm(id).await.map_err(errors::store)?;
        row.map(show::alarm).ok_or_else(|| AppError::NotFound {
            what: format!("alarm {id}"),
        })
    }

    pub(super) async fn read_switches(&self, who: &Person) -> Result<Vec<SwitchView>, AppError> {
        needs(who, Role::Viewer)?;
        let rows = self.store().switches().await.map_err(errors::store)?;
        let mut views: Vec<SwitchView> = rows.into_iter().map(show::switch).collect();
        let sites = self.house.engine.sites();
        let clusters = sites.iter().map(|site| Some(site.cluster.name().clone()));
        for cluster in std::iter::once(None).chain(clusters) {
            if !views.iter().any(|view| view.cluster == cluster) {
                views.push(SwitchView {
                    cluster,
                    mode: Switch::Run,
                    set_by: None,
                    set_at: None,
                    reason: None,
                    in_flight: None,
                });
            }
        }
        views.sort_by(|one, other| one.cluster.cmp(&other.cluster));
        Ok(views)
    }

    pub(super) fn read_config(&self, who: &Person) -> Result<ConfigView, AppError> {
        needs(who, Role::Viewer)?;
        let mut view = self.facts.get().config.clone();
        view.leaving = self.house.engine.leaving();
        Ok(view)
    }

    pub(super) async fn read_settings(&self, who: &Person) -> Result<SettingsView, AppError> {
        let switches = self.read_switches(who).await?;
        let state = |name: &ClusterName| match self.site(name).map(|site| site.cluster.sight()) {
            Ok(Sight::Live) => "live".to_owned(),
            Ok(Sight::Blind { since, why }) => format!("blind since {since:.0}: {why}"),
            Err(error) => error.to_string(),
        };
        let facts = self.facts.get();
        Ok(SettingsView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sandbox: facts.control.is_some(),
            speed: facts.speed.clone(),
            you: who.name.clone(),
            role: who.role,
            guards: self.read_guards().await?,
            switches,
            clusters: facts
                .clusters
                .iter()
                .map(|(name, api)| (name.clone(), api.clone(), state(name)))
                .collect(),
            sources: facts.sources.clone(),
            config_trouble: facts.config.trouble.clone(),
        })
    }
}

/// The part of a list, as the store is asked for it.
pub(super) const fn page(of: Paging) -> Page {
    Page {
        after: of.after,
        limit: of.limit,
    }
}

/// What to pass as `after` for the next part.
pub(super) fn next<T>(rows: &[T], paging: Paging, id: impl Fn(&T) -> u64) -> Option<u64> {
    (rows.len() == paging.limit as usize)
        .then(|| rows.last().map(id))
        .flatten()
}
