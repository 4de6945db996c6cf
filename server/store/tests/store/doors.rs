//! Invites, people, tokens, codes, attempts, idempotency keys and the audit.

use crate::make::{at, person, place};
use domain::access::Role;
use engine::ports::{Page, StoreError};
use jiff::SignedDuration;
use store::accounts::{Attempt, Begun, Hash, Invite, NewAudit, Uses};

fn invite(uses: Uses) -> Invite {
    Invite {
        name: person("ada"),
        role: Role::Responder,
        uses,
        expires_at: at(900),
    }
}

#[tokio::test]
async fn an_invite_works_once_before_its_end_and_looking_at_it_does_not_use_it() {
    let place = place().await;
    let hash = Hash::of("secret");
    place
        .store
        .add_invite(hash, &invite(Uses::Once), at(0))
        .await
        .unwrap();
    assert_eq!(
        place.store.invite(hash, at(1)).await,
        Ok(Some(invite(Uses::Once)))
    );
    assert_eq!(place.store.invite(Hash::of("other"), at(1)).await, Ok(None));
    assert_eq!(place.store.use_invite(hash, at(900)).await, Ok(None));
    let (one, two) = tokio::join!(
        place.store.use_invite(hash, at(2)),
        place.store.use_invite(hash, at(2))
    );
    let accounts: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].role, Role::Responder);
    assert_eq!(place.store.invite(hash, at(3)).await, Ok(None));
    assert_eq!(place.store.people().await.unwrap(), accounts);
}

#[tokio::test]
async fn the_sandboxs_link_works_until_it_expires() {
    let place = place().await;
    let hash = Hash::of("secret");
    place
        .store
        .add_invite(hash, &invite(Uses::UntilExpired), at(0))
        .await
        .unwrap();
    for seconds in [1, 2, 899] {
        assert!(
            place
                .store
                .use_invite(hash, at(seconds))
                .await
                .unwrap()
                .is_some()
        );
    }
    assert_eq!(place.store.use_invite(hash, at(900)).await, Ok(None));
}

