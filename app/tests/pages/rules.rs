//! The rule editor and the command page, drawn.

use crate::desk::Fake;
use crate::draw::{Asked, draw};
use crate::world::HOSTILE;
use app::error::AppError;
use app::{FlashKind, TypedRule};
use domain::access::Role;
use domain::rule::{Must, Pin};
use std::collections::BTreeMap;

fn pin(must: Must) -> Pin {
    Pin::new(must, HOSTILE, BTreeMap::new())
}

fn unsaved(typed: TypedRule) -> Asked {
    let error = AppError::Conflict {
        text: "Refused.".to_owned(),
    };
    Asked {
        flash: Some(FlashKind::Unsaved {
            error,
            typed: Box::new(typed),
        }),
        ..Asked::new("/rules/3")
    }
}

async fn page(path: &'static str) -> String {
    let (status, html) = draw(Fake::default(), Asked::new(path)).await;
    assert_eq!(status, 200, "{path}");
    html
}

#[tokio::test]
async fn the_editor_reads_when_then_guards_test_and_shows_the_folds() {
    let html = page("/rules/3").await;
    let mut last = 0;
    for part in [
        ">When<",
        ">Then<",
        ">Guards<",
        ">Test<",
        "id=\"verdict-text\"",
        ">Save rule<",
        ">Versions<",
    ] {
        let at = html
            .find(part)
            .unwrap_or_else(|| panic!("{part} is not there"));
        assert!(at > last, "{part} comes too early");
        last = at;
    }
    for words in [
        "Newly matched (37)",
        "No longer matched (37)",
        "All matches (37)",
        "Matches 37 of 1,204 alarms in 30 days.",
        "Also matched earlier by disk-full: this rule never sees 9 of these.",
        "Against version 2, which is live: 37 newly matched, 37 no longer matched.",
        "Version 2 is live.",
        "Revert to 1",
    ] {
        assert!(html.contains(words), "{words} is not said");
    }
}

#[tokio::test]
async fn switches_stand_beside_the_pattern_and_are_no_part_of_it() {
    let typed = |pattern: &str| {
        unsaved(TypedRule {
            pattern: pattern.to_owned(),
            ..TypedRule::default()
        })
    };
    let (_, html) = draw(Fake::default(), typed("(?m-i)HOST (?P<ip>x)")).await;
    assert!(html.contains("\nHOST (?P&lt;ip&gt;x)</textarea>"), "{html}");
    let ticked = |html: &str, id: &str| {
        let (_, rest) = html.split_once(&format!("id=\"{id}\"")).expect("a switch");
        rest.split('>')
            .next()
            .unwrap_or_default()
            .contains("checked")
    };
    assert!(ticked(&html, "multi_line") && !ticked(&html, "ignore_case"));
    let (_, html) = draw(Fake::default(), typed("HOST (?P<ip>x)")).await;
    assert!(!ticked(&html, "multi_line") && ticked(&html, "ignore_case"));
    let html = page("/rules/3?mode=ask&pattern=x&flags=on&multi_line=yes").await;
    assert!(ticked(&html, "multi_line") && !ticked(&html, "ignore_case"));
}

#[tokio::test]
async fn pins_are_shown_with_their_state_and_a_failing_one_says_that_it_blocks() {
    let pins = vec![
        pin(Must::Match),
        Pin::new(Must::NotMatch, "other", BTreeMap::new()),
    ];
    let typed = TypedRule {
        pattern: "x".to_owned(),
        pins,
        ..TypedRule::default()
    };
    let (_, html) = draw(Fake::default(), unsaved(typed)).await;
    assert!(html.contains("1: Must match") && html.contains("2: Must not match"));
    assert_eq!(html.matches("fails: blocks saving").count(), 1);
    assert!(html.contains("1 pin fails."), "{html}");
    assert!(html.contains("name=\"unpin\""));
}

