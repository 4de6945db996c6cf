//! Names of pods.

use super::suffix;
use std::collections::BTreeSet;

#[test]
fn suffixes_do_not_repeat() {
    let drawn: BTreeSet<String> = (0..50_000).map(suffix).collect();
    assert_eq!(drawn.len(), 50_000);
}
