//! What needs a second word: four digits for one person, and everything where a token alone says who speaks.

use crate::{Place, TOKEN, place};
use domain::access::Role;

/// The code in a question.
fn code(text: &str) -> String {
    let (_, code) = text.split_once("confirm ").unwrap();
    code.chars().take_while(char::is_ascii_digit).collect()
}

#[tokio::test]
async fn a_start_with_a_warning_asks_back_and_only_that_person_may_answer() {
    let place = place().await;
    place.world.power_off();
    place.linked("ops", "U1", "Kato", Role::Responder).await;
    place.linked("ops", "U2", "Rosa", Role::Responder).await;
    place.says("U1", "pause the rack is worked on").await;
    place.heard().await;
    place.says("U1", "start node-12").await;
    let question = place.heard().await;
    assert!(
        question.contains("Start node-12 (10.0.0.12) in prod"),
        "{question}"
    );
    assert_eq!(place.recoveries(), 0);
    let yes = format!("confirm {}", code(&question));
    place.says("U2", &yes).await;
    assert!(
        place
            .heard()
            .await
            .contains("I asked you nothing with this code")
    );
    assert_eq!(place.recoveries(), 0);
    place.says("U1", &yes).await;
    let answer = place.heard().await;
    assert!(answer.starts_with("Starting node-12"), "{answer}");
    let id = place.engine.running()[0].id;
    let said = place.said_events(id).await;
    assert_eq!(said[0].0, "prod/node-12 startup, confirmed");
    place.says("U1", &yes).await;
    assert!(
        place
            .heard()
            .await
            .contains("I asked you nothing with this code")
    );
    assert_eq!(place.recoveries(), 1);
}

#[tokio::test]
async fn a_yes_on_facts_that_changed_does_nothing() {
    let place = place().await;
    place.world.power_off();
    place.linked("ops", "U1", "Kato", Role::Responder).await;
    place.says("U1", "pause the rack is worked on").await;
    place.heard().await;
    place.says("U1", "start node-12").await;
    let question = place.heard().await;
    place.world.cordon_by_hand();
    place
        .says("U1", &format!("confirm {}", code(&question)))
        .await;
    let answer = place.heard().await;
    assert!(answer.contains("Nothing was started"), "{answer}");
    assert_eq!(place.recoveries(), 0);
}

async fn slash(place: &Place, user: &str, text: &str, trigger: &str) -> u16 {
    let body = format!(
        "token={TOKEN}&channel_id=town&user_id={user}&command=%2Funcordon&text={}&trigger_id={trigger}",
        text.replace(' ', "+")
    );
    let header = |name: &str| match name {
        "authorization" => Some("Token slash-token"),
        "content-type" => Some("application/x-www-form-urlencoded"),
        _ => None,
    };
    place.hook("matter", &header, &body).await
}

#[tokio::test]
async fn where_a_token_alone_says_who_speaks_every_act_is_asked_back_in_private() {
    let place = place().await;
    place.world.power_off();
    place
        .linked("matter", "kato", "Kato", Role::Responder)
        .await;
    assert_eq!(slash(&place, "kato", "10.0.0.12 startup", "t1").await, 200);
    let mut said = place.said.lock().await;
    let (_, question) = said.recv().await.unwrap();
    drop(said);
    assert_eq!(question["channel_id"], "direct", "{question}");
    assert_eq!(place.recoveries(), 0);
    let code = code(question["message"].as_str().unwrap());
    assert_eq!(
        slash(&place, "kato", &format!("confirm {code}"), "t2").await,
        200
    );
    let answer = place.heard().await;
    assert!(answer.starts_with("Starting node"), "{answer}");
    assert_eq!(place.recoveries(), 1);
}