#[tokio::test]
async fn a_row_is_pinned_by_a_plain_button_and_unpinned_again() {
    let html = page("/rules/3?mode=ask&pattern=x&pin=match:7").await;
    assert!(html.contains("1: Must match"), "{html}");
    let html = page("/rules/3?mode=ask&pattern=x&sample=y&pin=not_match:sample").await;
    assert!(html.contains("1: Must not match"));
    let pins = "%5B%7B%22must%22%3A%22match%22%2C%22text%22%3A%22y%22%7D%5D";
    let path: &'static str =
        Box::leak(format!("/rules/3?mode=ask&pattern=x&pins={pins}&unpin=0").into_boxed_str());
    assert!(!page(path).await.contains("id=\"pinned\""));
    assert!(
        page("/rules/3")
            .await
            .contains("formaction=\"/rules/3#test\"")
    );
}

#[tokio::test]
async fn a_conflict_lays_three_versions_side_by_side() {
    let typed = TypedRule {
        version: Some(1),
        name: "host-down".to_owned(),
        position: "9".to_owned(),
        pattern: "mine (?P<ip>x)".to_owned(),
        ..TypedRule::default()
    };
    let (_, html) = draw(Fake::default(), unsaved(typed)).await;
    assert!(html.contains("Three versions"));
    for words in ["saved version 2", "<dt>Version 1</dt>", "<dt>Yours</dt>"] {
        assert!(html.contains(words), "{words}: {html}");
    }
}

#[tokio::test]
async fn a_viewer_is_told_why_nothing_can_be_saved() {
    let viewer = Asked {
        role: Some(Role::Viewer),
        ..Asked::new("/rules/3")
    };
    let (_, html) = draw(Fake::default(), viewer).await;
    assert!(html.contains("Saving a rule needs the role admin; yours is"));
    assert!(!html.contains(">Save rule<") && !html.contains(">Revert to"));
}

#[tokio::test]
async fn a_rule_begins_from_a_past_alarm() {
    assert!(page("/rules/new").await.contains("Start from a past alarm"));
    let html = page("/rules/new?from=7").await;
    assert!(
        html.contains("(?P&lt;ip&gt;x)"),
        "the pattern is made from the alarm"
    );
    let (_, html) = draw(
        Fake {
            empty: true,
            ..Fake::default()
        },
        Asked::new("/rules"),
    )
    .await;
    assert!(html.contains("Start from a past alarm."));
}

#[tokio::test]
async fn the_command_page_reads_a_line_before_it_is_run() {
    let html = page("/command?text=10.0.0.12+startup").await;
    assert!(html.contains("class=\"reading act\"") && html.contains("value=\"10.0.0.12 startup\""));
    let html = page("/command?text=make+everything+well").await;
    assert!(
        html.contains("<mark class=\"fault\">everything</mark>"),
        "{html}"
    );
    assert!(html.contains("href=\"/command?text=10.0.0.12+startup\""));
    assert!(page("/command").await.contains("role=\"combobox\""));
}

#[tokio::test]
async fn a_shared_text_fills_the_field_and_is_never_run() {
    let html = page("/command?q=see+10.0.0.12&t=title").await;
    assert!(html.contains("value=\"10.0.0.12 startup\"") && html.contains("Nothing was run."));
    let html = page("/command?u=nothing").await;
    assert!(html.contains("It names no node that is known. Nothing was run."));
}

#[tokio::test]
async fn the_history_runs_reads_again_and_never_an_act() {
    let html = page("/command").await;
    let (_, history) = html.split_once("id=\"history\"").expect("a history");
    let (history, _) = history.split_once("id=\"examples\"").expect("examples");
    assert_eq!(history.matches(">Repeat<").count(), 4);
    assert_eq!(history.matches(">Put in the field<").count(), 4);
    assert_eq!(history.matches("name=\"text\" value=\"status\"").count(), 4);
    assert!(
        !history.contains("value=\"10.0.0.12 startup\""),
        "an act is in no form"
    );
    assert!(history.contains("4 older"));
}
