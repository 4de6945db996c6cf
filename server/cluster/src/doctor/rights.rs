//! What our account may do, asked of the API server itself by SelfSubjectAccessReview.

use super::Finding;
use crate::ask::{self, Trouble};
use crate::rights::{Need, RIGHTS, Right};
use futures::future::join_all;
use http::{Request, header};
use kube::Client;
use serde::Deserialize;
use serde_json::json;

const PATH: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
/// The manifest that grants all of it.
const MANIFEST: &str = "server/deploy/rbac.yaml";
/// What an account of ours should never be able to do: verb, group, resource.
const TOO_MUCH: [(&str, &str, &str); 4] = [
    ("list", "", "secrets"),
    ("delete", "", "nodes"),
    ("create", "", "pods"),
    ("create", "rbac.authorization.k8s.io", "clusterrolebindings"),
];

/// Asks for every right we use, and for some that we must not have. `Err`: nobody may ask, for no right is the reason.
pub async fn review(client: &Client) -> Result<Vec<Finding>, Trouble> {
    let asked = RIGHTS.iter().flat_map(|right| {
        let verbs = right.verbs.iter();
        verbs.map(move |verb| async move {
            (
                right,
                *verb,
                may(client, verb, right.group, right.resource, right.namespace).await,
            )
        })
    });
    let mut missing: Vec<(&Right, Vec<&str>)> = Vec::new();
    for (right, verb, told) in join_all(asked).await {
        match told {
            Ok(true) => {}
            Ok(false) => match missing.last_mut() {
                Some((last, verbs)) if *last == right => verbs.push(verb),
                Some(_) | None => missing.push((right, vec![verb])),
            },
            Err(trouble) if trouble.code() == Some(403) => return Ok(vec![unasked(&trouble)]),
            Err(trouble) => return Err(trouble),
        }
    }
    let mut findings: Vec<Finding> = missing.iter().map(|one| lacking(one)).collect();
    if findings.is_empty() {
        findings.push(Finding::Well(format!(
            "every right of {MANIFEST} is granted"
        )));
    }
    findings.extend(too_much(client).await);
    Ok(findings)
}

fn lacking((right, verbs): &(&Right, Vec<&str>)) -> Finding {
    let what = format!("our account may not {} {}", verbs.join(", "), right.text());
    let out = format!("grant it (kubectl apply -f {MANIFEST})");
    match right.need {
        Need::Must => Finding::Failed(format!("{what}; it is needed for: {}; {out}", right.why)),
        Need::May(without) => Finding::Lacking(format!("{what}: {without}; {out}")),
    }
}

fn unasked(trouble: &Trouble) -> Finding {
    Finding::Lacking(format!(
        "{trouble}: what our account may do cannot be asked; bind it to the ClusterRole system:basic-user"
    ))
}

/// What our account may do although nothing here ever does it.
async fn too_much(client: &Client) -> Option<Finding> {
    let asked = TOO_MUCH.map(|(verb, group, resource)| async move {
        let told = may(client, verb, group, resource, None).await;
        (told == Ok(true)).then(|| format!("{verb} {resource}"))
    });
    let can: Vec<String> = join_all(asked).await.into_iter().flatten().collect();
    if can.is_empty() {
        return None;
    }
    Some(Finding::Lacking(format!(
        "our account may also {}, which Uncordon never does: whoever takes it over may do the same; give it the role of {MANIFEST} and no other",
        can.join(", ")
    )))
}

/// What of a right our account lacks in a namespace; `Err`: it cannot be asked.
pub async fn lacks(
    client: &Client,
    right: &Right,
    namespace: &str,
) -> Result<Vec<&'static str>, Trouble> {
    let mut lacking = Vec::new();
    for verb in right.verbs {
        if !may(client, verb, right.group, right.resource, Some(namespace)).await? {
            lacking.push(*verb);
        }
    }
    Ok(lacking)
}

async fn may(
    client: &Client,
    verb: &str,
    group: &str,
    resource: &str,
    namespace: Option<&str>,
) -> Result<bool, Trouble> {
    #[derive(Deserialize)]
    struct Review {
        status: Status,
    }
    #[derive(Deserialize)]
    struct Status {
        allowed: bool,
    }
    let body = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {
            "namespace": namespace.unwrap_or_default(), "verb": verb, "group": group, "resource": resource,
        }},
    });
    let request = Request::post(PATH)
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.to_string().into_bytes())
        .map_err(|error| ask::unasked(&error))?;
    let told = ask::in_time(ask::send(client, request)).await?;
    let review: Review = ask::parse("an access review", &told)?;
    Ok(review.status.allowed)
}