#[tokio::test]
async fn people_change_roles_and_go() {
    let place = place().await;
    place
        .store
        .add_invite(Hash::of("x"), &invite(Uses::Once), at(0))
        .await
        .unwrap();
    place.store.use_invite(Hash::of("x"), at(1)).await.unwrap();
    let ada = person("ada");
    place.store.set_role(&ada, Role::Admin).await.unwrap();
    assert_eq!(
        place.store.person(&ada).await.unwrap().unwrap().role,
        Role::Admin
    );
    place.store.remove_person(&ada).await.unwrap();
    let absent = Err(StoreError::Absent("the person ada".to_owned()));
    assert_eq!(place.store.remove_person(&ada).await, absent);
    assert_eq!(place.store.set_role(&ada, Role::Admin).await, absent);
    assert_eq!(place.store.person(&ada).await, Ok(None));
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_until_it_is_revoked() {
    let place = place().await;
    let ci = person("ci");
    let hash = Hash::of("secret");
    let token = place
        .store
        .add_token(&ci, Role::Viewer, hash, at(0))
        .await
        .unwrap();
    let again = place
        .store
        .add_token(&ci, Role::Viewer, Hash::of("x"), at(0))
        .await;
    assert_eq!(
        again,
        Err(StoreError::Taken("the token name \"ci\"".to_owned()))
    );
    place.store.token_used(&token, at(5)).await.unwrap();
    let used = place.store.token(hash).await.unwrap().unwrap();
    assert_eq!(used.last_used_at, Some(at(5)));
    place.store.token_used(&used, at(64)).await.unwrap();
    assert_eq!(place.store.token(hash).await.unwrap().unwrap(), used);
    place.store.revoke_token(token.id, at(70)).await.unwrap();
    assert_eq!(place.store.token(hash).await, Ok(None));
    assert!(place.store.revoke_token(token.id, at(71)).await.is_err());
    assert_eq!(
        place.store.tokens().await.unwrap()[0].revoked_at,
        Some(at(70))
    );
    assert!(
        place
            .store
            .add_token(&ci, Role::Viewer, Hash::of("x"), at(80))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_code_signs_its_person_in_once_and_dies_of_age_or_guesses() {
    let place = place().await;
    place
        .store
        .add_invite(Hash::of("x"), &invite(Uses::Once), at(0))
        .await
        .unwrap();
    place.store.use_invite(Hash::of("x"), at(0)).await.unwrap();
    let (ada, code) = (person("ada"), Hash::of("123456"));
    let show = async || {
        place
            .store
            .show_code(&ada, code, at(300), at(0))
            .await
            .unwrap();
    };
    show().await;
    assert_eq!(place.store.use_code(code, at(300)).await, Ok(None));
    assert_eq!(
        place
            .store
            .use_code(code, at(1))
            .await
            .unwrap()
            .unwrap()
            .name,
        ada
    );
    assert_eq!(place.store.use_code(code, at(1)).await, Ok(None));
    show().await;
    for _ in 0..5 {
        assert_eq!(
            place.store.use_code(Hash::of("000000"), at(2)).await,
            Ok(None)
        );
    }
    assert_eq!(place.store.use_code(code, at(3)).await, Ok(None));
    show().await;
    let same = place
        .store
        .show_code(&person("bob"), code, at(300), at(0))
        .await;
    assert_eq!(same, Err(StoreError::Taken("this code".to_owned())));
}

#[tokio::test]
async fn five_attempts_in_fifteen_minutes_then_a_wait_that_is_told() {
    let place = place().await;
    for seconds in 0..5 {
        assert_eq!(
            place.store.attempt("10.0.0.1", at(seconds)).await,
            Ok(Attempt::Allowed)
        );
    }
    let wait = Attempt::RetryAfter(SignedDuration::from_secs(890));
    assert_eq!(place.store.attempt("10.0.0.1", at(10)).await, Ok(wait));
    assert_eq!(
        place.store.attempt("10.0.0.2", at(10)).await,
        Ok(Attempt::Allowed)
    );
    assert_eq!(
        place.store.attempt("10.0.0.1", at(900)).await,
        Ok(Attempt::Allowed)
    );
    assert_ne!(
        place.store.attempt("10.0.0.1", at(900)).await,
        Ok(Attempt::Allowed)
    );
    place.store.forget_attempts("10.0.0.1").await.unwrap();
    assert_eq!(
        place.store.attempt("10.0.0.1", at(900)).await,
        Ok(Attempt::Allowed)
    );
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let place = place().await;
    let (ada, body) = (person("ada"), Hash::of("{}"));
    let begin = async |who: &str, body, seconds| {
        place
            .store
            .begin_request(&person(who), "k", body, at(seconds))
            .await
            .unwrap()
    };
    assert_eq!(begin("ada", body, 0).await, Begun::Fresh);
    assert_eq!(begin("ada", body, 1).await, Begun::InProgress);
    assert_eq!(begin("ada", Hash::of("[]"), 1).await, Begun::OtherBody);
    assert_eq!(begin("bob", body, 1).await, Begun::Fresh);
    place
        .store
        .finish_request(&ada, "k", 202, "{\"recovery_id\":1}")
        .await
        .unwrap();
    place.store.drop_request(&ada, "k").await.unwrap();
    let done = Begun::Done(202, "{\"recovery_id\":1}".to_owned());
    assert_eq!(begin("ada", body, 2).await, done);
    assert_eq!(place.store.drop_unfinished_requests().await, Ok(1));
    assert_eq!(begin("ada", body, 86_399).await, done);
    assert_eq!(begin("ada", body, 86_400).await, Begun::Fresh);
    place.store.drop_request(&ada, "k").await.unwrap();
    assert_eq!(begin("ada", body, 86_401).await, Begun::Fresh);
    assert!(
        place
            .store
            .finish_request(&ada, "never", 200, "")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_audit_is_kept_as_written() {
    let place = place().await;
    let row = NewAudit {
        at: at(0),
        actor: "ada".to_owned(),
        door: "page".to_owned(),
        action: "throw_switch".to_owned(),
        target: "prod".to_owned(),
        detail: "freeze".to_owned(),
    };
    place.store.audit(&row).await.unwrap();
    let page = Page {
        after: None,
        limit: 10,
    };
    assert_eq!(place.store.audits(page).await.unwrap()[0].what, row);
    for sql in ["update audit set actor = 'bob'", "delete from audit"] {
        assert!(place.tamper(sql).await.contains("audit is append-only"));
    }
}
