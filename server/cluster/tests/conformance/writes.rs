//! Merge patch, its precondition, dry run.

use crate::door::{Door, NODES, version};
use crate::suite::Went;
use serde_json::json;

pub async fn a_merge_patch_sets_and_null_removes(door: &Door) -> Went {
    let path = format!("{NODES}/{}", door.node("a"));
    let before = door.get(&path).await.is(200);
    let patch =
        json!({"metadata": {"annotations": {"uncordon.dev/x": "1", "uncordon.dev/y": "2"}}});
    let after = door
        .patch(&format!("{path}?fieldManager=uncordon"), &patch)
        .await
        .is(200);
    assert_eq!(after["metadata"]["annotations"]["uncordon.dev/x"], "1");
    assert_eq!(
        after["metadata"]["labels"], before["metadata"]["labels"],
        "what is not named stays"
    );
    assert_ne!(version(&after), version(&before));
    let after = door
        .patch(
            &path,
            &json!({"metadata": {"annotations": {"uncordon.dev/x": null}}}),
        )
        .await
        .is(200);
    assert!(after["metadata"]["annotations"]["uncordon.dev/x"].is_null());
    assert_eq!(after["metadata"]["annotations"]["uncordon.dev/y"], "2");
    Went::Well
}

pub async fn a_stale_version_is_a_conflict(door: &Door) -> Went {
    let path = format!("{NODES}/{}", door.node("b"));
    let old = version(&door.get(&path).await.is(200)).to_owned();
    door.patch(
        &path,
        &json!({"metadata": {"annotations": {"uncordon.dev/x": "1"}}}),
    )
    .await
    .is(200);
    let stale = json!({"metadata": {"resourceVersion": old}, "spec": {"unschedulable": true}});
    door.patch(&path, &stale).await.refused(409, "Conflict");
    assert!(door.get(&path).await.is(200)["spec"]["unschedulable"].is_null());
    Went::Well
}

pub async fn cordon_and_owner_travel_in_one_patch(door: &Door) -> Went {
    let path = format!("{NODES}/{}", door.node("c"));
    let node = door.get(&path).await.is(200);
    let owner = "recovery=1 at=2026-01-02T03:04:05Z";
    let on = json!({"metadata": {"resourceVersion": version(&node), "annotations": {"uncordon.dev/owner": owner}},
        "spec": {"unschedulable": true}});
    let node = door.patch(&path, &on).await.is(200);
    assert_eq!(
        (
            &node["spec"]["unschedulable"],
            &node["metadata"]["annotations"]["uncordon.dev/owner"]
        ),
        (&json!(true), &json!(owner))
    );
    // A controller may add its taint meanwhile: read again, as the engine does.
    for _ in 0..5 {
        let node = door.get(&path).await.is(200);
        let off = json!({"metadata": {"resourceVersion": version(&node), "annotations": {"uncordon.dev/owner": null}},
            "spec": {"unschedulable": null}});
        let told = door.patch(&path, &off).await;
        if told.code == 409 {
            continue;
        }
        let node = told.is(200);
        assert!(node["spec"]["unschedulable"].is_null(), "{node}");
        assert!(
            node["metadata"]["annotations"]["uncordon.dev/owner"].is_null(),
            "{node}"
        );
        return Went::Well;
    }
    panic!("the node changes too often");
}

pub async fn a_dry_run_changes_nothing(door: &Door) -> Went {
    let path = format!("{NODES}/{}", door.node("a"));
    let told = door
        .patch(
            &format!("{path}?dryRun=All"),
            &json!({"spec": {"unschedulable": true}}),
        )
        .await
        .is(200);
    assert_eq!(told["spec"]["unschedulable"], true);
    assert!(door.get(&path).await.is(200)["spec"]["unschedulable"].is_null());
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": door.node("d")}});
    door.post(&format!("{NODES}?dryRun=All"), &node)
        .await
        .is(201);
    door.get(&format!("{NODES}/{}", door.node("d")))
        .await
        .refused(404, "NotFound");
    Went::Well
}

pub async fn a_broken_object_is_refused(door: &Door) -> Went {
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "Not A Name"}});
    door.post(NODES, &node).await.refused(422, "Invalid");
    let again = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": door.node("a")}});
    door.post(NODES, &again).await.refused(409, "AlreadyExists");
    Went::Well
}
