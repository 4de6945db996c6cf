//! Settings that cannot be used say what is wrong and what to do.

use crate::house::{House, clock, settings};
use cluster::{Kube, Pod, Settings};
use domain::world::Sight;
use engine::ports::Cluster;
use std::error::Error;

async fn refused(settings: Settings) -> String {
    match Kube::connect(settings, clock(1.0)).await {
        Ok(_) => panic!("it was taken"),
        Err(error) => match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

#[tokio::test]
async fn every_unusable_kubeconfig_is_named_with_the_way_out() {
    let nothing = refused(settings(None)).await;
    assert!(
        nothing.contains("cluster prod") && nothing.contains("in_cluster = true"),
        "{nothing}"
    );

    let missing = refused(Settings {
        kubeconfig: Some("/nowhere/kubeconfig".into()),
        ..settings(None)
    })
    .await;
    assert!(
        missing.contains("/nowhere/kubeconfig") && missing.contains("check that it exists"),
        "{missing}"
    );

    let broken = refused(settings(Some("clusters: {".to_owned()))).await;
    assert!(
        broken.contains("the kubeconfig text cannot be used"),
        "{broken}"
    );

    let text = "apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters: [{name: a, cluster: {server: 'http://127.0.0.1:1'}}]\n\
                users: [{name: a, user: {token: secret-word}}]\ncontexts: [{name: a, context: {cluster: a, user: a}}, {name: b, context: {cluster: a, user: a}}]\n";
    let context = refused(Settings {
        context: Some("c".to_owned()),
        ..settings(Some(text.to_owned()))
    })
    .await;
    assert!(
        context.contains("has no context \"c\"") && context.contains("one of: a, b"),
        "{context}"
    );

    let pod = refused(Settings {
        pod: Some(Pod {
            server: None,
            folder: "/nowhere".into(),
        }),
        ..settings(None)
    })
    .await;
    assert!(pod.contains("service account"), "{pod}");

    let told = format!("{:?}", settings(Some(text.to_owned())));
    assert!(!told.contains("secret-word"), "{told}");
}

#[tokio::test]
async fn a_rewritten_kubeconfig_is_taken_over_when_the_old_token_ends() {
    let house = House::open(20.0).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    let good = house.world.kubeconfig();
    std::fs::write(
        &path,
        good.replace(&house.world.kubernetes_token(), "expired"),
    )
    .unwrap();
    let kube = Kube::connect(
        Settings {
            kubeconfig: Some(path.clone()),
            ..settings(None)
        },
        clock(20.0),
    )
    .await
    .unwrap();
    let mut changes = kube.changes();
    while !matches!(kube.facts().sight, Sight::Blind { why, .. } if why.contains("401")) {
        changes.changed().await.unwrap();
    }
    std::fs::write(&path, good).unwrap();
    while kube.facts().sight != Sight::Live {
        changes.changed().await.unwrap();
    }
}
