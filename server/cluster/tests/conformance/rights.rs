//! 401 and 403.

use crate::door::{Door, NODES, call};
use crate::suite::Went;
use serde_json::json;

const REVIEWS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

pub async fn an_unknown_token_is_unauthorized(door: &Door) -> Went {
    call(&door.stranger, "GET", NODES, "application/json", None)
        .await
        .refused(401, "Unauthorized");
    Went::Well
}

pub async fn a_limited_token_may_read_nodes_and_not_patch_them(door: &Door) -> Went {
    let limited = match &door.limited {
        Ok(limited) => limited,
        Err(variable) => return Went::NotRun(format!("{variable} is not set")),
    };
    let path = format!("{NODES}/{}", door.node("a"));
    call(limited, "GET", &path, "application/json", None)
        .await
        .is(200);
    let patch = json!({"spec": {"unschedulable": true}});
    call(
        limited,
        "PATCH",
        &path,
        "application/merge-patch+json",
        Some(&patch),
    )
    .await
    .refused(403, "Forbidden");
    call(limited, "GET", "/api/v1/pods", "application/json", None)
        .await
        .refused(403, "Forbidden");
    Went::Well
}

pub async fn an_access_review_tells_what_the_caller_may_do_itself(door: &Door) -> Went {
    let limited = match &door.limited {
        Ok(limited) => limited,
        Err(variable) => return Went::NotRun(format!("{variable} is not set")),
    };
    for (verb, allowed) in [("list", true), ("patch", false)] {
        let asked = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {"namespace": "", "verb": verb, "group": "", "resource": "nodes"}}});
        let told = call(limited, "POST", REVIEWS, "application/json", Some(&asked)).await;
        assert_eq!(told.is(201)["status"]["allowed"], allowed, "{verb} nodes");
    }
    Went::Well
}
