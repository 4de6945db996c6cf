//! Reading, starting, being refused and being cut off, as moto has it.

use crate::account::{Account, ROLE, User, by_address, seen, write_profile};
use crate::relay::{Fate, answer};
use cloud::ec2::{Ec2, KeySource};
use cloud::{Doctor, Finding};
use domain::step::Answer;
use domain::world::{MachineState, Reading};
use engine::ports::Cloud;

#[tokio::test]
async fn a_machine_in_moto_is_found_read_started_and_refused_as_its_rights_are() {
    let Some(account) = Account::new().await else {
        return;
    };
    reads_and_starts(&account).await;
    rights(&account).await;
    keys(&account).await;
    web_identity(&account).await;
    faults(&account).await;
}

async fn reads_and_starts(account: &Account) {
    let cloud = account.with_profile(&account.starter);
    let on = seen(&cloud, &account.by_id()).await;
    assert_eq!((on.state, &on.id), (MachineState::On, &account.machine));
    assert_eq!(on.zone.as_deref(), Some("us-east-1a"));
    assert_eq!(on.host.as_deref(), Some("r7-h3"));
    assert!(on.since.is_some() && on.purpose.is_none());
    assert_eq!(seen(&cloud, &by_address("10.9.1.12")).await, on);
    assert_eq!(
        cloud.machine(&by_address("10.9.1.1")).await,
        Reading::Absent
    );

    let already = cloud.start(&account.machine, "k").await;
    assert!(
        matches!(&already, Answer::AlreadyThere(why) if why == "running when the start came"),
        "{already:?}"
    );

    account.stop().await;
    let off = seen(&cloud, &account.by_id()).await;
    assert_eq!(off.state, MachineState::Off);
    assert!(
        off.purpose
            .is_some_and(|why| why.starts_with("a user stopped it")),
        "{}",
        off.detail
    );
    let done = cloud.start(&account.machine, "k").await;
    assert!(matches!(&done, Answer::Done(_)), "{done:?}");
    assert_eq!(seen(&cloud, &account.by_id()).await.state, MachineState::On);

    let gone = cloud.start("i-0123456789abcdef0", "k").await;
    assert!(
        matches!(&gone, Answer::NotFound(why) if why.contains("InvalidInstanceID.NotFound")),
        "{gone:?}"
    );
    let console = cloud.console(&account.machine).await;
    assert!(
        matches!(&console, Reading::Seen(log) if !log.is_empty()),
        "{console:?}"
    );
}

async fn rights(account: &Account) {
    let reader = account.with_profile(&account.reader);
    let denied = reader.start(&account.machine, "k").await;
    assert!(
        matches!(&denied, Answer::Denied(why) if why.contains("not authorized to perform: ec2:StartInstances")),
        "{denied:?}"
    );
    let found = reader.examine(&[account.by_id()]).await;
    let failed: Vec<String> = found.iter().filter_map(failure).collect();
    assert_eq!(failed.len(), 1, "{found:?}");
    assert!(
        failed[0].contains("ec2:StartInstances in the policy"),
        "{found:?}"
    );

    let starter = account.with_profile(&account.starter);
    let found = starter
        .examine(&[account.by_id(), by_address("10.9.1.99")])
        .await;
    assert!(
        matches!(&found[0], Finding::Well(text) if text.contains("user/starter") && text.contains("credentials")),
        "{found:?}"
    );
    assert!(
        matches!(&found[1], Finding::Well(text) if text.contains("dry run")),
        "{found:?}"
    );
    let failed: Vec<String> = found.iter().filter_map(failure).collect();
    assert!(
        failed.len() == 1 && failed[0].contains("has no machine here"),
        "{found:?}"
    );
}

fn failure(finding: &Finding) -> Option<String> {
    match finding {
        Finding::Failed(fault) => Some(fault.to_string()),
        Finding::Well(_) | Finding::Lacking(_) => None,
    }
}

/// A wrong secret is refused by its signature, and the right one is taken as soon as it is in the file.
async fn keys(account: &Account) {
    let wrong = User {
        id: account.starter.id.clone(),
        secret: "canary-wrong-secret".into(),
    };
    let cloud = account.with_profile(&wrong);
    let denied = cloud.start(&account.machine, "k").await;
    assert!(
        matches!(&denied, Answer::Denied(why) if why.contains("AuthFailure")),
        "{denied:?}"
    );
    let read = cloud.machine(&account.by_id()).await;
    assert!(
        matches!(&read, Reading::Unreadable(why) if why.contains("AuthFailure") && !why.contains("canary")),
        "{read:?}"
    );
    write_profile(&account.folder.path().join("credentials"), &account.admin);
    assert_eq!(seen(&cloud, &account.by_id()).await.state, MachineState::On);
}

async fn web_identity(account: &Account) {
    let token = account.folder.path().join("token");
    std::fs::write(&token, "canary.web.identity").unwrap();
    let cloud: Ec2 = account.cloud(KeySource::WebIdentity {
        role: ROLE.into(),
        token: token.clone(),
    });
    // moto breaks on a sign-in without a signature, which this one never has, while it checks them.
    account.checking(false).await;
    assert_eq!(seen(&cloud, &account.by_id()).await.state, MachineState::On);
    account.checking(true).await;
    let already = cloud.start(&account.machine, "k").await;
    assert!(matches!(already, Answer::AlreadyThere(_)), "{already:?}");
    assert_eq!(
        account.count("AssumeRoleWithWebIdentity"),
        1,
        "the session is kept while it lasts"
    );
}

async fn faults(account: &Account) {
    let error = |code: &str| {
        format!(
            "<Response><Errors><Error><Code>{code}</Code><Message>words</Message></Error></Errors></Response>"
        )
    };
    let fresh = || account.with_profile(&account.starter);

    account.break_next(
        "Action=StartInstances",
        answer(503, error("RequestLimitExceeded")),
    );
    let before = account.count("StartInstances");
    let throttled = fresh().start(&account.machine, "k").await;
    assert!(
        matches!(throttled, Answer::Throttled(_, None)),
        "{throttled:?}"
    );
    assert_eq!(
        account.count("StartInstances"),
        before + 1,
        "the adapter repeats nothing"
    );

    account.stop().await;
    account.break_next(
        "Action=StartInstances",
        answer(400, error("IncorrectInstanceState")),
    );
    let conflict = fresh().start(&account.machine, "k").await;
    assert!(matches!(conflict, Answer::Conflict(_)), "{conflict:?}");

    account.break_next(
        "Action=StartInstances",
        answer(500, error("InsufficientInstanceCapacity")),
    );
    let capacity = fresh().start(&account.machine, "k").await;
    assert!(matches!(capacity, Answer::Capacity(_)), "{capacity:?}");

    account.break_next("Action=StartInstances", Fate::HangUp);
    let unknown = fresh().start(&account.machine, "k").await;
    assert!(matches!(unknown, Answer::Unknown(_)), "{unknown:?}");
    assert_eq!(
        seen(&fresh(), &account.by_id()).await.state,
        MachineState::Off,
        "reading tells what became of it"
    );

    let done = fresh().start(&account.machine, "k").await;
    assert!(matches!(done, Answer::Done(_)), "{done:?}");
}
