//! Faults choose their calls.

use super::{Effect, Faults, Manner, glob};

#[test]
fn a_star_stands_for_anything() {
    assert!(glob("/v2.1/servers/*/action", "/v2.1/servers/a-b/action"));
    assert!(glob("*", "/"));
    assert!(glob("/a", "/a"));
    assert!(!glob("/a", "/ab"));
    assert!(!glob("/a*c", "/ab"));
}

#[test]
fn a_fault_is_used_up_and_then_the_next_one_fits() {
    let text =
        r#"{"faults":[{"match":"PATCH /n/*","times":1,"do":"500"},{"match":"* *","do":"slow"}]}"#;
    let mut faults: Faults = serde_json::from_str(text).expect("valid");
    assert_eq!(
        faults
            .take("PATCH", "/n/1", Manner::Once)
            .map(|fault| fault.effect),
        Some(Effect::Answer(500))
    );
    assert_eq!(
        faults
            .take("PATCH", "/n/1", Manner::Once)
            .map(|fault| fault.effect),
        Some(Effect::Slow)
    );
}

#[test]
fn cutting_watches_leaves_plain_reads_alone() {
    let mut faults: Faults =
        serde_json::from_str(r#"{"faults":[{"match":"GET *","do":"cut_watch"}]}"#).expect("valid");
    assert!(faults.take("GET", "/api/v1/nodes", Manner::Once).is_none());
    assert!(faults.take("GET", "/api/v1/nodes", Manner::Watch).is_some());
    assert!(faults.cuts("/api/v1/nodes"));
}
