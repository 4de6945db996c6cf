//! Get, list, selectors, pages.

use crate::door::{Door, LEASES, NODES, names, version};
use crate::suite::Went;

pub async fn readyz_and_version_answer(door: &Door) -> Went {
    assert_eq!(door.get("/readyz").await.text.trim(), "ok");
    let body = door.get("/version").await.is(200);
    assert_eq!(body["major"], "1");
    assert!(
        body["gitVersion"]
            .as_str()
            .is_some_and(|text| text.starts_with("v1.")),
        "{body}"
    );
    Went::Well
}

pub async fn one_node_is_read_by_name(door: &Door) -> Went {
    let node = door
        .get(&format!("{NODES}/{}", door.node("a")))
        .await
        .is(200);
    assert_eq!(
        (node["kind"].as_str(), node["apiVersion"].as_str()),
        (Some("Node"), Some("v1"))
    );
    assert_eq!(node["metadata"]["name"], door.node("a"));
    for field in ["uid", "resourceVersion", "creationTimestamp"] {
        assert!(
            node["metadata"][field]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{field}"
        );
    }
    assert!(
        node["spec"]["unschedulable"].is_null(),
        "false is dropped: {node}"
    );
    Went::Well
}

pub async fn a_missing_node_is_not_found(door: &Door) -> Went {
    door.get(&format!("{NODES}/{}", door.node("nobody")))
        .await
        .refused(404, "NotFound");
    Went::Well
}

pub async fn every_kind_we_read_can_be_listed(door: &Door) -> Went {
    let paths = [
        NODES,
        LEASES,
        "/api/v1/pods",
        "/apis/apps/v1/deployments",
        "/apis/apps/v1/statefulsets",
        "/apis/apps/v1/daemonsets",
        "/api/v1/persistentvolumes",
        "/api/v1/persistentvolumeclaims",
        "/apis/storage.k8s.io/v1/csinodes",
    ];
    for path in paths {
        let list = door.get(&format!("{path}?limit=500")).await.is(200);
        assert!(
            list["kind"]
                .as_str()
                .is_some_and(|kind| kind.ends_with("List")),
            "{path}"
        );
        assert!(
            list["items"].is_array() && !version(&list).is_empty(),
            "{path}"
        );
    }
    Went::Well
}

pub async fn labels_select_by_equality_and_by_set(door: &Door) -> Went {
    let mine = door.mine();
    let cases: [(&str, &[&str]); 7] = [
        ("", &["a", "b", "c"]),
        (",tier=back", &["b", "c"]),
        (",tier!=back", &["a"]),
        (",tier+in+(front,other)", &["a"]),
        (",tier+notin+(front)", &["b", "c"]),
        (",!tier", &[]),
        (",tier", &["a", "b", "c"]),
    ];
    for (selector, letters) in cases {
        let list = door
            .get(&format!("{NODES}?labelSelector={mine}{selector}"))
            .await
            .is(200);
        let expected: Vec<String> = letters.iter().map(|letter| door.node(letter)).collect();
        assert_eq!(names(&list), expected, "{selector}");
    }
    Went::Well
}

pub async fn fields_select_nodes_and_pods(door: &Door) -> Went {
    let list = door
        .get(&format!(
            "{NODES}?fieldSelector=metadata.name={}",
            door.node("b")
        ))
        .await
        .is(200);
    assert_eq!(names(&list), [door.node("b")]);
    let all = door.get("/api/v1/pods").await.is(200);
    let count = |so: &dyn Fn(&serde_json::Value) -> bool| {
        all["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|pod| so(pod))
            .count()
    };
    for phase in ["Running", "Failed"] {
        let list = door
            .get(&format!("/api/v1/pods?fieldSelector=status.phase={phase}"))
            .await
            .is(200);
        assert_eq!(
            names(&list).len(),
            count(&|pod| pod["status"]["phase"] == phase),
            "{phase}"
        );
    }
    let node = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|pod| pod["spec"]["nodeName"].as_str());
    if let Some(node) = node {
        let list = door
            .get(&format!("/api/v1/pods?fieldSelector=spec.nodeName={node}"))
            .await
            .is(200);
        assert_eq!(
            names(&list).len(),
            count(&|pod| pod["spec"]["nodeName"] == node),
            "{node}"
        );
    }
    let none = door
        .get(&format!(
            "/api/v1/pods?fieldSelector=spec.nodeName={}",
            door.node("a")
        ))
        .await
        .is(200);
    assert_eq!(names(&none).len(), 0);
    Went::Well
}

pub async fn a_list_comes_in_pages(door: &Door) -> Went {
    let mut seen = Vec::new();
    let mut versions = Vec::new();
    let mut next = String::new();
    loop {
        let page = door
            .get(&format!(
                "{NODES}?labelSelector={}&limit=1&continue={next}",
                door.mine()
            ))
            .await
            .is(200);
        assert_eq!(names(&page).len(), 1);
        seen.extend(names(&page));
        versions.push(version(&page).to_owned());
        next = page["metadata"]["continue"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if next.is_empty() {
            break;
        }
        assert!(seen.len() < 10, "it never ends");
    }
    assert_eq!(seen, [door.node("a"), door.node("b"), door.node("c")]);
    assert!(
        versions.windows(2).all(|pair| pair[0] == pair[1]),
        "all pages are of one moment: {versions:?}"
    );
    Went::Well
}

pub async fn a_lease_keeps_its_microseconds(door: &Door) -> Went {
    let lease = door
        .get(&format!("{LEASES}/{}", door.node("a")))
        .await
        .is(200);
    assert_eq!(lease["spec"]["renewTime"], "2026-01-02T03:04:05.678901Z");
    Went::Well
}
