//! Rules allow what they name and nothing beside it.

use super::{Attempt, Rule};

fn rule(namespace: Option<&str>, names: &[&str]) -> Rule {
    let words = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
    Rule {
        api_groups: words(&["coordination.k8s.io"]),
        resources: words(&["leases"]),
        verbs: words(&["get", "list"]),
        resource_names: words(names),
        namespace: namespace.map(str::to_owned),
    }
}

fn attempt(verb: &str, namespace: &str, name: &str) -> Attempt {
    Attempt {
        verb: verb.to_owned(),
        group: "coordination.k8s.io".to_owned(),
        resource: "leases".to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}

#[test]
fn a_role_is_good_for_its_namespace_and_a_cluster_role_for_all() {
    let role = rule(Some("kube-node-lease"), &[]);
    assert!(role.allows(&attempt("list", "kube-node-lease", "")));
    assert!(!role.allows(&attempt("list", "", "")), "all namespaces");
    assert!(!role.allows(&attempt("list", "default", "")));
    assert!(!role.allows(&attempt("watch", "kube-node-lease", "")));
    assert!(rule(None, &[]).allows(&attempt("get", "default", "a")));
}

#[test]
fn a_rule_of_names_allows_no_list() {
    let named = rule(None, &["a"]);
    assert!(named.allows(&attempt("get", "default", "a")));
    assert!(!named.allows(&attempt("get", "default", "b")));
    assert!(!named.allows(&attempt("list", "default", "")));
}
