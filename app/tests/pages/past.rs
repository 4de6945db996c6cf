//! The past: the list with its filters, and the three views of a recovery.

use crate::desk::Fake;
use crate::draw::{Asked, draw};
use domain::access::Role;
use domain::recovery::State;

const VIEWS: [&str; 5] = [
    "/recoveries/12?view=waterfall",
    "/recoveries/12?view=waterfall&scale=recovery",
    "/recoveries/12?view=story",
    "/recoveries/12?view=everything",
    "/recoveries/12?view=everything&kind=noted&zone=local",
];

fn count(html: &str, what: &str) -> usize {
    html.matches(what).count()
}

#[tokio::test]
async fn every_view_of_a_recovery_is_drawn_live_and_past_and_escapes() {
    for state in [State::Running, State::Recovered, State::NeedsHuman] {
        for page in VIEWS {
            let desk = Fake {
                state,
                ..Fake::default()
            };
            let (status, html) = draw(desk, Asked::new(page)).await;
            assert_eq!(status, 200, "{page}");
            crate::quiet(&html, page);
            assert_eq!(
                count(&html, "aria-label=\"Views of this recovery\""),
                1,
                "{page}"
            );
        }
    }
}

#[tokio::test]
async fn the_waterfall_is_a_table_whose_bars_are_for_the_eye_only() {
    let (_, html) = draw(Fake::default(), Asked::new("/recoveries/12")).await;
    for said in [
        "Alarm to first look",
        "Start the machine, try 1 failed",
        "Unaccounted",
        "Start the machine, try 2",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert_eq!(count(&html, "class=\"bars\""), 5, "four rows and the ticks");
    for pattern in [
        "url(#p-wait)",
        "url(#p-queue)",
        "url(#p-fail)",
        "class=\"b-gap\"",
        "class=\"b-run\"",
    ] {
        assert!(html.contains(pattern), "{pattern}");
    }
    assert!(
        html.contains("href=\"#bar-1\"") && html.contains(">1 failure</a>"),
        "{html}"
    );
    let page = "/recoveries/12?view=waterfall&scale=recovery";
    let (_, html) = draw(Fake::default(), Asked::new(page)).await;
    assert!(!html.contains("Alarm to first look"));
    assert_eq!(count(&html, "class=\"bars\""), 4);
}

#[tokio::test]
async fn the_story_has_the_starred_events_and_everything_has_all() {
    let (_, story) = draw(Fake::default(), Asked::new("/recoveries/12?view=story")).await;
    assert_eq!(count(&story, "data-event="), 2);
    assert_eq!(count(&story, "action=\"/do/star_event"), 2);
    assert_eq!(
        count(&story, "action=\"/do/move_note"),
        1,
        "only a note can be moved"
    );
    // The note happened before the plan was made: it stands in front of it.
    let first = story.find("data-kind=\"noted\"").expect("the note");
    assert!(first < story.find("data-kind=\"planned\"").expect("the plan"));
    let page = "/recoveries/12?view=everything";
    let (_, all) = draw(Fake::default(), Asked::new(page)).await;
    assert_eq!(count(&all, "data-event="), 3);
    assert_eq!(count(&all, "name=\"star\" value=\"yes\""), 1);
    // What we said in a chat is no event: nothing can be made of it.
    assert_eq!(count(&all, "data-kind=\"told\""), 1);
    assert_eq!(count(&all, "action=\"/do/star_event"), 3);
    let page = "/recoveries/12?view=everything&kind=noted";
    let (_, notes) = draw(Fake::default(), Asked::new(page)).await;
    assert_eq!(count(&notes, "data-event="), 1);
    assert!(notes.contains("3 hidden by the filter."));
    let page = "/recoveries/12?view=everything&kind=told";
    let (_, told) = draw(Fake::default(), Asked::new(page)).await;
    assert!(told.contains("message 1790000000.000100"));
    assert_eq!(count(&told, "data-event="), 0);
}

#[tokio::test]
async fn a_viewer_reads_the_story_and_changes_nothing() {
    for page in VIEWS {
        let viewer = Asked {
            role: Some(Role::Viewer),
            ..Asked::new(page)
        };
        let (_, html) = draw(Fake::default(), viewer).await;
        assert_eq!(count(&html, "action=\"/do/"), 0, "{page}");
    }
}

#[tokio::test]
async fn steps_say_what_they_usually_take_and_an_end_is_compared() {
    let running = Fake {
        state: State::Running,
        ..Fake::default()
    };
    let (_, html) = draw(running, Asked::new("/recoveries/12")).await;
    assert!(html.contains("usually 0:40"), "{html}");
    assert!(html.contains("You can close the app"));
    assert!(html.contains("Live updates stopped. The recovery goes on without your phone."));
    assert!(
        html.contains("Step 3 of 8"),
        "the current step stands in the head"
    );
}

#[tokio::test]
async fn events_that_cannot_be_read_are_counted_on_the_page() {
    let desk = Fake {
        unread: 2,
        ..Fake::default()
    };
    for page in VIEWS {
        let (_, html) = draw(desk.clone(), Asked::new(page)).await;
        assert!(html.contains("2 events could not be read."), "{page}");
    }
}

#[tokio::test]
async fn the_list_says_how_many_its_filters_hide_and_keeps_them_in_every_link() {
    let page = "/timeline?node=node-12&text=a%26b%20%22c&by=rule";
    let (_, html) = draw(Fake::default(), Asked::new(page)).await;
    assert!(html.contains("12 hidden by filters"), "{html}");
    for link in [
        "/timeline?text=a%26b%20%22c&amp;node=node-12&amp;by=rule&amp;after=9",
        "/timeline?text=a%26b%20%22c&amp;node=node-12&amp;by=rule&amp;outcome=needs_human",
    ] {
        assert!(
            html.contains(&format!("href=\"{link}\"")),
            "{link} in {html}"
        );
    }
    assert!(html.contains("value=\"a&amp;b &quot;c\""), "{html}");
    assert!(html.contains("66 %"), "two of three were automatic");
    assert!(html.contains("2:20"), "the median");
    let (_, html) = draw(Fake::default(), Asked::new("/timeline")).await;
    assert!(!html.contains("hidden by filters"));
}

#[tokio::test]
async fn an_empty_range_names_the_last_recovery_and_a_bad_filter_is_named() {
    let desk = Fake {
        empty: true,
        ..Fake::default()
    };
    let (_, html) = draw(desk, Asked::new("/timeline?outcome=expired")).await;
    assert!(
        html.contains("No recoveries in this range. The last one began on "),
        "{html}"
    );
    let (status, html) = draw(
        Fake::default(),
        Asked::new("/timeline?node=a%20b&since=soon"),
    )
    .await;
    assert_eq!(status, 200);
    assert!(
        html.contains("is not a node; this filter is left out."),
        "{html}"
    );
    assert!(
        html.contains("is not a day; this filter is left out."),
        "{html}"
    );
}
