//! Runs every check, tells how each went, and fails at the end if one did.

use crate::door::Door;
use crate::{adapter, reads, rights, traces, watches, writes};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// How a check went when it did not fail.
pub enum Went {
    Well,
    NotRun(String),
}

pub async fn run(door: &Door) {
    let mut failed = Vec::new();
    let mut counts = (0, 0);
    door.furnish().await;
    macro_rules! check {
        ($($check:path),* $(,)?) => {
            $(match AssertUnwindSafe($check(door)).catch_unwind().await {
                Ok(Went::Well) => { counts.0 += 1; println!("ok       {}", stringify!($check)); }
                Ok(Went::NotRun(why)) => { counts.1 += 1; println!("NOT RUN: {} ({why})", stringify!($check)); }
                Err(_) => { failed.push(stringify!($check)); println!("FAILED   {}", stringify!($check)); }
            })*
        };
    }
    check!(
        reads::readyz_and_version_answer,
        reads::one_node_is_read_by_name,
        reads::a_missing_node_is_not_found,
        reads::every_kind_we_read_can_be_listed,
        reads::labels_select_by_equality_and_by_set,
        reads::fields_select_nodes_and_pods,
        reads::a_list_comes_in_pages,
        reads::a_lease_keeps_its_microseconds,
        writes::a_merge_patch_sets_and_null_removes,
        writes::a_stale_version_is_a_conflict,
        writes::cordon_and_owner_travel_in_one_patch,
        writes::a_dry_run_changes_nothing,
        writes::a_broken_object_is_refused,
        traces::a_cordon_names_the_manager_that_set_it,
        traces::events_are_chosen_by_the_node_they_are_about,
        watches::a_watch_tells_every_change_in_order,
        watches::a_watch_goes_on_from_a_version,
        watches::a_watch_has_bookmarks_and_an_end,
        watches::a_forgotten_version_is_gone,
        rights::an_unknown_token_is_unauthorized,
        rights::a_limited_token_may_read_nodes_and_not_patch_them,
        rights::an_access_review_tells_what_the_caller_may_do_itself,
        adapter::our_adapter_reads_cordons_and_uncordons,
    );
    door.clear().await;
    println!(
        "conformance: {} ok, {} not run, {} failed",
        counts.0,
        counts.1,
        failed.len()
    );
    assert!(failed.is_empty(), "failed: {failed:?}");
}
