//! What a path of the Kubernetes API points at.

use crate::store::Kind;

/// A subresource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sub {
    /// `/status`.
    Status,
    /// `/eviction` of a pod.
    Eviction,
    /// `/log` of a pod.
    Log,
}

/// An object, a list, or a subresource of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The kind.
    pub kind: Kind,
    /// The namespace; empty for cluster-wide kinds and for lists over all namespaces.
    pub namespace: String,
    /// The name, unless a list is meant.
    pub name: Option<String>,
    /// The subresource.
    pub sub: Option<Sub>,
}

impl Target {
    /// Reads a path; `None` when nothing is served there.
    pub fn read(path: &str) -> Option<Target> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let (group, version, rest) = match parts.as_slice() {
            ["api", version, rest @ ..] => ("", *version, rest),
            ["apis", group, version, rest @ ..] => (*group, *version, rest),
            _ => return None,
        };
        let (namespace, rest) = match rest {
            ["namespaces", namespace, plural, tail @ ..]
                if Kind::find(group, plural).is_some_and(Kind::namespaced) =>
            {
                (*namespace, [&[*plural], tail].concat())
            }
            other => ("", other.to_vec()),
        };
        let kind = Kind::find(group, rest.first()?).filter(|kind| kind.version() == version)?;
        let (name, sub) = match rest.get(1..)? {
            [] => (None, None),
            [name] => (Some((*name).to_owned()), None),
            [name, "status"] if kind.has_status() => (Some((*name).to_owned()), Some(Sub::Status)),
            [name, "eviction"] if kind == Kind::Pod => {
                (Some((*name).to_owned()), Some(Sub::Eviction))
            }
            [name, "log"] if kind == Kind::Pod => (Some((*name).to_owned()), Some(Sub::Log)),
            _ => return None,
        };
        if name.is_some() && kind.namespaced() && namespace.is_empty() {
            return None;
        }
        Some(Target {
            kind,
            namespace: namespace.to_owned(),
            name,
            sub,
        })
    }
}

#[cfg(test)]
mod tests;
