//! Selectors read and match.

use super::{all_hold, fields_from_query, from_query};
use serde_json::json;

#[test]
fn equality_and_set_based_terms_are_joined_by_and() {
    let labels = json!({"app": "web", "zone": "a"});
    let holds = |query| all_hold(&from_query(query).expect("parses"), &labels);
    assert!(holds("app=web,zone in (a,b)"));
    assert!(holds("app==web,tier!=front,!tier,zone"));
    assert!(!holds("zone notin (a, b)"));
    assert!(!holds("tier"));
}

#[test]
fn a_selector_that_cannot_be_read_is_refused() {
    assert!(from_query("app in (a").is_err());
    assert!(from_query("app near (a)").is_err());
    assert!(fields_from_query("spec.colour=red").is_err());
}

#[test]
fn an_absent_field_equals_the_empty_text() {
    let terms = fields_from_query("spec.nodeName=,status.phase!=Failed").expect("parses");
    assert!(
        terms
            .iter()
            .all(|term| term.holds(&json!({"status": {"phase": "Pending"}})))
    );
}
