//! A rule of a role, and what somebody attempts.

use serde::{Deserialize, Serialize};

/// One rule of a role.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// Groups; the core group is empty.
    pub api_groups: Vec<String>,
    /// Plurals; a subresource as `pods/eviction`.
    pub resources: Vec<String>,
    /// Verbs.
    pub verbs: Vec<String>,
    /// Only objects of these names; empty for all.
    #[serde(default)]
    pub resource_names: Vec<String>,
    /// Only in this namespace, as a Role is; absent for everywhere, as a ClusterRole is.
    #[serde(default)]
    pub namespace: Option<String>,
}

/// What somebody wants to do, as the API server sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Attempt {
    /// `get`, `list`, `watch`, `create`, `update`, `patch` or `delete`.
    pub verb: String,
    /// Group; the core group is empty.
    pub group: String,
    /// Plural; a subresource as `pods/eviction`.
    pub resource: String,
    /// Namespace; empty at the cluster scope and for all namespaces.
    pub namespace: String,
    /// Name; not kept in the record of what was used.
    #[serde(skip)]
    pub name: String,
}

impl Rule {
    /// Whether it allows this.
    pub fn allows(&self, attempt: &Attempt) -> bool {
        let has = |list: &[String], word: &str| list.iter().any(|one| one == "*" || one == word);
        let named = self.resource_names.is_empty()
            || (!attempt.name.is_empty() && self.resource_names.contains(&attempt.name));
        has(&self.verbs, &attempt.verb)
            && has(&self.api_groups, &attempt.group)
            && has(&self.resources, &attempt.resource)
            && named
            && self
                .namespace
                .as_ref()
                .is_none_or(|one| *one == attempt.namespace)
    }
}

#[cfg(test)]
mod tests;
