//! What is sent, and the class of each answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::{answer, cordoned, marked, uncordoned};
use crate::ask::Trouble;
use domain::id::{PersonName, RecoveryId};
use domain::step::Answer;
use domain::world::{HolderMark, OwnerMark};
use engine::ports::Marking;
use serde_json::json;

#[test]
fn the_patch_names_its_version_and_its_owner() {
    let mark = OwnerMark {
        recovery: RecoveryId(1042),
        at: "2026-01-02T03:04:05Z".parse().unwrap(),
    };
    let expected = json!({
        "metadata": {"resourceVersion": "7", "annotations": {"uncordon.dev/owner": "recovery=1042 at=2026-01-02T03:04:05Z"}},
        "spec": {"unschedulable": true},
    });
    assert_eq!(cordoned("7", mark), expected);
    let expected = json!({
        "metadata": {"resourceVersion": "7", "annotations": {"uncordon.dev/owner": null}},
        "spec": {"unschedulable": null},
    });
    assert_eq!(uncordoned("7"), expected);
}

#[test]
fn a_marking_names_its_version_and_touches_nothing_but_the_owner() {
    let at = "2026-01-02T03:04:05Z".parse().unwrap();
    let recovery = RecoveryId(1042);
    let person = PersonName::parse("ada").unwrap();
    for (mark, owner) in [
        (
            Marking::Recovery(OwnerMark { recovery, at }),
            json!("recovery=1042 at=2026-01-02T03:04:05Z"),
        ),
        (
            Marking::Person(HolderMark { person, at }),
            json!("person=ada at=2026-01-02T03:04:05Z"),
        ),
        (Marking::Nobody, json!(null)),
    ] {
        let expected = json!({
            "metadata": {"resourceVersion": "7", "annotations": {"uncordon.dev/owner": owner}},
        });
        assert_eq!(marked("7", &mark), expected);
    }
}

#[test]
fn every_trouble_has_its_class() {
    let status = |code, retry_after| {
        answer(Err(Trouble::Status {
            code,
            message: "no".to_owned(),
            retry_after,
        }))
    };
    assert!(matches!(status(409, None), Answer::Conflict(_)));
    assert!(matches!(status(401, None), Answer::Denied(_)));
    assert!(matches!(status(403, None), Answer::Denied(_)));
    assert!(matches!(status(404, None), Answer::NotFound(_)));
    assert!(matches!(
        status(429, Some(10)),
        Answer::Throttled(_, Some(10))
    ));
    assert!(matches!(status(429, None), Answer::Throttled(_, None)));
    assert!(matches!(status(422, None), Answer::Refused(_)));
    assert!(matches!(status(302, None), Answer::Refused(_)));
    for code in [500, 502, 503] {
        assert!(matches!(status(code, None), Answer::Retryable(_)), "{code}");
    }
    assert!(matches!(
        answer(Err(Trouble::NotSent("refused".to_owned()))),
        Answer::Retryable(_)
    ));
    for unsure in [
        Trouble::Lost("reset".to_owned()),
        Trouble::Silent(8),
        Trouble::Garbled {
            what: "a node",
            why: String::new(),
        },
    ] {
        assert!(matches!(answer(Err(unsure)), Answer::Unknown(_)));
    }
    assert!(
        matches!(status(504, None), Answer::Unknown(_)),
        "the store may have written it"
    );
}
