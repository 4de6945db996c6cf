//! What a person chose for themselves.

use super::{TheDesk, errors, needs};
use app::desk::views::{PreferenceKey, Preferences};
use app::error::AppError;
use domain::access::{Person, Role};
use jiff::Timestamp;

impl TheDesk {
    pub(super) async fn read_preferences(&self, who: &Person) -> Result<Preferences, AppError> {
        needs(who, Role::Viewer)?;
        let rows = self.house.store.preferences(&who.name).await;
        let mut mine = Preferences::default();
        for (key, word) in rows.map_err(errors::store)? {
            // A choice of a version to come changes nothing here.
            if let Some(key) = PreferenceKey::ALL.into_iter().find(|one| one.word() == key) {
                mine.set(key, &word);
            }
        }
        Ok(mine)
    }

    pub(super) async fn choose(
        &self,
        who: &Person,
        key: PreferenceKey,
        word: &str,
    ) -> Result<Preferences, AppError> {
        needs(who, Role::Viewer)?;
        if !key.choices().contains(&word) {
            return Err(AppError::Invalid {
                field: key.word().to_owned(),
                message: format!("{word:?} is none of: {}", key.choices().join(", ")),
                position: None,
            });
        }
        self.house
            .store
            .set_preference(&who.name, key.word(), word, Timestamp::now())
            .await
            .map_err(errors::store)?;
        self.read_preferences(who).await
    }
}
