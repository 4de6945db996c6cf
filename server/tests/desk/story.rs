//! The story of a recovery: notes and stars of persons.

use super::{alarm, in_real_time, person, place, until};
use app::desk::Desk;
use app::desk::views::{RecoveryFilter, ReportOrder};
use app::error::AppError;
use domain::access::Role;
use domain::report::Options;
use domain::rule::Mode;

#[tokio::test]
async fn a_story_is_arranged_by_persons_and_only_their_own_notes_are_moved() {
    let place = place(Mode::Ask).await;
    let who = person(Role::Responder);
    let desk = &place.desk;
    place.world.power_off();
    alarm(&place, "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod").await;
    until(|| !place.store.recoveries_now().is_empty()).await;
    let id = place.store.recoveries_now()[0].id;
    desk.note(&who, id, "the rack was dark", None)
        .await
        .unwrap();
    let told = in_real_time(desk.recovery(&who, id)).await.unwrap();
    let note = told.lines.iter().find(|line| line.is_note()).unwrap().n;
    let begun = told
        .lines
        .iter()
        .find(|line| line.kind == "step_started")
        .unwrap()
        .n;
    assert!(
        !told
            .lines
            .iter()
            .any(|line| line.n == begun && line.starred)
    );
    desk.star(&who, id, begun, true).await.unwrap();
    let earlier = told.started_at - jiff::SignedDuration::from_secs(60);
    desk.move_note(&who, id, note, earlier).await.unwrap();
    // The second mark keeps what the first one said.
    desk.star(&who, id, note, false).await.unwrap();
    let told = in_real_time(desk.recovery(&who, id)).await.unwrap();
    let line = |n: u32| told.lines.iter().find(|line| line.n == n).unwrap();
    assert!(line(begun).starred && !line(note).starred);
    assert_eq!(line(note).happened_at, Some(earlier));
    assert_ne!(line(note).at, earlier, "when it was written stands beside");
    let machine = desk.move_note(&who, id, begun, earlier).await;
    assert!(matches!(&machine, Err(AppError::Invalid { field, .. }) if field == "happened_at"));
    let later = told.started_at + jiff::SignedDuration::from_hours(9);
    assert!(
        desk.move_note(&who, id, note, later).await.is_err(),
        "not in the future"
    );
    assert!(matches!(
        desk.star(&who, id, 99, true).await,
        Err(AppError::NotFound { .. })
    ));
    let viewer = desk.star(&person(Role::Viewer), id, begun, false).await;
    assert!(matches!(viewer, Err(AppError::NotAllowed { .. })));
    let story = ReportOrder {
        options: Options {
            story: true,
            ..Options::default()
        },
        ..ReportOrder::default()
    };
    let report = in_real_time(desk.report(&who, id, story)).await.unwrap();
    assert!(report.contains("Cordon the node: begun") && !report.contains("the rack was dark"));
    let totals = desk.totals(&who, &RecoveryFilter::default()).await.unwrap();
    assert_eq!((totals.found, totals.all, totals.automatic), (1, 1, 1));
    assert_eq!(desk.usual(&who, &told.cluster).await.unwrap().whole, None);
}
