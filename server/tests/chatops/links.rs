//! Who somebody is in a chat: nobody without a link, and the person of the link with today's role.

use crate::{name, place};
use domain::access::Role;

#[tokio::test]
async fn who_is_not_linked_is_told_how_and_reads_help_only() {
    let place = place().await;
    place.world.power_off();
    place.says("U1", "10.0.0.12 startup").await;
    let (call, text) = place.hears().await;
    assert!(text.contains("say here: link "), "{text}");
    assert_eq!(call, "chat.postEphemeral", "only that user sees it");
    place.says("U1", "status").await;
    assert!(place.heard().await.contains("I do not know you"));
    place.says("U1", "help").await;
    assert!(place.heard().await.contains("startup"));
    assert_eq!(place.recoveries(), 0);
}

#[tokio::test]
async fn a_link_makes_a_user_a_person_and_its_role_is_read_anew_each_time() {
    let place = place().await;
    place.world.power_off();
    let code = place.code_of("Kato", Role::Viewer).await;
    place.says("U1", &format!("link {code}")).await;
    assert_eq!(
        place.heard().await,
        "From now on you are Kato here, viewer."
    );
    place.says("U2", &format!("link {code}")).await;
    assert!(place.heard().await.contains("wrong, used or too old"));
    place.says("U1", "10.0.0.12 startup").await;
    assert!(place.heard().await.contains("needs the role responder"));
    assert_eq!(place.recoveries(), 0);
    place
        .store
        .set_role(&name("Kato"), Role::Responder)
        .await
        .unwrap();
    place.says("U1", "10.0.0.12 startup").await;
    assert!(
        place
            .heard()
            .await
            .starts_with("Starting node-12 (10.0.0.12) in prod")
    );
    assert_eq!(place.recoveries(), 1);
    place.store.remove_person(&name("Kato")).await.unwrap();
    place.says("U1", "status").await;
    assert!(place.heard().await.contains("I do not know you"));
}

#[tokio::test]
async fn codes_are_not_guessed() {
    let place = place().await;
    let code = place.code_of("Kato", Role::Admin).await;
    for guess in 0..5 {
        place.says("U1", &format!("link 9999000{guess}")).await;
        assert!(place.heard().await.contains("wrong, used or too old"));
    }
    place.says("U1", &format!("link {code}")).await;
    assert!(place.heard().await.contains("Too many wrong codes"));
    // Somebody else's guesses are not held against the person who has the code.
    place.says("U2", &format!("link {code}")).await;
    assert!(place.heard().await.contains("you are Kato"));
}
