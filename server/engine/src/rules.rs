//! The rules in force, compiled once and swapped as a whole.

use crate::Engine;
use crate::ports::StoreError;
use domain::rule::Rule;
use domain::rule::pattern::Armed;
use std::sync::{Arc, PoisonError};

/// Compiles stored rules; one that no longer compiles is left out and logged.
pub(crate) fn armed(rules: Vec<Rule>) -> Vec<Armed> {
    let one = |rule: Rule| {
        let name = rule.draft.name.clone();
        Armed::new(rule).inspect_err(|error| tracing::error!(rule = %name, %error, "Rule cannot be compiled and is left out")).ok()
    };
    rules.into_iter().filter_map(one).collect()
}

impl Engine {
    /// Reads all rules from the store again; call it after every change.
    pub async fn reload_rules(&self) -> Result<(), StoreError> {
        // Of two who read at the same time the later one must not be overwritten by the earlier one.
        let _one = self.inner.reading_rules.lock().await;
        let rules = armed(self.store().rules().await?);
        *self
            .inner
            .rules
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
        Ok(())
    }

    /// Reads all switches from the store again; call it after every change, while holding `throwing`.
    pub(crate) async fn reload_switches(&self) -> Result<(), StoreError> {
        let rows = self.store().switches().await?;
        *self
            .inner
            .switches
            .write()
            .unwrap_or_else(PoisonError::into_inner) = rows;
        self.wake_all();
        self.tell(crate::tell::Told::Switch);
        Ok(())
    }

    /// The compiled rules.
    pub fn rules(&self) -> Arc<Vec<Armed>> {
        Arc::clone(
            &self
                .inner
                .rules
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}
